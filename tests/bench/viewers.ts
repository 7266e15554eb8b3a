/**
 * Viewers by the thousand over WebSocket, in a process of their own: every message is compared, to the byte, with
 * what the first viewer of its query was told, and that with what is right. Knows nothing of how it is judged.
 */
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { quantile } from './measure.ts';

export interface ViewersSpec {
  /** `ws://127.0.0.1:PORT/graphql` */
  readonly url: string;
  readonly viewers: number;
  /** The viewers take turns with them. The first `value` of each answer rises by one with each change. */
  readonly queries: readonly string[];
}

/** What came of it. */
export interface ViewersResult {
  /** Milliseconds from each change to each viewer that was told of it. */
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly slowest: number;
  /** The same to the first viewer of each query: what computing the answer took. */
  readonly firstP95: number;
  /** From the first viewer of each query to each other: what telling them took. */
  readonly tellingP95: number;
  readonly messages: number;
  /** Of a message's payload, at the mean. */
  readonly payloadBytes: number;
  /** Numbers that a viewer was not told because a newer one overtook them. */
  readonly skipped: number;
  /** Messages that were not what they had to be: other bytes, a number told twice or out of turn. */
  readonly wrong: number;
  /** Viewers whose last number is not the newest. */
  readonly behind: number;
}

export type ToViewers =
  { readonly settled: number } | { readonly changes: readonly (readonly [number, number])[] };

interface Known {
  readonly payload: Buffer;
  readonly at: number;
}

interface Viewer {
  readonly query: number;
  readonly head: number;
  told: number;
}

const SUBPROTOCOL = 'graphql-transport-ws';
/** Each asks so often whether the server still lives, as the dashboard does. */
const PING_MS = 20_000;
const PING = '{"type":"ping"}';
const PONG = Buffer.from('{"type":"pong"}');
/** Handshakes under way at once. */
const AT_ONCE = 50;

/** Milliseconds since 1970 as both processes tell them. */
export const instant = (): number => performance.timeOrigin + performance.now();

export class Viewers {
  readonly #viewers: Viewer[] = [];
  /** Payloads by query and number (0 before any change), with when the first viewer was told. */
  readonly #known: Map<number, Known>[];
  /** The first value told, by query. */
  readonly #bases: number[] = [];
  /** When each number was told. */
  readonly #toldAt = new Map<number, number[]>();
  readonly #telling: number[] = [];
  #newest = -1;
  #messages = 0;
  #bytes = 0;
  #skipped = 0;
  #wrong = 0;

  constructor(private readonly spec: ViewersSpec) {
    this.#known = spec.queries.map(() => new Map<number, Known>());
  }

  /** Resolves once each viewer has been told a first answer. */
  async open(): Promise<void> {
    let next = 0;
    const line = async (): Promise<void> => {
      while (next < this.spec.viewers) await this.#enter(next++);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, line));
  }

  /** How many have been told the number. */
  toldOf(number: number): number {
    return this.#viewers.reduce((count, { told }) => count + (told === number ? 1 : 0), 0);
  }

  /** `changes`: numbers, each with when it became true. */
  result(changes: readonly (readonly [number, number])[]): ViewersResult {
    const took = changes.flatMap(([number, at]) => (this.#toldAt.get(number) ?? []).map((told) => told - at));
    const first = changes.flatMap(([number, at]) =>
      this.#known.flatMap((known) => {
        const told = known.get(number)?.at;
        return told === undefined ? [] : [told - at];
      }),
    );
    const newest = Math.max(...changes.map(([number]) => number));
    return {
      p50: quantile(took, 0.5),
      p95: quantile(took, 0.95),
      p99: quantile(took, 0.99),
      slowest: took.reduce((most, ms) => Math.max(most, ms), 0),
      firstP95: quantile(first, 0.95),
      tellingP95: quantile(this.#telling, 0.95),
      messages: this.#messages,
      payloadBytes: this.#bytes / this.#messages,
      skipped: this.#skipped,
      wrong: this.#wrong,
      behind: this.#viewers.filter(({ told }) => told !== newest).length,
    };
  }

  async #enter(index: number): Promise<void> {
    const { url, queries } = this.spec;
    const query = index % queries.length;
    const id = `viewer-${index}`;
    const socket = new WebSocket(url, SUBPROTOCOL, { perMessageDeflate: false });
    socket.on('close', (code) => process.stderr.write(`viewer ${index} was closed: ${code}\n`));
    await once(socket, 'open');
    socket.send('{"type":"connection_init"}');
    await once(socket, 'message');
    setInterval(() => socket.send(PING), PING_MS);
    const viewer = { query, head: Buffer.byteLength(`{"id":"${id}","type":"next","payload":`), told: -1 };
    this.#viewers.push(viewer);
    socket.send(JSON.stringify({ id, type: 'subscribe', payload: { query: queries[query] } }));
    await new Promise<void>((resolve) => {
      socket.on('message', (data) => {
        if (!PONG.equals(data as Buffer)) this.#take(viewer, data as Buffer);
        resolve();
      });
    });
  }

  #take(viewer: Viewer, message: Buffer): void {
    this.#messages += 1;
    const payload = message.subarray(viewer.head, message.length - 1);
    this.#bytes += payload.length;
    const number = this.#numberOf(viewer.query, payload);
    if (number === null || number <= viewer.told) {
      this.#wrong += 1;
      return;
    }
    if (viewer.told >= 0) this.#skipped += number - viewer.told - 1;
    viewer.told = number;
    if (number > this.#newest) this.#newest = number;
    let told = this.#toldAt.get(number);
    if (!told) this.#toldAt.set(number, (told = []));
    const now = instant();
    told.push(now);
    if (number > 0) this.#telling.push(now - (this.#known[viewer.query]?.get(number)?.at ?? now));
  }

  /** Null when another viewer was told something else under the same number. */
  #numberOf(query: number, payload: Buffer): number | null {
    const known = this.#known[query];
    const last = known?.get(this.#newest);
    if (last?.payload.equals(payload)) return this.#newest;
    const value = Number(/"value":(\d+)/.exec(payload.toString())?.[1] ?? NaN);
    const number = value - (this.#bases[query] ??= value);
    const before = known?.get(number);
    if (Number.isNaN(number) || (before && !before.payload.equals(payload))) return null;
    known?.set(number, { payload: Buffer.from(payload), at: instant() });
    return number;
  }
}
