/**
 * The pace of a target: what the part of the period that has passed says for its end. How much of a period's orders
 * should be there by now goes by the weekday and the hour at which orders came in the four weeks before. Pure.
 */
import { DateTime } from 'luxon';
import { addIntervals, startOfInterval } from '../query/period.ts';
import type { Point } from '../query/series.ts';
import type { TimeRange } from '../query/time-range.ts';
import { isCeiling, paceRule } from './targets.query.ts';
import type { Target } from './targets.query.ts';

type Frame = Pick<TimeRange, 'timeZone' | 'weekStart'>;

/** How much comes in which hour of the week: 7 x 24 weights, Monday's first hour first. */
export type WeekPattern = readonly number[];

export const PATTERN_DAYS = 28;
const FEWEST_ORDERS = 50;
/** Earlier in a period nothing is said: the least accident would be taken for a course. */
const LEAST_SHARE = 0.02;
const DAY_MS = 86_400_000;

/** From orders by the hour; null where they are too few, or do not cover the whole time. */
export function weekPattern(hours: readonly Point[], { timeZone }: Frame): WeekPattern | null {
  const first = hours[0];
  const total = hours.reduce((sum, { value }) => sum + value, 0);
  const hasBegun = hours.some(
    ({ startMs, value }) => value > 0 && startMs < (first?.startMs ?? 0) + 7 * DAY_MS,
  );
  if (!first || total < FEWEST_ORDERS || !hasBegun) return null;
  const weights = new Array<number>(7 * 24).fill(0);
  for (const { startMs, value } of hours) {
    const at = DateTime.fromMillis(startMs, { zone: timeZone });
    const hour = (at.weekday - 1) * 24 + at.hour;
    weights[hour] = (weights[hour] ?? 0) + value;
  }
  return weights;
}

/** Which share of a period has passed, each hour weighed by the pattern; without one, all alike. 0..1. */
export function shareByNow(
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
  nowMs: number,
  pattern: WeekPattern | null,
  frame: Frame,
): number {
  if (nowMs <= fromMs) return 0;
  if (nowMs >= toMs) return 1;
  if (!pattern) return (nowMs - fromMs) / (toMs - fromMs);
  let whole = 0;
  let passed = 0;
  const first = startOfInterval(fromMs, 'DAY', frame);
  for (let i = 0, start = first; start < toMs; i += 1) {
    const end = addIntervals(first, 'DAY', i + 1, frame);
    const day = DateTime.fromMillis(start, { zone: frame.timeZone }).weekday - 1;
    const weights = pattern.slice(day * 24, day * 24 + 24);
    const weight = sum(weights);
    whole += weight;
    if (end <= nowMs) passed += weight;
    else if (start < nowMs) passed += untilHour(weights, hourOf(nowMs, frame));
    start = end;
  }
  return whole === 0 ? (nowMs - fromMs) / (toMs - fromMs) : passed / whole;
}

const sum = (weights: readonly number[]): number => weights.reduce((all, weight) => all + weight, 0);

/** The hour by the wall's clock, with the part of it that has passed. */
function hourOf(ms: number, { timeZone }: Frame): number {
  const at = DateTime.fromMillis(ms, { zone: timeZone });
  return at.hour + (at.minute * 60 + at.second) / 3600;
}

function untilHour(weights: readonly number[], hour: number): number {
  const whole = Math.floor(hour);
  return sum(weights.slice(0, whole)) + (weights[whole] ?? 0) * (hour - whole);
}

export const PACE_BASES = ['WEEK_PATTERN', 'LINEAR', 'PERIOD_BEFORE', 'AS_IT_IS'] as const;
export type PaceBasis = (typeof PACE_BASES)[number];

/** What is known of the period of now. */
export interface Standing {
  /** Of the key figure in the period until now; null where it is not defined. */
  readonly value: number | null;
  /** The share of the period that has passed, in time alone. */
  readonly elapsedShare: number;
  /** For what adds up: the share that should be there by now. */
  readonly byPattern: { readonly share: number; readonly isLinear: boolean } | null;
  /** For what grows: the key figure of the period before, after as long as this one lasts by now, and at its end. */
  readonly before: { readonly part: number | null; readonly whole: number | null } | null;
}

export interface Progress {
  readonly value: number | null;
  /** Of the target. */
  readonly share: number | null;
  /** Which share of the target should be reached by now; null where it cannot be said. */
  readonly expectedShare: number | null;
  /** What the period comes to at its end, as it goes; null where it cannot be said. */
  readonly forecast: number | null;
  /** forecast / target. */
  readonly pace: number | null;
  readonly isOnTrack: boolean | null;
  readonly basis: PaceBasis | null;
}

export function progressOf(target: Pick<Target, 'kpi' | 'value'>, standing: Standing): Progress {
  const { value } = standing;
  const share = value === null ? null : value / target.value;
  const by = basisOf(target, standing);
  if (value === null || share === null || by === null) {
    return { value, share, expectedShare: null, forecast: null, pace: null, isOnTrack: null, basis: null };
  }
  const forecast = value / by.done;
  const pace = forecast / target.value;
  const isOnTrack = isCeiling(target.kpi) ? pace <= 1 : pace >= 1;
  const expectedShare = by.basis === 'AS_IT_IS' ? null : Math.min(by.done, 1);
  return { value, share, expectedShare, forecast, pace, isOnTrack, basis: by.basis };
}

/** Which part of its final value the key figure should have by now. */
function basisOf(
  { kpi }: Pick<Target, 'kpi'>,
  { elapsedShare, byPattern, before }: Standing,
): { readonly done: number; readonly basis: PaceBasis } | null {
  switch (paceRule(kpi)) {
    case 'ADDS_UP': {
      if (!byPattern || byPattern.share < LEAST_SHARE) return null;
      return { done: byPattern.share, basis: byPattern.isLinear ? 'LINEAR' : 'WEEK_PATTERN' };
    }
    case 'GROWS': {
      if (elapsedShare < LEAST_SHARE || !before?.part || !before.whole) return null;
      return { done: before.part / before.whole, basis: 'PERIOD_BEFORE' };
    }
    case 'AVERAGE':
      return elapsedShare < LEAST_SHARE ? null : { done: 1, basis: 'AS_IT_IS' };
  }
}
