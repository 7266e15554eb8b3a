/** What the funnel's statements return, and what trends and times to convert are asked with. Types only. */
import type { Interval } from '../../query/period.ts';

/** One place per step; numbers over nobody are not finite. */
export interface FunnelRow {
  readonly customers: readonly string[];
  /** Who reached the step before and not this one; nobody for the first step. */
  readonly dropped: readonly string[];
  /** Milliseconds since the step before; the first step has no place here. */
  readonly average: readonly (number | string)[];
  /** Median and ninetieth percentile of the same. */
  readonly quantiles: readonly (readonly (number | string)[])[];
  /** Median milliseconds from the first step to the last. */
  readonly median_total: number | string;
}

/** From which step to which (0-based), by what interval. */
export interface TrendQuery {
  readonly interval: Interval;
  readonly fromStep: number;
  readonly toStep: number;
}

export interface TrendRow {
  /** Start of the interval in seconds since 1970. */
  readonly start: number | string;
  readonly entered: string;
  readonly converted: string;
}

/** From which step to which (0-based), in how many bins; null: by the number of customers. */
export interface TimeToConvertQuery {
  readonly fromStep: number;
  readonly toStep: number;
  readonly bins: number | null;
}

/** One row per bin that holds somebody; none when nobody converted. */
export interface TimeToConvertRow {
  readonly low: string;
  readonly width: string;
  readonly bins: string;
  readonly customers: string;
  readonly average: number | string;
  readonly quantiles: readonly (number | string)[];
  readonly place: number | string;
  readonly count: string;
}
