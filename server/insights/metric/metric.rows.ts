/** What the metric's statements return. */
export interface MetricRow {
  /** 1 for the range before, which has no intervals. */
  readonly is_previous: number;
  /** 1 for the whole range. */
  readonly is_total: number;
  /** Position of the interval. */
  readonly position: number;
  readonly numerator: string | number;
  readonly denominator: string | number;
}

/** Position of the range before. */
export const PREVIOUS = -1;
