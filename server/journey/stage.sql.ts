/**
 * Lifecycle stages in SQL: the events that rules look at, gathered once per customer, and the stage at given
 * instants. A stage is a number: 1 for the first of the map, 0 for a customer not yet seen.
 */
import type { Span } from '../query/duration.ts';
import { compileMatch } from '../query/event-match.ts';
import { customersTable, eventsTable, isOrder, orderKey, revenue } from '../query/events.ts';
import type { CompileScope } from '../query/events.ts';
import { compileFilter } from '../query/filter.ts';
import { and, empty, int, join, name, or, param, sql } from '../query/sql.ts';
import type { Sql } from '../query/sql.ts';
import { planStages } from './conditions.ts';
import type { Condition, Signal, StagePlan, Track } from './conditions.ts';
import type { JourneyMap } from './map.ts';

export type StageScope = Pick<CompileScope, 'vocabulary' | 'hasMergedIdentities'>;

/** Which customers are looked at, and which of their events the rules may see. */
export interface StageSelection {
  /** A condition on `customer_key`. */
  readonly customers: Sql;
  /** A condition on a row of events. */
  readonly events: Sql;
}

export const everybody: StageSelection = { customers: sql`1`, events: sql`1` };

const comma = sql`,\n  `;

/**
 * One row an event that matters up to `upToMs`, and one a customer for being known: `customer_key, at`
 * (milliseconds), `is_known, is_order, order_key, amount, match_N`.
 */
export function signalRows(
  plan: StagePlan,
  upToMs: number,
  selection: StageSelection,
  scope: StageScope,
): Sql {
  const matches = plan.signals.map((signal, s) =>
    signal.kind === 'match'
      ? { test: compileMatch(signal.match, scope.vocabulary), column: name('match', s) }
      : null,
  );
  const tests = matches.filter((match) => match !== null);
  const order = isOrder(scope.vocabulary);
  const relevant = or([order, sql`isNotNull(revenue)`, ...tests.map(({ test }) => test)]);
  const conditions = [sql`time <= ${param.time(upToMs)}`, relevant, selection.events, selection.customers];
  return sql`SELECT customer_key, toUnixTimestamp64Milli(time) AS at, 0 AS is_known, ${order} AS is_order, ${orderKey} AS order_key, ${revenue} AS amount${columns(
    tests.map(({ test, column }) => sql`${test} AS ${column}`),
  )}
FROM ${eventsTable(scope)} WHERE ${and(conditions)}
UNION ALL
SELECT customer_key, toUnixTimestamp64Milli(first_seen), 1, 0, 0, toDecimal64(0, 4)${columns(tests.map(() => sql`0`))}
FROM ${customersTable(scope)} WHERE ${selection.customers}`;
}

/** Each with a comma before it. */
export function columns(fragments: readonly Sql[]): Sql {
  return fragments.length === 0 ? empty : sql`, ${join(fragments, sql`, `)}`;
}

/** Times of a customer's orders, each at its first event, from `order_events`: (time, key) in order of time. */
export const orders = sql`arrayFilter((o, n) -> n = 1, tupleElement(order_events, 1), arrayEnumerateUniq(tupleElement(order_events, 2)))`;

/** The instant at which what happened at `at` (milliseconds) leaves the window. */
export function expiry(at: Sql, { months, ms }: Span): Sql {
  if (months === 0) return sql`${at} + ${int(ms)}`;
  return sql`toUnixTimestamp64Milli(addMonths(fromUnixTimestamp64Milli(${at}, 'UTC'), ${int(months)})) + ${int(ms)}`;
}

/** From `orders`, the times that an order signal counts. */
export function orderTimes(signal: Signal): Sql | null {
  switch (signal.kind) {
    case 'order':
      return sql`orders`;
    case 'firstOrder':
      return sql`arraySlice(orders, 1, 1)`;
    case 'comeback':
      return sql`arrayFilter((o, p) -> p >= 0 AND o >= ${expiry(sql`p`, signal.after)}, orders, arrayShiftRight(orders, 1, toInt64(-1)))`;
    case 'revenue':
    case 'match':
      return null;
  }
}

/**
 * A condition as 0 or 1. Written without AND and OR: those evaluate only what they need, row by row, which takes
 * twice the time of evaluating everything.
 */
function conditionSql(condition: Condition, value: (track: number) => Sql): Sql {
  switch (condition.kind) {
    case 'all':
      return together(sql`least`, condition.parts, value);
    case 'any':
      return together(sql`greatest`, condition.parts, value);
    case 'not':
      return sql`NOT ${conditionSql(condition.part, value)}`;
    case 'trait':
      return name('trait', condition.trait);
    case 'track':
      return condition.op === 'atLeast'
        ? sql`(${value(condition.track)} >= ${param.float(condition.value)})`
        : sql`(${value(condition.track)} <= ${param.float(condition.value)})`;
  }
}

function together(combine: Sql, parts: readonly Condition[], value: (track: number) => Sql): Sql {
  const [only, ...more] = parts.map((part) => conditionSql(part, value));
  if (!only) return sql`1`;
  return more.length === 0 ? only : sql`${combine}(${join([only, ...more], sql`, `)})`;
}

/** The conditions of all stages, in order; each 0 or 1. */
export function stageConditions(plan: StagePlan, value: (track: number) => Sql): readonly Sql[] {
  return plan.stages.map(({ condition }) => conditionSql(condition, value));
}

