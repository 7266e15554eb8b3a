/** A call that cannot be taken at this moment and may be made again. */
import { EngineError } from '../engine/port.ts';

/** More waits than can be taken in: the same call may be made again. */
export class IngestBusyError extends EngineError {
  constructor(
    message: string,
    /** After which to try again. */
    readonly retryAfterSeconds: number,
    cause?: unknown,
  ) {
    super('UNAVAILABLE', message, { cause });
    this.name = 'IngestBusyError';
  }
}

const AWAY: ReadonlySet<unknown> = new Set(['UNAVAILABLE', 'STORAGE', 'TIMEOUT', 'MEMORY']);

/** True where the store did not take something that it may take later. */
export function isAway(error: unknown): boolean {
  return error instanceof EngineError && !(error instanceof IngestBusyError) && AWAY.has(error.code);
}
