/**
 * The events that lifecycle rules look at, in SQL: one row an event that matters, and what a customer's orders
 * are. Knows neither windows' values nor stages.
 */
import type { Span } from '../query/duration.ts';
import { compileMatch } from '../query/event-match.ts';
import { customersTable, eventsTable, isOrder, orderKey, revenue } from '../query/events.ts';
import type { CompileScope } from '../query/events.ts';
import { compileFilter } from '../query/filter.ts';
import { gatheredOrderEvents, orderTimesFrom } from '../query/order-times.ts';
import { and, empty, int, join, name, or, param, sql } from '../query/sql.ts';
import type { Sql } from '../query/sql.ts';
import type { Signal, StagePlan } from './conditions.ts';

export type StageScope = Pick<CompileScope, 'vocabulary' | 'hasMergedIdentities'>;

/** Which customers are looked at, and which of their events the rules may see. */
export interface StageSelection {
  /** A condition on `customer_key`. */
  readonly customers: Sql;
  /** A condition on a row of events. */
  readonly events: Sql;
}

export const everybody: StageSelection = { customers: sql`1`, events: sql`1` };

/** Which rows are read. */
export interface SignalReach {
  readonly upToMs: number;
  /** From here on signals are told: what has left all of its windows by then is not read. Absent: all are read. */
  readonly fromMs?: number;
  /** All revenue is read, whatever the rules ask for. */
  readonly withRevenue: boolean;
}

/**
 * One row an event that matters: `customer_key, at` (milliseconds), `is_known` 0, `order_key, amount, is_order_N`
 * per sequence of orders, `is_signal_S` per signal that asks for more than that.
 */
export function eventRows(
  plan: StagePlan,
  reach: SignalReach,
  selection: StageSelection,
  scope: StageScope,
): Sql {
  const orders = plan.orders.map((where) => narrowed(isOrder(scope.vocabulary), where));
  const told = plan.signals.flatMap((signal, s) => {
    const test = signalTest(signal, scope);
    return test ? [{ s, test }] : [];
  });
  const relevant = or([
    ...(reach.withRevenue ? [sql`has_revenue`] : []),
    ...orders,
    ...told.map(({ s, test }) => since(plan, s, test, reach.fromMs)),
  ]);
  const conditions = [
    sql`time <= ${param.time(reach.upToMs)}`,
    relevant,
    selection.events,
    selection.customers,
  ];
  return sql`SELECT customer_key, toUnixTimestamp64Milli(time) AS at, 0 AS is_known, ${orderKey} AS order_key, ${revenue} AS amount${columns(
    [
      ...orders.map((test, n) => sql`${test} AS ${name('is_order', n)}`),
      ...told.map(({ s, test }) => sql`${test} AS ${name('is_signal', s)}`),
    ],
  )}
FROM ${eventsTable(scope)} WHERE ${and(conditions)}`;
}

/** The same, and one row or more a customer first seen by then, with `is_known` 1. */
export function signalRows(
  plan: StagePlan,
  reach: SignalReach,
  selection: StageSelection,
  scope: StageScope,
): Sql {
  const none = [
    ...plan.orders,
    ...plan.signals.filter(({ kind }) => kind === 'match' || kind === 'revenue'),
  ].map(() => sql`0`);
  return sql`${eventRows(plan, reach, selection, scope)}
UNION ALL
SELECT customer_key, toUnixTimestamp64Milli(first_seen), 1, 0, toDecimal64(0, 4)${columns(none)}
FROM ${customersTable(scope)} WHERE ${and([sql`first_seen <= ${param.time(reach.upToMs)}`, selection.customers])}`;
}

/** What makes an event one of the signal, where that is not told by the columns that every row has. */
export function signalTest(signal: Signal, scope: StageScope): Sql | null {
  if (signal.kind === 'match') return compileMatch(signal.match, scope.vocabulary);
  return signal.kind === 'revenue' ? narrowed(sql`has_revenue`, signal.where) : null;
}

export function narrowed(test: Sql, where: Parameters<typeof compileFilter>[0]): Sql {
  const isEverything = where.kind === 'all' && where.parts.length === 0;
  return isEverything ? test : and([test, compileFilter(where)]);
}

/** The test, of events that are in one of the signal's windows at `fromMs` or come later. */
function since(plan: StagePlan, s: number, test: Sql, fromMs: number | undefined): Sql {
  const windows = plan.tracks.filter(({ signal }) => signal === s).map(({ window }) => window);
  if (fromMs === undefined || windows.length === 0 || windows.includes(null)) return test;
  const earliest = fromMs - Math.max(...windows.map((window) => (window ? longest(window) : 0)));
  return earliest > 0 ? and([test, sql`time > ${param.time(earliest)}`]) : test;
}

/** No calendar makes it longer. */
function longest({ months, ms }: Span): number {
  return months * 31 * 86_400_000 + ms;
}

/** Each with a comma before it. */
export function columns(fragments: readonly Sql[]): Sql {
  return fragments.length === 0 ? empty : sql`, ${join(fragments, sql`, `)}`;
}

/** Per sequence of orders, over signal rows: its events as `order_events_N`. */
export function orderEvents(plan: StagePlan): readonly Sql[] {
  return plan.orders.map(
    (_, n) => sql`${gatheredOrderEvents(name('is_order', n))} AS ${name('order_events', n)}`,
  );
}

/** From `order_events_N`: the times of the orders as `orders_N`. */
export function orderSequences(plan: StagePlan): readonly Sql[] {
  return plan.orders.map((_, n) => sql`${orderTimesFrom(name('order_events', n))} AS ${name('orders', n)}`);
}

/** From `orders_N`, the times that an order signal counts. */
export function orderTimes(signal: Signal): Sql | null {
  switch (signal.kind) {
    case 'order':
      return name('orders', signal.orders);
    case 'firstOrder':
      return sql`arraySlice(${name('orders', signal.orders)}, 1, 1)`;
    case 'comeback': {
      const orders = name('orders', signal.orders);
      return sql`arrayFilter((o, p) -> p >= 0 AND o >= ${expiry(sql`p`, signal.after)}, ${orders}, arrayShiftRight(${orders}, 1, toInt64(-1)))`;
    }
    case 'revenue':
    case 'match':
      return null;
  }
}

/** The instant at which what happened at `at` (milliseconds) leaves the window. */
export function expiry(at: Sql, { months, ms }: Span): Sql {
  if (months === 0) return sql`${at} + ${int(ms)}`;
  return sql`toUnixTimestamp64Milli(addMonths(fromUnixTimestamp64Milli(${at}, 'UTC'), ${int(months)})) + ${int(ms)}`;
}

/** One 0/1 column per trait condition, for a row of customers. */
export function traitColumns(plan: StagePlan): readonly Sql[] {
  return plan.traits.map((filter, i) => sql`${compileFilter(filter)} AS ${name('trait', i)}`);
}

export function traitNames(plan: StagePlan): readonly Sql[] {
  return plan.traits.map((_, i) => name('trait', i));
}
