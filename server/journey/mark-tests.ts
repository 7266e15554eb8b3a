/**
 * Marks told in the program: whether one is on at an instant, from the times of its signal, and until when that
 * holds at least. The same marks as in SQL (marks-at.sql.ts, toggles.sql.ts). Knows neither facts nor stages.
 */
import type { Span } from '../query/duration.ts';
import type { StagePlan } from './conditions.ts';
import type { CountMark, Mark, SumMark } from './marks.ts';
import { leavesAt } from './signal-times.ts';
import type { SignalTimes, Times } from './signal-times.ts';

/** Whether something holds at an instant. */
export type Test = (ms: number) => boolean;

/** Hears of instants after the one asked for at which what was told may be over. */
export type Soon = (ms: number) => void;

/** How a mark is told in one place. */
export interface MarkReading {
  readonly plan: StagePlan;
  readonly signals: SignalTimes;
  /**
   * How matching events are counted in a window of months, which can let a later event go before an earlier one:
   * each for itself (stages at given instants), or by the first of as many newest, like all else (changes of stage).
   */
  readonly countsEach: boolean;
  readonly soon: Soon;
}

export function markTest(mark: Mark, { plan, signals, countsEach, soon }: MarkReading): Test {
  const { signal, window } = plan.tracks[mark.track] ?? { signal: -1, window: null };
  const times = signals.bySignal[signal] as Times;
  if (mark.kind === 'sum') return sumTest(mark, window, times, soon);
  if (!window) return everTest(mark, times, soon);
  const isScattered = countsEach && window.months > 0 && plan.signals[signal]?.kind === 'match';
  return (isScattered ? scatteredTest : countTest)(mark, window, times, soon);
}

function everTest({ atLeast }: CountMark, times: Times, soon: Soon): Test {
  return (ms) => {
    if (times.upTo(ms) >= atLeast) return true;
    if (times.length >= atLeast) soon(times.at[atLeast - 1] as number);
    return false;
  };
}

/** On while the first of as many newest is in the window. */
function countTest({ atLeast }: CountMark, window: Span, times: Times, soon: Soon): Test {
  return (ms) => {
    const count = times.upTo(ms);
    if (count >= atLeast) {
      const leaves = leavesAt(times.at[count - atLeast] as number, window);
      if (leaves > ms) {
        soon(leaves);
        // A calendar can let what comes later leave sooner.
        if (window.months > 0 && count < times.length) soon(times.at[count] as number);
        return true;
      }
    }
    const next = Math.max(count, atLeast - 1);
    if (next < times.length) soon(times.at[next] as number);
    return false;
  };
}

function scatteredTest({ atLeast }: CountMark, window: Span, times: Times, soon: Soon): Test {
  return (ms) => {
    const count = times.upTo(ms);
    let within = 0;
    let first = Infinity;
    const since = ms - longest(window);
    for (let i = count - 1; i >= 0 && (times.at[i] as number) > since; i -= 1) {
      const leaves = leavesAt(times.at[i] as number, window);
      if (leaves <= ms) continue;
      within += 1;
      first = Math.min(first, leaves);
    }
    if (within >= atLeast) soon(first);
    else if (count < times.length) soon(times.at[count] as number);
    return within >= atLeast;
  };
}

function sumTest({ compare, value }: SumMark, window: Span | null, times: Times, soon: Soon): Test {
  const isReached = COMPARES[compare];
  return (ms) => {
    const count = times.upTo(ms);
    const since = window ? ms - longest(window) : -Infinity;
    let sum = 0;
    let change = count < times.length ? (times.at[count] as number) : Infinity;
    for (let i = count - 1; i >= 0 && (times.at[i] as number) > since; i -= 1) {
      if (window) {
        const leaves = leavesAt(times.at[i] as number, window);
        if (leaves <= ms) continue;
        if (leaves < change) change = leaves;
      }
      sum += times.amounts[i] as number;
    }
    soon(change);
    return isReached(sum / 10_000, value);
  };
}

const COMPARES: Readonly<Record<SumMark['compare'], (sum: number, value: number) => boolean>> = {
  '>=': (sum, value) => sum >= value,
  '>': (sum, value) => sum > value,
  '<=': (sum, value) => sum <= value,
  '<': (sum, value) => sum < value,
};

/** No calendar makes it longer. */
export function longest({ months, ms }: Span): number {
  return months * 31 * 86_400_000 + ms;
}