/** One 0/1 column per trait condition, for a row of customers. */
export function traitColumns(plan: StagePlan): readonly Sql[] {
  return plan.traits.map((filter, i) => sql`${compileFilter(filter)} AS ${name('trait', i)}`);
}

/**
 * `customer_key, first_at`, per instant i the values of all tracks (`track_T_at_i`) and `revenue_at_i` of all
 * time, and per signal its newest time by the latest instant (`last_S`, 0 for none); customers first seen by
 * the latest instant.
 */
export function trackValues(
  plan: StagePlan,
  instants: readonly number[],
  selection: StageSelection,
  scope: StageScope,
): Sql {
  const tracks = plan.tracks.flatMap((track, t) =>
    instants.map((at, i) => ({
      track,
      signal: plan.signals[track.signal] as Signal,
      at,
      column: trackAt(t, i),
    })),
  );
  const fromRows = tracks.filter(({ signal }) => orderTimes(signal) === null);
  const fromOrders = tracks.filter(({ signal }) => orderTimes(signal) !== null);
  const revenues = instants.map((_, i) => name(`revenue_at`, i));
  const latest = Math.max(...instants);
  const carried = [...revenues, ...fromRows.map(({ column }) => column), ...lastTimes(plan, false)];
  return sql`SELECT customer_key, first_at${columns(carried)}${columns(lastOrderTimes(plan))}${columns(
    fromOrders.map(
      ({ track, signal, at, column }) =>
        sql`arrayCount(o -> ${inWindow(sql`o`, track, at)}, ${orderTimes(signal) ?? empty}) AS ${column}`,
    ),
  )}${columns(traitColumns(plan))}
FROM (
SELECT customer_key, first_at, ${orders} AS orders${columns(carried)}
FROM (
SELECT customer_key, minIf(at, is_known) AS first_at,
  arraySort(groupArrayIf((at, order_key), is_order)) AS order_events${columns(
    instants.map((at, i) => sql`sumIf(amount, at <= ${param.int64(at)}) AS ${revenues[i] ?? empty}`),
  )}${columns(fromRows.map(rowTrack))}${columns(lastTimes(plan, true))}
FROM (
${signalRows(plan, latest, selection, scope)}
) GROUP BY customer_key HAVING first_at <= ${param.int64(latest)}))`;
}

/** Newest times of the signals that are read from rows: their columns, or how these are made. */
function lastTimes(plan: StagePlan, isMade: boolean): readonly Sql[] {
  return plan.signals.flatMap((signal, s): Sql[] => {
    if (orderTimes(signal) !== null) return [];
    const test = signal.kind === 'match' ? name('match', s) : sql`amount != 0`;
    return [isMade ? sql`maxIf(at, ${test}) AS ${name('last', s)}` : name('last', s)];
  });
}

function lastOrderTimes(plan: StagePlan): readonly Sql[] {
  return plan.signals.flatMap((signal, s): Sql[] => {
    const times = orderTimes(signal);
    return times ? [sql`(${times})[-1] AS ${name('last', s)}`] : [];
  });
}

function trackAt(track: number, instant: number): Sql {
  return name(`track_${track}_at`, instant);
}

function inWindow(at: Sql, { window }: Track, instantMs: number): Sql {
  const instant = param.int64(instantMs);
  const known = sql`${at} <= ${instant}`;
  return window ? sql`${known} AND ${expiry(at, window)} > ${instant}` : known;
}

interface RowTrack {
  readonly track: Track;
  readonly signal: Signal;
  readonly at: number;
  readonly column: Sql;
}

function rowTrack({ track, signal, at, column }: RowTrack): Sql {
  const isIn = inWindow(sql`at`, track, at);
  return signal.kind === 'revenue'
    ? sql`sumIf(amount, ${isIn}) AS ${column}`
    : sql`countIf(${name('match', track.signal)} AND ${isIn}) AS ${column}`;
}

/** `customer_key, revenue_at_i, stage_i` for each of the instants. */
export function stagesAt(
  map: JourneyMap,
  instants: readonly number[],
  selection: StageSelection,
  scope: StageScope,
): Sql {
  const plan = planStages(map);
  const stages = instants.map((at, i) => {
    const conditions = join(
      stageConditions(plan, (track) => trackAt(track, i)),
      comma,
    );
    const first = sql`arrayFirstIndex(c -> c, [${conditions}])`;
    return sql`toUInt8((first_at <= ${param.int64(at)}) * ${first}) AS ${name('stage', i)}`;
  });
  return sql`SELECT customer_key${columns(instants.map((_, i) => name('revenue_at', i)))}${columns(stages)}
FROM (
${trackValues(plan, instants, selection, scope)}
)`;
}

/**
 * What `CompileScope.customersInLifecycleStages` is made of: `SELECT customer_key ...` of those in one of the
 * stages at an instant, now unless given.
 */
export function customersInLifecycleStages(
  map: JourneyMap,
  scope: StageScope & Pick<CompileScope, 'nowMs'>,
): (stages: readonly string[], atMs?: number) => Sql {
  return (stages, atMs = scope.nowMs) => {
    const numbers = stages.map((key) => map.lifecycle.findIndex((stage) => stage.key === key) + 1);
    const isOne = or(numbers.filter((n) => n > 0).map((n) => sql`stage_0 = ${int(n)}`));
    return sql`SELECT customer_key FROM (${stagesAt(map, [atMs], everybody, scope)}) WHERE ${isOne}`;
  };
}
