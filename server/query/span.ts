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

/** Null stands for all time. */
export function overlaps(a: EventSpan | null, b: EventSpan | null): boolean {
  return !a || !b || (a.fromMs < b.toMs && b.fromMs < a.toMs);
}
