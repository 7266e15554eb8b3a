/** Rows to answer: rates from counts, seconds from milliseconds, null where nothing is defined. Pure. */
import type { FunnelQuery } from './funnel.query.ts';
import type { FunnelRow } from './funnel.rows.ts';

export interface FunnelStepResult {
  readonly index: number;
  readonly label: string;
  readonly customers: number;
  /** Share of the first step; 0 when nobody entered. */
  readonly rate: number;
  /** Share of the step before; 1 for the first. */
  readonly rateFromPrevious: number;
  readonly droppedOff: number;
  /** Since the step before, over those who made it; null for the first step and where nobody did. */
  readonly medianSeconds: number | null;
  readonly averageSeconds: number | null;
  readonly p90Seconds: number | null;
}

export interface FunnelResult {
  readonly steps: readonly FunnelStepResult[];
  /** Of those at the first step, the share that reached the last; 0 when nobody entered. */
  readonly conversionRate: number;
  /** First step to last, over those who reached it. */
  readonly medianSeconds: number | null;
}

export function funnelResult(query: FunnelQuery, row: FunnelRow): FunnelResult {
  const customers = row.customers.map(Number);
  const steps = query.steps.map(({ match }, index): FunnelStepResult => {
    const before = customers[index - 1];
    const droppedOff = Number(row.dropped[index] ?? 0);
    const [median, p90] = row.quantiles[index - 1] ?? [];
    return {
      index,
      label: match.label,
      customers: customers[index] ?? 0,
      rate: share(customers[index], customers[0]),
      rateFromPrevious: before === undefined ? 1 : share(before - droppedOff, before),
      droppedOff,
      medianSeconds: seconds(median),
      averageSeconds: seconds(row.average[index - 1]),
      p90Seconds: seconds(p90),
    };
  });
  const hasLaterSteps = steps.length > 1;
  return {
    steps,
    conversionRate: share(customers.at(-1), customers[0]),
    medianSeconds: hasLaterSteps ? seconds(row.median_total) : null,
  };
}

function share(part: number | undefined, whole: number | undefined): number {
  return part && whole ? part / whole : 0;
}

/** Statistics over nobody come as nan. */
function seconds(ms: number | string | undefined): number | null {
  const number = Number(ms ?? Number.NaN);
  return Number.isFinite(number) ? number / 1000 : null;
}
