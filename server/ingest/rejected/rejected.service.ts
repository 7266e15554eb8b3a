/** The list of what was rejected, page by page and in groups, for whoever mends it. Changes nothing. */
import { inputError } from '../../query/problem.ts';
import { cursorOf, pageRequest } from '../../query/page.ts';
import type { InsightScope } from '../../insights/scope.ts';
import { parseJson } from '../json-text.ts';
import { compileCount, compilePage, compileReasons } from './rejected.sql.ts';
import type { RejectedFilter, RejectedRow } from './rejected.sql.ts';

export interface Rejected {
  readonly id: string;
  readonly receivedAt: Date;
  readonly reason: string;
  /** As it was sent; text where it is no JSON. */
  readonly payload: unknown;
  readonly source: string;
  readonly replayedAt: Date | null;
}

export interface RejectedPage {
  readonly totalCount: number;
  readonly nodes: readonly Rejected[];
  readonly hasNextPage: boolean;
  readonly endCursor: string | null;
}

export interface RejectedRequest {
  readonly first: number;
  readonly after: string | null;
  readonly reason: string | null;
  readonly search: string | null;
  /** Whether anybody reads the total. */
  readonly withTotal: boolean;
}

const MAX_SEARCH = 200;
const MAX_REASONS = 1000;

/** Newest first. Throws InputError. */
export async function listRejected(request: RejectedRequest, scope: InsightScope): Promise<RejectedPage> {
  const filter = filterOf(request);
  const list = { mark: JSON.stringify(['rejected', filter.reason, filter.search]), width: 2 };
  const { first, after } = pageRequest(request.first, request.after, list);
  const { engine, signal } = scope;
  const [page, count] = await Promise.all([
    first === 0 ? null : engine.query(compilePage(filter, first, after), { signal }),
    request.withTotal ? engine.query(compileCount(filter), { signal }) : null,
  ]);
  const rows = page?.rows ?? [];
  const shown = rows.slice(0, first);
  const last = shown.at(-1);
  return {
    totalCount: count?.rows[0]?.total ?? 0,
    nodes: shown.map(rejectedOf),
    hasNextPage: rows.length > first,
    endCursor: last ? cursorOf([String(last.received_ms), last.id], list) : null,
  };
}

export interface RejectedReason {
  readonly reason: string;
  readonly count: number;
  readonly lastAt: Date;
}

/** Most frequent first. Throws InputError. */
export async function listReasons(first: number, scope: InsightScope): Promise<readonly RejectedReason[]> {
  if (!Number.isInteger(first) || first < 1 || first > MAX_REASONS)
    throw inputError('first', 'BAD_PAGE', `\`first\` is 1 to ${MAX_REASONS}, not ${first}.`);
  const { rows } = await scope.engine.query(compileReasons(first), { signal: scope.signal });
  return rows.map(({ kind, rejected, last_ms }) => ({
    reason: kind,
    count: rejected,
    lastAt: new Date(last_ms),
  }));
}

function filterOf({ reason, search }: RejectedRequest): RejectedFilter {
  if (search !== null && search.length > MAX_SEARCH)
    throw inputError('search', 'TOO_LONG', `A search has at most ${MAX_SEARCH} characters.`);
  return { reason, search: search === '' ? null : search };
}

function rejectedOf({ id, received_ms, reason, payload, source, replayed_ms }: RejectedRow): Rejected {
  return {
    id,
    receivedAt: new Date(received_ms),
    reason,
    payload: payloadOf(payload),
    source,
    replayedAt: replayed_ms === 0 ? null : new Date(replayed_ms),
  };
}

function payloadOf(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return text;
  }
}
