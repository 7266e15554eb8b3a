/**
 * What an analysis is given besides its query: the engine, the journey map, the instant that counts as now,
 * and the list of people that any number opens into. Made once a request or live run; holds no state.
 */
import type { Engine, QueryAnswer } from '../engine/port.ts';
import type { JourneyMap } from '../journey/map.ts';
import type { CustomerOrder } from '../query/customer-order.ts';
import type { CompileScope } from '../query/events.ts';
import type { Sql } from '../query/sql.ts';

export interface InsightScope {
  readonly engine: Engine;
  readonly journeyMap: JourneyMap;
  readonly compile: CompileScope;
  readonly people: People;
  /** Aborted when nobody waits for the answer any more. Pass it to every engine call. */
  readonly signal: AbortSignal | undefined;
  /** Whether answers may carry the statement that was run. */
  readonly canSeeSql: boolean;
}

/** Opens a set of customers, given as `SELECT customer_key ...`, as one page of a connection. */
export interface People {
  connection(keys: Sql, page: PeoplePage, scope: InsightScope): Promise<CustomerPage>;
  /** How many known customers are in the set. */
  count(keys: Sql, scope: InsightScope): Promise<number>;
}

/** Which page of a list of people, and in which order the list stands. */
export interface PeoplePage {
  readonly first: number;
  readonly after?: string | null | undefined;
  /** Absent: last seen first. */
  readonly orderBy?: CustomerOrder | null | undefined;
}

export interface CustomerPage {
  readonly totalCount: number;
  readonly edges: readonly { readonly cursor: string; readonly node: CustomerRow }[];
  readonly hasNextPage: boolean;
}

/** A known customer as lists show it; the rest is resolved when asked for. */
export interface CustomerRow {
  /** UInt64 as decimal text. */
  readonly customerKey: string;
  readonly id: string;
  readonly firstSeen: Date;
  readonly lastSeen: Date;
  readonly revenue: number;
}

export interface Meta {
  readonly asOf: Date;
  readonly rowsRead: number;
  readonly bytesRead: number;
  readonly elapsedMs: number;
  readonly cached: boolean;
  readonly definition: string;
  readonly sql: string | null;
}

/** Statements that ran side by side as one answer: all rows, what was read in sum, the longest time. */
export function together<Row>(answers: readonly QueryAnswer<Row>[]): QueryAnswer<Row> {
  const sum = (of: 'rowsRead' | 'bytesRead'): number =>
    answers.reduce((all, { stats }) => all + stats[of], 0);
  return {
    rows: answers.flatMap(({ rows }) => rows),
    stats: {
      rowsRead: sum('rowsRead'),
      bytesRead: sum('bytesRead'),
      elapsedMs: Math.max(0, ...answers.map(({ stats }) => stats.elapsedMs)),
    },
    text: answers.map(({ text }) => text).join(';\n\n'),
    isCached: answers.length > 0 && answers.every(({ isCached }) => isCached ?? false),
  };
}

/**
 * What an answer says of itself. `asOf` is the scope's now: all that was stored by then is in, whether the
 * statement ran for this answer or its rows were known and still hold. What it took is what the run took.
 */
export function answerMeta(answer: QueryAnswer<unknown>, definition: string, scope: InsightScope): Meta {
  return {
    asOf: new Date(scope.compile.nowMs),
    rowsRead: answer.stats.rowsRead,
    bytesRead: answer.stats.bytesRead,
    elapsedMs: answer.stats.elapsedMs,
    cached: answer.isCached ?? false,
    definition,
    sql: scope.canSeeSql ? answer.text : null,
  };
}
