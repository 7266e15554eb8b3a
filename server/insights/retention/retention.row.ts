/** A row of the retention statements, whichever counts it and whether it was read or kept. */

export interface RetentionRow {
  /** Position of the row's interval. */
  readonly cohort: number;
  /** Column. */
  readonly period: number;
  /** ON: who returned in it. Else: whose unbroken run, or last return, ends in it. Period 0: the size. */
  readonly customers: string;
  readonly events: string;
  readonly revenue: string;
  /** ROLLING, period 0: when the last member started, milliseconds; else 0. */
  readonly last_start_ms: string;
}
