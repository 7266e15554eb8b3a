/**
 * How sales and active customers are kept up to date: counted by stretch of time, of what customers bought and when
 * they were seen. Pure; undefined where only running the statements again is exact.
 */
import type { CompileScope } from '../../query/events.ts';
import { edgesOf, IS_ORDER, isKept, saleFacts, sightingFacts } from '../../query/figure-facts.ts';
import type { Selected } from '../../query/figure-facts.ts';
import { clockOf } from '../../query/interval-clock.ts';
import type { IntervalClock } from '../../query/interval-clock.ts';
import type { Kept, Totals } from '../../query/kept.ts';
import { StretchTally } from '../../query/stretch-tally.ts';
import type { Figures } from '../../query/stretch-tally.ts';
import type { OverviewQuery } from './overview.query.ts';
import { PREVIOUS, TOTAL } from './overview.rows.ts';
import type { ActiveRow, SalesRow } from './overview.rows.ts';

export function keptSales(query: OverviewQuery, scope: CompileScope): Kept<SalesRow> | undefined {
  const selected: Selected = { ...query, match: null };
  if (!isKept(selected, query.audience)) return undefined;
  return {
    facts: saleFacts(selected, scope),
    shape: shapeOf('sales', query),
    edges: edgesOf(query),
    open: () => salesTotals(clockOf(query)),
  };
}

export function keptActive(query: OverviewQuery, scope: CompileScope): Kept<ActiveRow> | undefined {
  const selected: Selected = { ...query, match: null };
  if (!isKept(selected, query.audience)) return undefined;
  return {
    facts: sightingFacts(selected, scope),
    shape: shapeOf('active', query),
    edges: edgesOf(query),
    open: () => activeTotals(clockOf(query)),
  };
}

/** The calendar that is counted by. */
export function shapeOf(counted: string, { range, intervals }: OverviewQuery): string {
  return JSON.stringify([`overview.${counted}`, intervals.interval, range.timeZone, range.weekStart]);
}

const NOTHING: Figures = { facts: 0, customers: 0, keys: 0, amount: '0' };

function salesTotals(clock: IntervalClock): Totals<SalesRow> {
  const all = new StretchTally({ clock, width: 3 });
  const orders = new StretchTally({ clock, width: 3, counts: (kind) => (kind & IS_ORDER) !== 0 });
  return {
    count(facts, edges, weight) {
      all.count(facts, edges, weight);
      orders.count(facts, edges, weight);
    },
    until(facts, edges, out) {
      all.until(facts, edges, out);
    },
    rows(edges) {
      const [total, previous] = [all.total(), all.previous()];
      const ordersAt = new Map(orders.intervals(edges).map(({ position, of }) => [position, of]));
      const rows = all
        .intervals(edges)
        .map(({ position, of }) => salesRow([0, 0, position], of, ordersAt.get(position) ?? null));
      if (total) rows.push(salesRow([0, 1, 0], total, orders.total()));
      if (previous) {
        const own = orders.previous();
        rows.push(salesRow([1, 0, PREVIOUS], previous, own), salesRow([1, 1, 0], previous, own));
      }
      return rows;
    },
  };
}

function salesRow(
  [isPrevious, isTotal, position]: readonly [number, number, number],
  { amount }: Figures,
  orders: Figures | null,
): SalesRow {
  const { keys, amount: orderAmount, customers } = orders ?? NOTHING;
  return {
    is_previous: isPrevious,
    is_total: isTotal,
    position,
    revenue: amount,
    orders: String(keys),
    order_revenue: orderAmount,
    buyers: String(customers),
  };
}

function activeTotals(clock: IntervalClock): Totals<ActiveRow> {
  const tally = new StretchTally({ clock, width: 1 });
  const row = (position: number, { customers }: Figures): ActiveRow => ({
    position,
    active: String(customers),
  });
  return {
    count(facts, edges, weight) {
      tally.count(facts, edges, weight);
    },
    until(facts, edges, out) {
      tally.until(facts, edges, out);
    },
    rows(edges) {
      const [total, previous] = [tally.total(), tally.previous()];
      return [
        ...(total ? [row(TOTAL, total)] : []),
        ...(previous ? [row(PREVIOUS, previous)] : []),
        ...tally.intervals(edges).map(({ position, of }) => row(position, of)),
      ];
    },
  };
}
