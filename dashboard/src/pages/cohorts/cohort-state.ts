// What the cohort page asks, as it stands in the address, and as the API takes it. Pure.
import type {
  Interval,
  RangeInput,
  RetentionAlignment,
  RetentionEntry,
  RetentionInput,
  RetentionMeasure,
  RetentionMode,
} from '../../api/generated.ts';
import { breakdownInput, checkBreakdown } from '../../selection/breakdown.ts';
import type { Breakdown } from '../../selection/breakdown.ts';
import { checkMatch, checkWord, matchInput } from '../../selection/match.ts';
import type { Match } from '../../selection/match.ts';

export const INTERVALS = [
  'HOUR',
  'DAY',
  'WEEK',
  'MONTH',
  'QUARTER',
  'YEAR',
] as const satisfies readonly Interval[];
export type CohortInterval = Interval;
export const ENTRIES = [
  'FIRST_TIME',
  'FIRST_EVER',
  'FIRST_IN_RANGE',
  'RECURRING',
] as const satisfies readonly RetentionEntry[];
export const MODES = ['ON', 'ON_OR_AFTER', 'EVERY'] as const satisfies readonly RetentionMode[];
export const ALIGNMENTS = ['CALENDAR', 'ROLLING'] as const satisfies readonly RetentionAlignment[];
export const SHOWN = ['rate', 'customers', 'events', 'revenue', 'lifetime'] as const;
/** What the cells show; revenue and lifetime value are per customer of the cohort. */
export type Shown = (typeof SHOWN)[number];
export const PERIODS = [4, 6, 12, 24, 52] as const;
export const MAX_BRACKETS = 60;
export const MAX_MINIMUM = 1000;

export interface CohortState {
  /** Null: the store's purchase. */
  start: Match | null;
  /** Null: the same as `start`. */
  back: Match | null;
  /** Null: one that suits the range. */
  interval: CohortInterval | null;
  /** Columns after the first; null: as many as the range has. */
  periods: number | null;
  /** Instead of periods: columns of so many intervals each; empty: none. */
  brackets: number[];
  alignment: RetentionAlignment;
  /** A period counts only with so many return events in it. */
  minimum: number;
  entry: RetentionEntry;
  mode: RetentionMode;
  show: Shown;
  breakdown: Breakdown | null;
  /** Whose heat map is shown: an id of `seriesId`; null: all together. */
  series: string | null;
}

export const DEFAULTS: CohortState = {
  start: null,
  back: null,
  interval: null,
  periods: null,
  brackets: [],
  alignment: 'CALENDAR',
  minimum: 1,
  entry: 'FIRST_TIME',
  mode: 'ON',
  show: 'rate',
  breakdown: null,
  series: null,
};

/** The parts that can be used of what stood in the address. */
export function checkCohorts(raw: Record<string, unknown>): Partial<CohortState> {
  const interval = checkWord(raw['interval'], INTERVALS);
  const periods = PERIODS.find((count) => count === raw['periods']);
  const brackets: unknown[] = Array.isArray(raw['brackets']) ? raw['brackets'] : [];
  const alignment = checkWord(raw['alignment'], ALIGNMENTS);
  const minimum = raw['minimum'];
  const entry = checkWord(raw['entry'], ENTRIES);
  const mode = checkWord(raw['mode'], MODES);
  const show = checkWord(raw['show'], SHOWN);
  const breakdown = checkBreakdown(raw['breakdown']);
  const series = raw['series'];
  return {
    start: checkMatch(raw['start']),
    back: checkMatch(raw['back']),
    ...(interval && { interval }),
    ...(periods && { periods }),
    ...(brackets.every(isLength) && fits(brackets) && { brackets }),
    ...(alignment && { alignment }),
    ...(isLength(minimum) && minimum <= MAX_MINIMUM && { minimum }),
    ...(entry && { entry }),
    ...(mode && { mode }),
    ...(show && { show }),
    ...(breakdown && { breakdown }),
    ...(breakdown && typeof series === 'string' && { series }),
  };
}

const isLength = (raw: unknown): raw is number =>
  Number.isInteger(raw) && Number(raw) >= 1 && Number(raw) <= 1000;

