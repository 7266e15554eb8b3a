/**
 * One response of server-sent events: sends at the caller's pace, keeps the connection open with comments, and
 * follows at most one live query. Knows no GraphQL beyond the names of its two events.
 */
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { LiveViewer } from '../live/live-query.ts';
import { metrics } from '../live/metrics.ts';
import { Outbox } from '../live/outbox.ts';
import type { Sender } from '../live/outbox.ts';
import type { SharedAnswer } from '../live/shared-answer.ts';

/** `no-transform`, and the last for nginx: nothing on the way may keep what is sent, or pack it. */
const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  connection: 'keep-alive',
  'x-accel-buffering': 'no',
};
const COMMENT = ':\n\n';
/** A caller that takes nothing for so long while something waits for it is cut off. */
const STUCK_MS = 10_000;

export class EventStream implements LiveViewer<SharedAnswer>, Sender {
  readonly #outbox: Outbox;
  readonly #gone = new AbortController();
  #newest: SharedAnswer | null = null;
  #isEnding = false;
  readonly #written = (): void => this.#outbox.taken();

  constructor(
    private readonly response: ServerResponse,
    headers: OutgoingHttpHeaders,
  ) {
    this.#outbox = new Outbox(() => response.writableLength);
    response.once('close', () => this.#gone.abort());
    response.on('error', () => this.cut());
    response.writeHead(200, { ...headers, ...HEADERS });
    // Some browsers wait for a first byte before they call it open.
    response.write(COMMENT);
  }

  /** Aborts when the connection closes. */
  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  push(answer: SharedAnswer): void {
    if (this.#newest) metrics.skipped.inc();
    this.#newest = answer;
    this.#outbox.post(this);
  }

  end(): void {
    this.#isEnding = true;
    if (!this.#newest) this.complete();
  }

  send(): void {
    const answer = this.#newest;
    this.#newest = null;
    if (answer && !this.response.writableEnded) {
      metrics.messages.inc();
      this.response.write(answer.event, this.#written);
    }
    if (this.#isEnding) this.complete();
  }

  /** Sends one result; resolves once the system took it. */
  next(result: object): Promise<void> {
    if (this.response.writableEnded || this.gone.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      this.response.write(`event: next\ndata: ${JSON.stringify(result)}\n\n`, () => resolve());
    });
  }

  /** Sends a last result and nothing after it. */
  async refuse(result: object): Promise<void> {
    this.#newest = null;
    this.#isEnding = true;
    const sent = this.next(result);
    this.complete();
    await sent;
  }

  complete(): void {
    if (!this.response.writableEnded) this.response.end('event: complete\ndata: \n\n');
  }

  /** Ends it as a broken connection would, after which callers come back. */
  cut(): void {
    this.response.destroy();
  }

  /** To be called now and then, so that nobody on the way takes the connection for idle. */
  check(): void {
    if (this.#outbox.stuckMs() > STUCK_MS) return this.cut();
    if (this.response.writableLength === 0 && !this.response.writableEnded) this.response.write(COMMENT);
  }
}
