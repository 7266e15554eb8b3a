/**
 * One viewer's WebSocket: sends at its pace, notices when it is dead or stuck, and ends what it asked when it
 * closes. Knows the frames of graphql-transport-ws only as bytes.
 */
import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import { isOpenDoor } from '../access/doors.ts';
import type { Admitted } from '../access/doors.ts';
import type { Sessions } from '../access/sessions.ts';
import type { Visit } from '../access/visitors.ts';
import { Outbox } from '../live/outbox.ts';
import type { CallerWithRights } from './calls.ts';
import { callerOf } from './graphql-call.ts';

const PONG_TEXT = Buffer.from('{"type":"pong"}');
/** The whole frame (final, text, its length), the same for everybody: thousands ask, and nothing is made for each. */
const PONG = Buffer.concat([Buffer.from([0x81, PONG_TEXT.length]), PONG_TEXT]);
/** What is longer is written as it is, which all viewers share, instead of copied for each. */
const COPY_UP_TO = 3 * 1024;
/** A connection that takes nothing for so long while something waits for it is closed. */
const STUCK_MS = 10_000;
/** More than this waits for nobody who only asks for signs of life. */
const MOST_FOR_SIGNS = 16 * 1024;
/** How long one whose key no longer holds may take to close. */
const GOODBYE_MS = 1_000;

/** Close codes that the server gives by itself; clients come back after the first two. */
export const CLOSE = {
  tryAgainLater: 1013,
  goingAway: 1001,
  badRequest: 4400,
  forbidden: 4403,
  internal: 4500,
} as const;

export class SocketConnection {
  readonly outbox: Outbox;
  #from: CallerWithRights | null = null;
  readonly #gone = new AbortController();
  /** Something came since the last check. */
  #isHeard = true;
  #isAsked = false;
  #isClosing = false;
  readonly #written = (): void => this.outbox.taken();

  constructor(
    private readonly socket: WebSocket,
    /** What the socket stands on; only whole frames go to it past the socket, and none between parts of a message. */
    private readonly wire: Duplex,
    readonly visit: Visit,
    readonly peer: { readonly address: string; readonly port: number | undefined },
  ) {
    this.outbox = new Outbox(() => socket.bufferedAmount);
    const heard = (): void => void (this.#isHeard = true);
    socket.on('pong', heard).on('message', heard);
    socket.on('ping', (data) => {
      if (this.#isTaken) socket.pong(data);
    });
    socket.once('close', () => {
      this.#gone.abort();
      visit.leave();
    });
  }

  /** Aborts when the socket closes: nobody waits any more for what was asked over it. */
  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  /** Who asks over it, once let in. */
  get from(): CallerWithRights {
    if (!this.#from) throw new TypeError('nobody was let in yet');
    return this.#from;
  }

  /** Lets somebody in, for as long as their key holds. */
  enter(admitted: Admitted, sessions: Sessions): void {
    if (!isOpenDoor(admitted)) this.visit.bear(admitted.keyId);
    this.#from = callerOf(admitted, this.peer.address, this.peer.port);
    const leave = sessions.enter(admitted, () => {
      this.close(CLOSE.forbidden, 'The key was revoked or has expired');
      // Who does not answer the goodbye gets nothing more either.
      setTimeout(() => this.terminate(), GOODBYE_MS).unref();
    });
    this.gone.addEventListener('abort', leave);
  }

  /**
   * Sends a message whose end many share: a short one in one piece, which costs the system half as much as two. Past
   * the socket, which neither compresses nor holds anything back.
   */
  write(head: Buffer, end: Buffer): void {
    const { socket, wire } = this;
    if (socket.readyState !== WebSocket.OPEN) return;
    if (end.length <= COPY_UP_TO) return void wire.write(frameOf(head, end.length, end), this.#written);
    wire.cork();
    wire.write(frameOf(head, end.length));
    wire.write(end, this.#written);
    wire.uncork();
  }

  /** Answers the ping of a client, of which there are many; one who does not read needs no answer. */
  pong(): void {
    if (this.#isTaken) this.wire.write(PONG);
  }

  get #isTaken(): boolean {
    const { readyState, bufferedAmount } = this.socket;
    return readyState === WebSocket.OPEN && bufferedAmount <= MOST_FOR_SIGNS;
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

/** A whole message's frame (final, text, its length: RFC 6455, 5.2): the head, and the end where it is to be in it. */
function frameOf(head: Buffer, endLength: number, end?: Buffer): Buffer {
  const length = head.length + endLength;
  const at = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(at + head.length + (end?.length ?? 0));
  frame[0] = 0x81;
  if (at === 2) frame[1] = length;
  else if (at === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeUInt32BE(0, 2);
    frame.writeUInt32BE(length, 6);
  }
  frame.set(head, at);
  if (end) frame.set(end, at + head.length);
  return frame;
}
