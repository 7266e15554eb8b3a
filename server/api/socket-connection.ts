/**
 * One viewer's WebSocket: sends at its pace, notices when it is dead or stuck, and ends what it asked when it
 * closes. Knows the frames of graphql-transport-ws only as bytes.
 */
import { WebSocket } from 'ws';
import type { Visit } from '../access/visitors.ts';
import type { Caller } from '../answers/turns.ts';
import { Outbox } from '../live/outbox.ts';

const PONG = Buffer.from('{"type":"pong"}');
const TEXT = { binary: false };
const FIRST = { binary: false, fin: false };
const LAST = { binary: false, fin: true };
/** What is longer is sent as a frame of its own, which all viewers share, instead of copied for each. */
const COPY_UP_TO = 8 * 1024;
/** A connection that takes nothing for so long while something waits for it is closed. */
const STUCK_MS = 10_000;

/** Close codes that graphql-transport-ws leaves to the server; clients come back after both. */
export const CLOSE = { tryAgainLater: 1013, goingAway: 1001, badRequest: 4400, internal: 4500 } as const;

export class SocketConnection {
  readonly outbox: Outbox;
  readonly #gone = new AbortController();
  /** Something came since the last check. */
  #isHeard = true;
  #isAsked = false;
  #isClosing = false;
  readonly #written = (): void => this.outbox.taken();

  constructor(
    private readonly socket: WebSocket,
    readonly visit: Visit,
    readonly caller: Caller,
  ) {
    this.outbox = new Outbox(() => socket.bufferedAmount);
    const heard = (): void => void (this.#isHeard = true);
    socket.on('pong', heard).on('message', heard);
    socket.once('close', () => {
      this.#gone.abort();
      visit.leave();
    });
  }

  /** Aborts when the socket closes: nobody waits any more for what was asked over it. */
  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  /** Sends a message whose end many share. */
  write(head: Buffer, end: Buffer): void {
    const { socket } = this;
    if (socket.readyState !== WebSocket.OPEN) return;
    if (end.length <= COPY_UP_TO) return socket.send(Buffer.concat([head, end]), TEXT, this.#written);
    socket.send(head, FIRST);
    socket.send(end, LAST, this.#written);
  }

  /** Answers the ping of a client, of which there are many. */
  pong(): void {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(PONG, TEXT);
  }

  /** Resolves once the system took it. */
  send(text: string): Promise<void> {
    const { socket } = this;
    if (socket.readyState !== WebSocket.OPEN) return Promise.resolve();
    return new Promise((resolve) =>
      socket.send(text, () => {
        this.outbox.taken();
        resolve();
      }),
    );
  }

  close(code: number, reason: string): void {
    this.#isClosing = true;
    this.socket.close(code, reason);
  }

  terminate(): void {
    this.socket.terminate();
  }

  /** To be called now and then: who was not heard since is asked for a sign of life, and without one is dead. */
  check(): void {
    if (this.outbox.stuckMs() > STUCK_MS && !this.#isClosing) {
      return this.close(CLOSE.tryAgainLater, 'What was sent has not been taken');
    }
    const isSilent = !this.#isHeard;
    if (isSilent && this.#isAsked) return this.terminate();
    this.#isHeard = false;
    this.#isAsked = isSilent;
    if (isSilent && this.socket.readyState === WebSocket.OPEN) this.socket.ping();
  }
}
