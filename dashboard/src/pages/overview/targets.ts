// Key figures with their targets: which belongs to which, what is said of one. Pure.
import type { TargetKpi, TargetPeriod, TargetsSubscription } from '../../api/generated.ts';
import type { Format } from '../../format/format.ts';

export type Target = TargetsSubscription['targets'][number];
export type Unit = 'money' | 'count' | 'share';

export const PERIODS = ['DAY', 'WEEK', 'MONTH', 'QUARTER', 'YEAR'] as const satisfies readonly TargetPeriod[];

/** The target that stands on the tile: of the shortest period. */
export function targetOf(targets: readonly Target[], kpi: TargetKpi): Target | undefined {
  const own = targets.filter((target) => target.kpi === kpi);
  return own.sort((a, b) => PERIODS.indexOf(a.period) - PERIODS.indexOf(b.period))[0];
}

export interface TargetWords {
  week: (day: string) => string;
  quarter: (n: string, year: string) => string;
  progress: (share: string, target: string) => string;
  reached: (value: string, target: string) => string;
  ceiling: (value: string, target: string) => string;
  onTrack: (pace: string) => string;
  behind: (pace: string) => string;
  within: (forecast: string) => string;
  over: (forecast: string) => string;
  early: string;
  sentence: (parts: { period: string; target: string; value: string; share: string }) => string;
  expected: (share: string) => string;
  forecast: (value: string) => string;
  basis: Record<NonNullable<Target['progress']['basis']>, string>;
}

/** "Nov 2026", "week of Nov 16", "Q4 2026": named by its middle, which no time zone moves out of it. */
export function periodName({ period, progress }: Target, fmt: Format, words: TargetWords): string {
  const [from, to] = [Date.parse(progress.from), Date.parse(progress.to)];
  const middle = (from + to) / 2;
  if (period === 'WEEK') return words.week(fmt.period(from + 43_200_000, 'DAY'));
  if (period !== 'QUARTER') return fmt.period(middle, period, true);
  const quarter = Math.floor(new Date(middle).getUTCMonth() / 3) + 1;
  return words.quarter(fmt.count(quarter), fmt.period(middle, 'YEAR'));
}

/** Of rates and averages no share is told: 75 % of 4 % says little. */
const isRate = ({ kpi }: Target) => kpi.endsWith('_RATE') || kpi === 'AVERAGE_ORDER_VALUE';

export interface TargetText {
  period: string;
  /** How far it has come. */
  progress: string;
  /** What it comes to. */
  pace: string;
  /** All of it, for the hover and for readers. */
  sentence: string;
}

export function targetText(
  target: Target,
  value: (value: number) => string,
  fmt: Format,
  words: TargetWords,
): TargetText {
  const { progress, isCeiling } = target;
  const goal = value(target.value);
  const share = fmt.percent(progress.share, 0);
  const period = periodName(target, fmt, words);
  const soFar = progress.value === null ? '–' : value(progress.value);
  const pace = paceText(target, value, fmt, words);
  const parts = [
    words.sentence({ period, target: goal, value: soFar, share }),
    ...(progress.expectedShare === null ? [] : [words.expected(fmt.percent(progress.expectedShare, 0))]),
    pace,
    ...(progress.forecast === null ? [] : [words.forecast(value(progress.forecast))]),
    ...(progress.basis === null ? [] : [words.basis[progress.basis]]),
  ];
  return {
    period,
    progress: isCeiling
      ? words.ceiling(soFar, goal)
      : isRate(target)
        ? words.reached(soFar, goal)
        : words.progress(share, goal),
    pace,
    sentence: parts.map((part) => part.charAt(0).toUpperCase() + part.slice(1)).join('. '),
  };
}

function paceText(
  { progress: { pace, forecast, isOnTrack }, isCeiling }: Target,
  value: (value: number) => string,
  fmt: Format,
  words: TargetWords,
): string {
  if (pace === null || forecast === null) return words.early;
  if (isCeiling) return (isOnTrack ? words.within : words.over)(value(forecast));
  // What falls short is never said to be whole.
  const shown = isOnTrack ? Math.max(pace, 1) : Math.min(pace, 0.99);
  return (isOnTrack ? words.onTrack : words.behind)(fmt.percent(Math.round(shown * 100) / 100, 0));
}
