/** What the benchmarks ask: ranges that end where the generated history does, and funnels of three and six steps. */

/** Where the generated history ends, so that every run asks the same of the same data. */
export const END_MS = Date.UTC(2026, 5, 30);
export const DAY_MS = 86_400_000;

/** The last so many days of the generated history. */
export function lastDays(days: number, endMs = END_MS): { readonly from: Date; readonly to: Date } {
  return { from: new Date(endMs - days * DAY_MS), to: new Date(endMs) };
}

/** All of it: it begins eighteen months before its end. */
export const WHOLE_DAYS = 550;

export const FUNNELS = {
  3: ['product_viewed', 'product_added', 'order_completed'],
  6: [
    'page_viewed',
    'product_searched',
    'product_viewed',
    'product_added',
    'checkout_started',
    'order_completed',
  ],
} as const;

export type FunnelSize = keyof typeof FUNNELS;

/** The window within which a funnel must be passed, from its first step. */
export const WINDOW_DAYS = 14;

export function funnelInput(size: FunnelSize, days: number, endMs = END_MS) {
  return {
    steps: FUNNELS[size].map((event) => ({ match: { events: [event] } })),
    range: lastDays(days, endMs),
    window: `P${WINDOW_DAYS}D`,
  };
}

export const ORDER = 'order_completed';

/** 52 whole weeks, from a Monday to a Monday. */
export const WEEKS = { from: new Date(Date.UTC(2025, 5, 30)), to: new Date(Date.UTC(2026, 5, 29)) };
export const RETENTION_PERIODS = 11;
