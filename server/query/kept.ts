/**
 * How a statement's rows are kept up to date without running it again. Of each customer a few numbers are kept
 * (facts), one or more an event that matters; what a customer adds to the answer follows from its facts alone and
 * from the instants the statement looks from (edges). So when an event arrives, or an edge passes one of its
 * instants, what that customer added is taken away and added anew: the answer costs what has changed.
 *
 * Pure: slices describe, server/live/kept does. Rows kept in this way equal the statement's to the digit.
 */
import type { CompileScope } from './events.ts';
import type { Sql } from './sql.ts';

/** Bits of a fact's first number below its time: `time * 2 ** KIND_BITS + kind` is exact up to the year 2109. */
export const KIND_BITS = 11;
export const KINDS = 2 ** KIND_BITS;

/** The first number of a fact: when (milliseconds since 1970) and of what kind (0 to KINDS - 1). */
export function factAt(timeMs: number, kind: number): number {
  return timeMs * KINDS + kind;
}

export function timeOfFact(first: number): number {
  return Math.floor(first / KINDS);
}

export function kindOfFact(first: number): number {
  return first - Math.floor(first / KINDS) * KINDS;
}

/**
 * The facts of one customer: rows of `width` numbers side by side in `values[begin ... end - 1]`, in order of their
 * first numbers. Not to be held on to: the next change may move them.
 */
export interface CustomerFacts {
  readonly values: Float64Array;
  readonly begin: number;
  readonly end: number;
}

/** An arriving event, with what is known of it without its properties. */
export interface ArrivedEvent {
  readonly timeMs: number;
  readonly event: string;
  readonly channel: string;
  /** In ten-thousandths, whole; 0 where it has none. */
  readonly amount: number;
  readonly hasRevenue: boolean;
  readonly hasOrderId: boolean;
  /** Names the order, as SQL says it with `wholeOf(orderKey)`. */
  readonly orderKey: number;
  /** Names the session, as SQL says it with `wholeOf(sipHash64(session_id))`; 0: none. */
  readonly sessionKey: number;
}

export interface FactsQuery {
  /** Equal where the same facts are kept, whatever the times are. */
  readonly shape: string;
  /** Numbers a fact. */
  readonly width: 1 | 2 | 3;
  /** Equal facts of a customer are one. */
  readonly isSet: boolean;
  /** Facts of events from here on matter; -Infinity: of all. Stands still or moves forward. */
  readonly sinceMs: number;
  /** Facts of events before this matter; what happens later waits. Stands still or moves forward. */
  readonly untilMs: number;
  /**
   * `SELECT customer_key, fact` (width 2, 3: `, beside_1, beside_2`), all Int64, of events (and customers) that meet
   * the condition `whose` (over the rows of `eventsTable` and `customersTable`), from `sinceMs` (-Infinity: all) to
   * before `untilMs`. In any order.
   */
  readonly rows: (scope: CompileScope, part: FactsPart) => Sql;
  /** The facts of an arriving event, appended to `out`, given those already kept. Absent: only SQL can tell. */
  readonly ofEvent?: ((event: ArrivedEvent, known: CustomerFacts, out: number[]) => void) | undefined;
  /** The earliest time that facts of events from `ms` on may bear; absent: `ms`. */
  readonly beginOf?: ((ms: number) => number) | undefined;
}

export interface FactsPart {
  readonly sinceMs: number;
  readonly untilMs: number;
  readonly whose: Sql;
}

/** What is counted of all customers; kept by adding and taking away customer by customer. */
export interface Totals<Row> {
  /** Adds what the customer adds at these edges (1), or takes it away (-1). Without facts a customer adds nothing. */
  count(facts: CustomerFacts, edges: readonly number[], weight: 1 | -1): void;
  /** Writes for each edge the first instant beyond it at which the customer may add something else; Infinity: none. */
  until(facts: CustomerFacts, edges: readonly number[], out: number[]): void;
  /** As the statement would return them, the same values in the same form. */
  rows(edges: readonly number[]): readonly Row[];
}

export interface Kept<Row> {
  readonly facts: FactsQuery;
  /** Equal where the same is counted of the same facts, whatever the edges are. */
  readonly shape: string;
  /** Instants that the statement looks from, milliseconds. Each stands still or moves forward. */
  readonly edges: readonly number[];
  readonly open: () => Totals<Row>;
}
