/**
 * Recency, frequency and monetary value worked out slowly and plainly over arrays of events: what the compiled
 * statements are compared with. The segments are said here as ranges, as the documentation prints them.
 */
export interface RfmEvent {
  readonly id: string;
  readonly customer: string;
  readonly event: 'visit' | 'purchase' | 'return';
  readonly timeMs: number;
  readonly orderId: string;
  /** Whole cents. */
  readonly cents: number | null;
}

export interface RfmSpan {
  readonly atMs: number;
  /** Null: all up to `atMs`. */
  readonly range: { readonly fromMs: number; readonly toMs: number } | null;
}

export interface Scored {
  readonly customer: string;
  readonly recencyDays: number | null;
  readonly frequency: number;
  readonly monetary: number;
  readonly r: number;
  readonly f: number;
  readonly m: number;
  readonly segment: string;
}

/** Everybody known by then. */
export function scoresOf(all: readonly RfmEvent[], { atMs, range }: RfmSpan): readonly Scored[] {
  const known = all.filter(({ timeMs }) => timeMs <= atMs);
  const counted = known.filter(
    ({ timeMs }) => range === null || (timeMs >= range.fromMs && timeMs < range.toMs),
  );
  const customers = [...new Set(known.map(({ customer }) => customer))].map((customer) => {
    const own = counted.filter((event) => event.customer === customer);
    const orders = new Map<string, number>();
    for (const event of own.filter(isOrder)) {
      const key = event.orderId || `event ${event.id}`;
      orders.set(key, Math.min(orders.get(key) ?? Infinity, event.timeMs));
    }
    return {
      customer,
      lastMs: orders.size === 0 ? null : Math.max(...orders.values()),
      frequency: orders.size,
      cents: own.reduce((sum, { cents }) => sum + (cents ?? 0), 0),
    };
  });
  const buyers = customers.filter(({ lastMs }) => lastMs !== null);
  const score = (value: number, values: readonly number[]): number =>
    1 + Math.floor((5 * values.filter((other) => other < value).length) / values.length);
  const column = (of: (buyer: (typeof buyers)[number]) => number): number[] => buyers.map(of);
  return customers.map(({ customer, lastMs, frequency, cents }): Scored => {
    const base = { customer, frequency, monetary: cents / 100 };
    if (lastMs === null) return { ...base, recencyDays: null, r: 0, f: 0, m: 0, segment: 'prospects' };
    const r = score(
      lastMs,
      column((buyer) => buyer.lastMs ?? 0),
    );
    const f = score(
      frequency,
      column((buyer) => buyer.frequency),
    );
    const m = score(
      cents,
      column((buyer) => buyer.cents),
    );
    return { ...base, recencyDays: (atMs - lastMs) / 86_400_000, r, f, m, segment: segment(r, (f + m) / 2) };
  });
}

function isOrder({ event, orderId, cents }: RfmEvent): boolean {
  return event === 'purchase' || (event !== 'return' && orderId !== '' && (cents ?? -1) >= 0);
}

function segment(r: number, fm: number): string {
  if (r === 5 && fm > 3) return 'champions';
  if (r >= 3 && fm > 3) return 'loyal';
  if (r >= 4 && fm > 1) return 'active';
  if (r >= 4) return r === 4 ? 'promising' : 'new';
  if (r === 3) return fm > 2 ? 'needs attention' : 'almost lost';
  if (fm > 4) return 'previously loyal';
  return fm > 2 ? 'at risk' : 'dormant';
}
