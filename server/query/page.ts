/**
 * Pages of a list: how many, after which cursor. A cursor is opaque text that carries the sort values of the
 * last row, so that a page stays right while rows arrive before it, and a mark of the list it belongs to.
 */
import { inputError } from './problem.ts';
import { render } from './sql.ts';
import type { ParamValue, Sql } from './sql.ts';

export interface PageRequest {
  readonly first: number;
  /** Sort values of the last row of the page before; null for the first page. */
  readonly after: readonly string[] | null;
}

export const MAX_PAGE = 1000;

/** Which list a page belongs to. */
export interface ListOfPages {
  /** Equal for pages of one list only: what is asked and in which order. */
  readonly mark: string;
  /** How many sort values a cursor carries. */
  readonly width: number;
}

/** Checks `first` and opens `after`, which must be a cursor of this very list. */
export function pageRequest(first: number, after: string | null | undefined, list: ListOfPages): PageRequest {
  if (!Number.isInteger(first) || first < 0 || first > MAX_PAGE) {
    throw inputError('first', 'BAD_PAGE', `\`first\` is 0 to ${MAX_PAGE}, not ${first}.`);
  }
  return { first, after: after == null ? null : openCursor(after, list) };
}

/** Sort values as one opaque, address-safe text that says which list it belongs to. */
export function cursorOf(values: readonly string[], { mark }: Pick<ListOfPages, 'mark'>): string {
  const bytes = new TextEncoder().encode(JSON.stringify([mark, ...values]));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
}

function openCursor(cursor: string, { mark, width }: ListOfPages): readonly string[] {
  const [of, ...values] = readCursor(cursor);
  if (of === undefined) {
    throw inputError('after', 'BAD_CURSOR', 'This cursor is not one that an earlier page returned.');
  }
  if (of === mark && values.length === width) return values;
  const message =
    'This cursor belongs to another list: go on with the same question and order, or begin anew.';
  throw inputError('after', 'FOREIGN_CURSOR', message);
}

/** Nothing where the text is no cursor, whatever the damage. */
function readCursor(cursor: string): readonly string[] {
  try {
    const binary = atob(cursor.replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(binary, (c) => c.charCodeAt(0));
    const values: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return Array.isArray(values) && values.every((v) => typeof v === 'string') ? values : [];
  } catch {
    return [];
  }
}

/**
 * A short mark of what a statement asks: its text and what stands in it, but not the instants, which move with
 * the clock from page to page.
 */
export function markOf(fragment: Sql): string {
  const { text, params } = render(fragment);
  const kept = Object.values(params).map((value) => (isInstant(value) ? '' : value));
  return hash(
    JSON.stringify([text, kept], (_key, value: unknown) => (typeof value === 'bigint' ? `${value}` : value)),
  );
}

const TIME_TEXT = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}\.\d{3}$/;
/** Whole numbers from here on are taken for milliseconds since 1970. */
const INSTANT_FROM = 1e11;

function isInstant(value: ParamValue): boolean {
  if (Array.isArray(value)) return value.length > 0 && (value as ParamValue[]).every(isInstant);
  if (typeof value === 'string') return TIME_TEXT.test(value);
  return typeof value === 'number' && value >= INSTANT_FROM;
}

/** 53 bits of a text, for telling apart and not for secrecy (cyrb53, in the public domain). */
function hash(text: string): string {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    high = Math.imul(high ^ code, 2654435761);
    low = Math.imul(low ^ code, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return (4294967296 * (2097151 & low) + (high >>> 0)).toString(36);
}
