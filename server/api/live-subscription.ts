/**
 * A live query followed over a WebSocket, as an iterable without values: the messages go past graphql-ws, which
 * would write each anew for every viewer; it is told only when there are no more.
 */
import type { LiveHub, LiveQuery, LiveViewer } from '../live/hub.ts';
import { metrics } from '../live/metrics.ts';
import type { Sender } from '../live/outbox.ts';
import type { SharedAnswer } from '../live/shared-answer.ts';
import type { SocketConnection } from './socket-connection.ts';

export class LiveSubscription implements AsyncIterableIterator<never>, LiveViewer<SharedAnswer>, Sender {
  readonly #head: Buffer;
  #newest: SharedAnswer | null = null;
  #isEnding = false;
  #leave: (() => void) | null = null;
  #isOver = false;
  #finish: () => void = () => {};
  readonly #finished = new Promise<void>((resolve) => (this.#finish = resolve));

  constructor(
    id: string,
    private readonly connection: SocketConnection,
    private readonly hub: LiveHub<SharedAnswer>,
    private readonly query: LiveQuery<SharedAnswer>,
  ) {
    this.#head = Buffer.from(`{"id":${JSON.stringify(id)},"type":"next","payload":`);
  }

  push(answer: SharedAnswer): void {
    if (this.#newest) metrics.skipped.inc();
    this.#newest = answer;
    this.connection.outbox.post(this);
  }

  end(): void {
    this.#isEnding = true;
    if (!this.#newest) this.#over();
  }

  send(): void {
    const answer = this.#newest;
    this.#newest = null;
    if (answer) {
      metrics.messages.inc();
      this.connection.write(this.#head, answer.messageEnd);
    }
    if (this.#isEnding) this.#over();
  }

  async next(): Promise<IteratorResult<never>> {
    if (!this.#isOver) this.#leave ??= this.hub.follow(this.query, this);
    await this.#finished;
    return { value: undefined, done: true };
  }

  return(): Promise<IteratorResult<never>> {
    this.#newest = null;
    this.connection.outbox.withdraw(this);
    this.#over();
    return Promise.resolve({ value: undefined, done: true });
  }

  #over(): void {
    this.#isOver = true;
    this.#leave?.();
    this.#finish();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
