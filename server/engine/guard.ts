/**
 * One running statement: its id, its wall clock and its caller's signal. When either ends it, the promise
 * rejects at once and the statement is killed in ClickHouse, since closing the connection would not stop it.
 */
import { randomUUID } from 'node:crypto';
import { toEngineError } from './errors.ts';
import { EngineError, type CallOptions } from './port.ts';

/** Stops the statement with this id in ClickHouse; never rejects. */
export type Kill = (queryId: string) => void;

export const DEFAULT_SECONDS = 30;
/** ClickHouse ends a statement at `maxSeconds` itself; this much later it is taken to hang. */
const GRACE_SECONDS = 0.5;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export class Guard {
  readonly queryId: string;
  /** Aborted when the statement is to end early: for the HTTP request. */
  readonly signal: AbortSignal;
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout;
  private readonly onAbort = (): void => this.end('CANCELLED', 'The caller no longer wants the answer.');
  private reject: (error: EngineError) => void = () => {};
  private readonly ended: Promise<never>;
  private failure: EngineError | undefined;
  private readonly caller: AbortSignal | undefined;
  private readonly kill: Kill;

  constructor(options: CallOptions, kill: Kill) {
    this.kill = kill;
    this.queryId = options.turn === undefined ? randomUUID() : `turn-${options.turn}-${randomUUID()}`;
    this.caller = options.signal;
    this.signal = this.controller.signal;
    this.ended = new Promise<never>((_, reject) => (this.reject = reject));
    this.ended.catch(() => {});
    const seconds = options.maxSeconds ?? DEFAULT_SECONDS;
    const limitMs = Math.min((seconds + GRACE_SECONDS) * 1000, LONGEST_TIMER_MS);
    this.timer = setTimeout(() => this.end('TIMEOUT', `No answer within ${seconds} s.`), limitMs);
    this.caller?.addEventListener('abort', this.onAbort);
    if (this.caller?.aborted) this.onAbort();
  }

  /** The work's outcome, or the reason why it was ended early, whichever comes first. */
  async race<T>(work: () => Promise<T>): Promise<T> {
    if (this.failure) throw this.failure;
    try {
      return await Promise.race([work(), this.ended]);
    } catch (error) {
      throw this.failure ?? toEngineError(error, this.queryId);
    }
  }

  /** Ends the statement early; the first reason stands. */
  end(code: 'CANCELLED' | 'TIMEOUT', message: string): void {
    if (this.failure) return;
    this.failure = new EngineError(code, message, { queryId: this.queryId });
    this.controller.abort();
    this.kill(this.queryId);
    this.reject(this.failure);
  }

  /** To be called when the statement is over, in every case. */
  release(): void {
    clearTimeout(this.timer);
    this.caller?.removeEventListener('abort', this.onAbort);
  }
}
