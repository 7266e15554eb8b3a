/** Targets: which key figures may have one, for which periods, and when the period of now began and ends. Pure. */
import { addIntervals, startOfInterval } from '../query/period.ts';
import type { Interval } from '../query/period.ts';
import type { TimeRange, WeekStart } from '../query/time-range.ts';

export const TARGET_KPIS = [
  'REVENUE',
  'ORDERS',
  'AVERAGE_ORDER_VALUE',
  'CUSTOMERS',
  'NEW_CUSTOMERS',
  'ACTIVE_CUSTOMERS',
  'CONVERSION_RATE',
  'REPEAT_PURCHASE_RATE',
  'CHURN_RATE',
] as const;
export type TargetKpi = (typeof TARGET_KPIS)[number];

export const TARGET_PERIODS = ['DAY', 'WEEK', 'MONTH', 'QUARTER', 'YEAR'] as const satisfies Interval[];
export type TargetPeriod = (typeof TARGET_PERIODS)[number];

/** What a key figure is to come to in every period of a kind. */
export interface Target {
  readonly kpi: TargetKpi;
  /** Above zero; rates are 0..1. */
  readonly value: number;
  readonly period: TargetPeriod;
  readonly timeZone: string;
  readonly weekStart: WeekStart;
}

/** Of these, less is better: the target is not to be passed. */
export const isCeiling = (kpi: TargetKpi): boolean => kpi === 'CHURN_RATE';

/** How the end of a period is told from the part that has passed; docs/semantics.md says each in words. */
export type PaceRule = 'ADDS_UP' | 'GROWS' | 'AVERAGE';

export function paceRule(kpi: TargetKpi): PaceRule {
  if (kpi === 'REVENUE' || kpi === 'ORDERS' || kpi === 'NEW_CUSTOMERS') return 'ADDS_UP';
  return kpi === 'AVERAGE_ORDER_VALUE' ? 'AVERAGE' : 'GROWS';
}

/** The period that an instant lies in, and the one before it; milliseconds. */
export interface PeriodOfNow {
  readonly beforeMs: number;
  readonly fromMs: number;
  /** Exclusive. */
  readonly toMs: number;
}

export function periodOfNow(
  { period, ...frame }: Pick<Target, 'period'> & Pick<TimeRange, 'timeZone' | 'weekStart'>,
  nowMs: number,
): PeriodOfNow {
  const fromMs = startOfInterval(nowMs, period, frame);
  return {
    beforeMs: addIntervals(fromMs, period, -1, frame),
    fromMs,
    toMs: addIntervals(fromMs, period, 1, frame),
  };
}
