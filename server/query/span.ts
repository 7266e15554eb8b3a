/** A stretch of event time, and which stretches an answer depends on. Pure; knows neither events nor clock. */

/** `[fromMs, toMs)`, milliseconds since 1970. */
export interface EventSpan {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Everything up to an instant, itself included. */
export function upTo(ms: number): EventSpan {
  return { fromMs: -Infinity, toMs: ms + 1 };
}

/** The shortest stretch that holds both; null stands for all time. */
export function joined(a: EventSpan | null, b: EventSpan | null): EventSpan | null {
  return a && b && { fromMs: Math.min(a.fromMs, b.fromMs), toMs: Math.max(a.toMs, b.toMs) };
}

/** When the events happened that changed; null: anything may have changed. */
export type Change = readonly EventSpan[] | null;

/** More stretches than this are taken for the one that holds them all. */
const MOST_SPANS = 50;

/** The same time in as few stretches as may be, in order. */
export function merged(spans: readonly EventSpan[]): readonly EventSpan[] {
  const whole: { fromMs: number; toMs: number }[] = [];
  for (const { fromMs, toMs } of [...spans].sort((a, b) => a.fromMs - b.fromMs)) {
    const last = whole.at(-1);
    if (last && fromMs <= last.toMs) last.toMs = Math.max(last.toMs, toMs);
    else whole.push({ fromMs, toMs });
  }
  const [first, last] = [whole[0], whole.at(-1)];
  if (!first || !last || whole.length <= MOST_SPANS) return whole;
  return [{ fromMs: first.fromMs, toMs: last.toMs }];
}

/** Whether what depends on `reads` (null: on all time) may be another after the change. */
export function concerns(change: Change, reads: EventSpan | null): boolean {
  if (change === null || (reads === null && change.length > 0)) return true;
  return change.some((span) => reads !== null && span.fromMs < reads.toMs && reads.fromMs < span.toMs);
}
