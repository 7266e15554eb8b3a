/**
 * Load on the tracking API: who sends, how, and what came of it. Runs in a process of its own, so that sending
 * takes nothing from the server's process. Knows nothing of how it is judged.
 */
import { Agent, request } from 'node:http';
import { trackOf } from './sent-events.ts';

export interface LoadSpec {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly path: '/v1/batch' | '/v1/track';
  /** Connections; each sends its next call when the one before is answered. */
  readonly clients: number;
  /** Events of one call. */
  readonly batch: number;
  readonly seconds: number;
  /** Number of the first event. */
  readonly from: number;
}

export interface LoadResult {
  readonly events: number;
  readonly ms: number;
  /** Milliseconds of each call, in order of size. */
  readonly took: readonly number[];
  readonly failed: number;
}

/** Sends for so long; every answer is waited for. */
export async function runLoad({ url, path, clients, batch, seconds, from }: LoadSpec): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const took: number[] = [];
  let failed = 0;
  let next = from;
  const begun = performance.now();
  const until = begun + seconds * 1000;
  const client = async (): Promise<void> => {
    while (performance.now() < until) {
      const events = Array.from({ length: batch }, () => trackOf(next++));
      const body = JSON.stringify(path === '/v1/batch' ? { batch: events } : events[0]);
      const sent = performance.now();
      const status = await post(agent, `${url}${path}`, body);
      took.push(performance.now() - sent);
      if (status !== 200) failed += 1;
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  agent.destroy();
  const ms = performance.now() - begun;
  return { events: (took.length - failed) * batch, ms, failed, took: took.sort((a, b) => a - b) };
}

function post(agent: Agent, url: string, body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const call = request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode ?? 0));
    });
    call.on('error', reject);
    call.end(body);
  });
}
