// What the cohort page asks, as it stands in the address, and as the API takes it. Pure.
import type {
  Interval,
  RangeInput,
  RetentionEntry,
  RetentionInput,
  RetentionMode,
} from '../../api/generated.ts';
import { checkMatch, checkWord, matchInput } from '../../selection/match.ts';
import type { Match } from '../../selection/match.ts';

export const INTERVALS = ['DAY', 'WEEK', 'MONTH', 'QUARTER', 'YEAR'] as const satisfies readonly Interval[];
export type CohortInterval = (typeof INTERVALS)[number];
export const ENTRIES = [
  'FIRST_TIME',
  'FIRST_EVER',
  'FIRST_IN_RANGE',
  'RECURRING',
] as const satisfies readonly RetentionEntry[];
export const MODES = ['ON', 'ON_OR_AFTER', 'EVERY'] as const satisfies readonly RetentionMode[];
export const SHOWN = ['rate', 'customers', 'revenue', 'lifetime'] as const;
/** What the cells show; revenue and lifetime value are per customer of the cohort. */
export type Shown = (typeof SHOWN)[number];
export const PERIODS = [4, 6, 12, 24, 52] as const;

export interface CohortState {
  /** Null: the store's purchase. */
  start: Match | null;
  /** Null: the same as `start`. */
  back: Match | null;
  /** Null: one that suits the range. */
  interval: CohortInterval | null;
  /** Columns after the first; null: as many as the range has. */
  periods: number | null;
  entry: RetentionEntry;
  mode: RetentionMode;
  show: Shown;
}

export const DEFAULTS: CohortState = {
  start: null,
  back: null,
  interval: null,
  periods: null,
  entry: 'FIRST_TIME',
  mode: 'ON',
  show: 'rate',
};

/** The parts that can be used of what stood in the address. */
export function checkCohorts(raw: Record<string, unknown>): Partial<CohortState> {
  const interval = checkWord(raw['interval'], INTERVALS);
  const periods = PERIODS.find((count) => count === raw['periods']);
  const entry = checkWord(raw['entry'], ENTRIES);
  const mode = checkWord(raw['mode'], MODES);
  const show = checkWord(raw['show'], SHOWN);
  return {
    start: checkMatch(raw['start']),
    back: checkMatch(raw['back']),
    ...(interval && { interval }),
    ...(periods && { periods }),
    ...(entry && { entry }),
    ...(mode && { mode }),
    ...(show && { show }),
  };
}

const DAYS: Record<CohortInterval, number> = { DAY: 1, WEEK: 7, MONTH: 30.4, QUARTER: 91.3, YEAR: 365.25 };
const MOST_PERIODS: Record<CohortInterval, number> = { DAY: 14, WEEK: 26, MONTH: 24, QUARTER: 12, YEAR: 10 };

/** An interval that gives some 5 to 20 cohorts over so many days. */
export function cohortInterval(days: number): CohortInterval {
  if (days <= 14) return 'DAY';
  if (days <= 120) return 'WEEK';
  return days <= 800 ? 'MONTH' : 'QUARTER';
}

/** As many columns as the oldest cohort of the range can fill. */
export function periodsFor(days: number, interval: CohortInterval): number {
  return Math.max(1, Math.min(MOST_PERIODS[interval], Math.ceil(days / DAYS[interval])));
}

/** The question. */
export function retentionInput(
  state: CohortState,
  start: Match,
  range: RangeInput,
  days: number,
): RetentionInput & { interval: CohortInterval } {
  const interval = state.interval ?? cohortInterval(days);
  const isMoney = state.show === 'revenue' || state.show === 'lifetime';
  return {
    start: matchInput(start),
    ...(state.back && { return: matchInput(state.back) }),
    range,
    interval,
    periods: state.periods ?? periodsFor(days, interval),
    entry: state.entry,
    mode: state.mode,
    ...(isMoney && { measure: 'REVENUE' as const }),
  };
}
