/** The rows of the lifecycle's statements. */

/** Customers who share their stages at the three instants; numbers from 1, 0 for not yet seen. */
export interface StageRow {
  readonly stage_from: number;
  readonly stage_to: number;
  readonly stage_at: number;
  readonly customers: string;
  /** Of all time up to `at`. */
  readonly revenue: number;
}

export interface ChangesRow {
  /** Start, in seconds, of the interval that the changes lie in, its end included; 0: up to the range's start. */
  readonly interval_start: number;
  /** 0: not yet seen. */
  readonly before: number;
  readonly after: number;
  readonly customers: string;
}
