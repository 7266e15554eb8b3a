/** What moves are, and the cursors that name a place in their log. Pure; knows neither store nor GraphQL. */
import { cursorOf, pageRequest } from '../query/page.ts';
import { inputError } from '../query/problem.ts';

/** A place in the log: after everything up to it. Batches are milliseconds since 1970, raised where needed. */
export interface Position {
  readonly batch: number;
  readonly n: number;
}

/** What is followed: the lifecycle, or the members of a saved audience. */
export type Subject = 'lifecycle' | `audience:${string}`;

export const LIFECYCLE: Subject = 'lifecycle';

export function audienceSubject(id: string): Subject {
  return `audience:${id}`;
}

/** The audience's id; null for the lifecycle. */
export function audienceOf(subject: Subject): string | null {
  return subject === LIFECYCLE ? null : subject.slice('audience:'.length);
}

/** Which moves of a subject. */
export interface MoveFilter {
  readonly subject: Subject;
  /** Null: any. Of an audience only those who enter are asked for. */
  readonly before: string | null;
  readonly after: string | null;
}

export function entries(id: string): MoveFilter {
  return { subject: audienceSubject(id), before: null, after: 'in' };
}

/** A move as it is found: at its instant, from one state to another; empty: none. */
export interface Found {
  readonly subject: Subject;
  readonly key: string;
  readonly before: string;
  readonly after: string;
  readonly atMs: number;
}

/** A move as it stands in the log; `key` is the customer's as of now. */
export interface Move extends Position {
  readonly key: string;
  readonly before: string;
  readonly after: string;
  readonly atMs: number;
}

/** How long the log keeps a move. */
export const KEPT_DAYS = 30;
const DAY_MS = 86_400_000;
/** Cursors that are nearly too old would be while they are read. */
const MARGIN_MS = 3_600_000;

const LOG = { mark: 'moves', width: 2 };

export function cursorAt({ batch, n }: Position): string {
  return cursorOf([String(batch), String(n)], LOG);
}

/** Throws InputError for what is no cursor of the log, and for one that the log no longer reaches back to. */
export function positionOf(cursor: string, nowMs: number): Position {
  const [batch, n] = (pageRequest(1, cursor, LOG).after ?? []).map(Number);
  if (batch === undefined || n === undefined || !Number.isSafeInteger(batch) || !Number.isSafeInteger(n)) {
    throw inputError('after', 'BAD_CURSOR', 'This cursor is not one that a move came with.');
  }
  const fromMs = nowMs - KEPT_DAYS * DAY_MS + MARGIN_MS;
  if (batch >= fromMs) return { batch, n };
  const message = `Moves are kept for ${KEPT_DAYS} days: this cursor is of ${instant(batch)}, and the log now begins at ${instant(fromMs)}. Begin anew without \`after\`.`;
  throw inputError('after', 'CURSOR_TOO_OLD', message);
}

function instant(ms: number): string {
  return new Date(Math.min(Math.max(ms, 0), 8e14)).toISOString();
}
