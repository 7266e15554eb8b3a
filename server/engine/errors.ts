/**
 * What went wrong, from ClickHouse's numbers and the network's codes to the few kinds the program acts on.
 * Must not know statements or customers.
 */
import { ClickHouseError } from '@clickhouse/client';
import { EngineError, type EngineErrorCode } from './port.ts';

/** ClickHouse's error numbers by what they mean to a caller; every other number is a statement of ours. */
const NUMBERS: Readonly<Record<EngineErrorCode, readonly number[]>> = {
  CANCELLED: [394, 734],
  TIMEOUT: [159, 160],
  MEMORY: [173, 241, 307, 396],
  UNAVAILABLE: [202, 209, 210, 225, 236, 252, 279, 319, 425, 516, 745, 999],
  BUSY: [],
  TOO_COMPLEX: [167, 168, 306, 361],
  BAD_PATTERN: [427],
  STORAGE: [74, 75, 76, 87, 242, 243, 481],
  BAD_DATA: [
    6, 25, 26, 27, 32, 33, 34, 38, 41, 53, 69, 70, 72, 117, 130, 131, 190, 261, 321, 349, 351, 353, 376, 395,
    407, 441, 457, 467, 469, 540, 561, 636, 675, 676, 691, 692,
  ],
  BAD_STATEMENT: [],
};

const CODE_OF = new Map(
  Object.entries(NUMBERS).flatMap(([code, numbers]) =>
    numbers.map((number) => [number, code as EngineErrorCode] as const),
  ),
);

/** What has no number of its own. */
const TOO_LONG = /Max query size exceeded|Field value too long/;
const DISK = /No space left on device|Read-only file system|Disk quota exceeded/i;

/** Any failure of a statement as an EngineError; one that already is passes through. */
export function toEngineError(cause: unknown, queryId: string): EngineError {
  if (cause instanceof EngineError) return cause;
  const text = cause instanceof Error ? cause.message : String(cause);
  const code = codeOf(cause, text);
  const message =
    code === 'UNAVAILABLE' && !(cause instanceof ClickHouseError)
      ? `ClickHouse did not answer: ${text || (cause as NodeJS.ErrnoException).code}`
      : text.trim();
  return new EngineError(code, message, { cause, queryId });
}

function codeOf(cause: unknown, text: string): EngineErrorCode {
  if (DISK.test(text)) return 'STORAGE';
  if (TOO_LONG.test(text)) return 'TOO_COMPLEX';
  if (cause instanceof ClickHouseError) return CODE_OF.get(Number(cause.code)) ?? 'BAD_STATEMENT';
  return cause instanceof TypeError || cause instanceof RangeError ? 'BAD_STATEMENT' : 'UNAVAILABLE';
}
