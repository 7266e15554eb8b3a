/** How much memory an answer takes: from above, since a bound on memory stands on it. */
import type { QueryAnswer } from '../engine/port.ts';

const OBJECT = 32;
const SLOT = 8;
const NUMBER = 16;

/** Bytes. */
export function sizeOf({ rows, text }: QueryAnswer<unknown>): number {
  return 512 + sizeOfValue(text) + sizeOfValue(rows);
}

function sizeOfValue(value: unknown): number {
  if (typeof value === 'string') return OBJECT + 2 * value.length;
  if (typeof value !== 'object' || value === null) return NUMBER;
  let bytes = OBJECT;
  for (const part of Object.values(value)) bytes += SLOT + sizeOfValue(part);
  return bytes;
}
