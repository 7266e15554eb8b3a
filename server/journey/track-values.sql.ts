/** The values of all tracks of each customer at given instants, in SQL: what a stage is told and explained from. */
import { empty, name, param, sql } from '../query/sql.ts';
import type { Sql } from '../query/sql.ts';
import type { Signal, StagePlan, Track } from './conditions.ts';
import {
  columns,
  expiry,
  orderEvents,
  orderSequences,
  orderTimes,
  signalRows,
  traitColumns,
} from './signals.sql.ts';
import type { StageScope, StageSelection } from './signals.sql.ts';

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
SELECT customer_key, first_at${columns([...orderSequences(plan), ...carried])}
FROM (
SELECT customer_key, minIf(at, is_known) AS first_at${columns([
    ...orderEvents(plan),
    ...instants.map((at, i) => sql`${revenueAt(at)} AS ${revenues[i] ?? empty}`),
    ...fromRows.map(rowTrack),
    ...lastTimes(plan, true),
  ])}
FROM (
${signalRows(plan, { upToMs: latest, withRevenue: true }, selection, scope)}
) GROUP BY customer_key))`;
}

/** All revenue up to an instant, over signal rows. */
export function revenueAt(atMs: number): Sql {
  return sql`sumIf(amount, at <= ${param.int64(atMs)})`;
}

export function trackAt(track: number, instant: number): Sql {
  return name(`track_${track}_at`, instant);
}

/** Newest times of the signals that are read from rows: their columns, or how these are made. */
function lastTimes(plan: StagePlan, isMade: boolean): readonly Sql[] {
  return plan.signals.flatMap((signal, s): Sql[] => {
    if (orderTimes(signal) !== null) return [];
    const isOne = name('is_signal', s);
    const test = signal.kind === 'match' ? isOne : sql`amount != 0 AND ${isOne}`;
    return [isMade ? sql`maxIf(at, ${test}) AS ${name('last', s)}` : name('last', s)];
  });
}

function lastOrderTimes(plan: StagePlan): readonly Sql[] {
  return plan.signals.flatMap((signal, s): Sql[] => {
    const times = orderTimes(signal);
    return times ? [sql`(${times})[-1] AS ${name('last', s)}`] : [];
  });
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
  const isIn = sql`${name('is_signal', track.signal)} AND ${inWindow(sql`at`, track, at)}`;
  return signal.kind === 'revenue'
    ? sql`sumIf(amount, ${isIn}) AS ${column}`
    : sql`countIf(${isIn}) AS ${column}`;
}
