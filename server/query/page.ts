/**
 * Pages of a list: how many, after which cursor. A cursor is opaque text that carries the sort values of the
 * last row, so that a page stays right while rows arrive before it.
 */
import { inputError } from './problem.ts';

export interface PageRequest {
  readonly first: number;
  /** Sort values of the last row of the page before; null for the first page. */
  readonly after: readonly string[] | null;
}

export const MAX_PAGE = 1000;

/** Checks `first` and opens `after`, which must carry `width` values. */
export function pageRequest(first: number, after: string | null | undefined, width: number): PageRequest {
  if (!Number.isInteger(first) || first < 0 || first > MAX_PAGE) {
    throw inputError('first', 'BAD_PAGE', `\`first\` is 0 to ${MAX_PAGE}, not ${first}.`);
  }
  return { first, after: after ? openCursor(after, width) : null };
}

/** Sort values as one opaque, address-safe text. */
export function cursorOf(values: readonly string[]): string {
  const bytes = new TextEncoder().encode(JSON.stringify(values));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
}

function openCursor(cursor: string, width: number): readonly string[] {
  try {
    const binary = atob(cursor.replaceAll('-', '+').replaceAll('_', '/'));
    const values: unknown = JSON.parse(
      new TextDecoder().decode(Uint8Array.from(binary, (c) => c.charCodeAt(0))),
    );
    if (Array.isArray(values) && values.length === width && values.every((v) => typeof v === 'string'))
      return values;
  } catch {
    // Falls through: whatever the damage, the answer is the same.
  }
  throw inputError('after', 'BAD_CURSOR', 'This cursor is not one that an earlier page returned.');
}
