/** Starts the product's HTTP server beside a store, in a process of its own, as it runs in production. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Connection } from '../../server/engine/client.ts';
import { projectRoot } from '../../server/engine/project.ts';
import { goingOn } from './product.ts';

export interface Question {
  readonly document: string;
  readonly variables: object;
}

export interface BenchServer {
  readonly pid: number;
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** Asks over HTTP; throws with the messages when there are errors. */
  ask<T = unknown>(question: Question): Promise<T>;
  close(): Promise<void>;
}

/** Every answer is computed when it is asked for. */
export function uncachedServer(connection: Connection): Promise<BenchServer> {
  return start(connection, 'uncached');
}

/** Answers are kept, as in production. */
export function cachedServer(connection: Connection): Promise<BenchServer> {
  return start(connection, 'cached');
}

export interface LiveServer extends BenchServer {
  /** What the server takes for now, in milliseconds since 1970. */
  readonly clock: () => number;
}

/** As in production, with a clock that goes on from where the generated history ends. */
export async function liveServer(connection: Connection): Promise<LiveServer> {
  const begunMs = Date.now();
  const server = await start(connection, 'live', String(begunMs));
  return { ...server, clock: goingOn(begunMs) };
}

/** As one browser's connections would, but as many as are asked for. */
const agent = new Agent({ keepAlive: true, maxSockets: Infinity });

type Mode = 'cached' | 'uncached' | 'live';

async function start(connection: Connection, mode: Mode, ...more: readonly string[]): Promise<BenchServer> {
  const { url, user, password, database } = connection;
  const child = fork(
    join(projectRoot(), 'dist/server/bench-server.js'),
    [JSON.stringify({ url, user, password, database }), mode, ...more],
    { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] },
  );
  const ended = once(child, 'exit');
  const [address] = (await Promise.race([
    once(child, 'message'),
    ended.then(() => Promise.reject(new Error('the server did not start'))),
  ])) as [string];
  return {
    pid: child.pid ?? 0,
    url: address,
    async ask<T>({ document, variables }: Question) {
      const text = await post(`${address}/graphql`, JSON.stringify({ query: document, variables }));
      const { data, errors } = JSON.parse(text) as { data: T; errors?: readonly { message: string }[] };
      if (errors) throw new Error(errors.map((error) => error.message).join('\n'));
      return data;
    },
    async close() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Node's own client: `fetch` takes longer for the call than the server for a light answer. */
function post(url: string, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'accept-encoding': 'gzip' };
    const call = request(url, { method: 'POST', agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const bytes = Buffer.concat(chunks);
        resolve((response.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes).toString());
      });
    });
    call.on('error', reject);
    call.end(body);
  });
}

/** The most memory a process has held so far, in bytes; null where the system does not tell. */
export function peakMemoryOf(pid: number): number | null {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? null : Number(kilobytes) * 1024;
  } catch {
    return null;
  }
}