/** "1, 1 2" -> [1, 1, 2]; null when it is no list of lengths. */
export function readBrackets(text: string): number[] | null {
  const parts = text.split(/[\s,;，；、]+/).filter(Boolean);
  const numbers = parts.map(Number);
  return numbers.every(isLength) && fits(numbers) ? numbers : null;
}

/** The server's limit on how far columns reach, in intervals. */
const fits = (brackets: readonly number[]): boolean =>
  brackets.length <= MAX_BRACKETS && brackets.reduce((sum, length) => sum + length, 0) <= 1000;

/** The intervals that a column spans, both ends inclusive: with brackets 1, 2 the second spans 2 to 3. */
export function spanOf(period: number, brackets: readonly number[]): { from: number; to: number } {
  if (period === 0 || brackets.length === 0) return { from: period, to: period };
  const before = brackets.slice(0, period - 1).reduce((sum, length) => sum + length, 0);
  return { from: before + 1, to: before + (brackets[period - 1] ?? 1) };
}

const HOUR = 1 / 24;
const DAYS: Record<CohortInterval, number> = {
  HOUR,
  DAY: 1,
  WEEK: 7,
  MONTH: 30.4,
  QUARTER: 91.3,
  YEAR: 365.25,
};
const MOST_PERIODS: Record<CohortInterval, number> = {
  HOUR: 24,
  DAY: 14,
  WEEK: 26,
  MONTH: 24,
  QUARTER: 12,
  YEAR: 10,
};
/** Rows that the picture still bears. */
const MOST_ROWS = 400;

/** An interval that gives some 5 to 20 cohorts over so many days. */
export function cohortInterval(days: number): CohortInterval {
  if (days <= 14) return 'DAY';
  if (days <= 120) return 'WEEK';
  return days <= 800 ? 'MONTH' : 'QUARTER';
}

/** The intervals that a range of so many days can be cut into: too many rows are no picture. */
export const intervalsFor = (days: number): readonly CohortInterval[] =>
  INTERVALS.filter((interval) => days / DAYS[interval] <= MOST_ROWS);

/** As many columns as the oldest cohort of the range can fill. */
export function periodsFor(days: number, interval: CohortInterval): number {
  return Math.max(1, Math.min(MOST_PERIODS[interval], Math.ceil(days / DAYS[interval])));
}

/** Periods of fixed length only can be counted from each customer's own start. */
export const canRoll = (interval: CohortInterval): boolean => ['HOUR', 'DAY', 'WEEK'].includes(interval);

/** The interval in force: the chosen one where the range bears it. */
export function intervalInForce(state: Pick<CohortState, 'interval'>, days: number): CohortInterval {
  const chosen = state.interval;
  return chosen && intervalsFor(days).includes(chosen) ? chosen : cohortInterval(days);
}

const MEASURES: Record<Shown, RetentionMeasure> = {
  rate: 'CUSTOMERS',
  customers: 'CUSTOMERS',
  events: 'EVENTS',
  revenue: 'REVENUE',
  lifetime: 'REVENUE',
};

/** The question. */
export function retentionInput(
  state: CohortState,
  start: Match,
  selected: Pick<RetentionInput, 'where' | 'audience'> & { range: RangeInput },
  days: number,
): RetentionInput & { interval: CohortInterval } {
  const interval = intervalInForce(state, days);
  const measure = MEASURES[state.show];
  return {
    start: matchInput(start),
    ...(state.back && { return: matchInput(state.back) }),
    ...selected,
    interval,
    ...(state.brackets.length
      ? { brackets: state.brackets }
      : { periods: state.periods ?? periodsFor(days, interval) }),
    ...(state.alignment === 'ROLLING' && canRoll(interval) && { alignment: 'ROLLING' as const }),
    ...(state.minimum > 1 && { minimumOccurrences: state.minimum }),
    entry: state.entry,
    mode: state.mode,
    ...(measure !== 'CUSTOMERS' && { measure }),
    ...(state.breakdown && { breakdown: breakdownInput(state.breakdown) }),
  };
}
