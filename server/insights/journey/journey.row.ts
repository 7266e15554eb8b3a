/** Moves between stages, by the stages' numbers, and the rows in which moves and stages are counted. */

/** In place of the stage that a move leads to: the customer reached a later stage, or none. */
export const ADVANCED = 0;
export const STOPPED = 31;

/** A move between two stages. */
export interface Move {
  readonly from: number;
  readonly to: number;
}

/** Customers and moves of one kind: from a stage to one, or to ADVANCED or STOPPED (one per customer). */
export interface MoveRow {
  readonly origin: number;
  readonly target: number;
  readonly customers: string;
  readonly moves: string;
  /** Milliseconds. */
  readonly median: number | string;
}

/** What happened in a stage. */
export interface StageRow {
  readonly stage: number;
  readonly events: string;
  readonly revenue: string;
}
