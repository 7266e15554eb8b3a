/** Which marks are on at given instants, per customer, in SQL: what stages at an instant are told from. */
import { empty, int, name, param, sql } from '../query/sql.ts';
import type { Sql } from '../query/sql.ts';
import type { Signal, StagePlan, Track } from './conditions.ts';
import {
  countOfRows,
  gatheredSignals,
  instantOfRow,
  isOfSignal,
  revenueUpTo,
  sumOfRows,
} from './gathered-signals.sql.ts';
import { compareSql, marksOf } from './marks.ts';
import type { CountMark, Mark } from './marks.ts';
import { columns, expiry, orderTimes, signalRows, traitColumns } from './signals.sql.ts';
import type { StageScope, StageSelection } from './signals.sql.ts';

/**
 * `customer_key, first_at, trait_N`, and per instant i `mark_M_at_i` (0 or 1) and `revenue_at_i` of all time;
 * customers first seen by the latest instant.
 */
export function marksAt(
  plan: StagePlan,
  instants: readonly number[],
  selection: StageSelection,
  scope: StageScope,
): Sql {
  const latest = Math.max(...instants);
  const reach = { upToMs: latest, fromMs: Math.min(...instants), withRevenue: true };
  const marks = marksOf(plan).map((mark, m) => ({ mark, m, track: plan.tracks[mark.track] as Track }));
  const isOfOrders = ({ track }: (typeof marks)[number]): boolean =>
    orderTimes(signalOf(plan, track)) !== null;
  const fromRows = marks.filter((made) => !isOfOrders(made));
  const fromOrders = marks.filter(isOfOrders);
  const counted = [...new Set(fromOrders.map(({ track }) => track.signal))];
  return sql`SELECT *${columns(
    fromOrders.flatMap(({ mark, m, track }) =>
      instants.map((at, i) => sql`${isReached(mark, track, at, i)} AS ${markAt(m, i)}`),
    ),
  )}
FROM (
SELECT *${columns(counted.flatMap((s) => instants.map((at, i) => sql`${happenedBy(s, at, latest)} AS ${happened(s, i)}`)))}
FROM (
SELECT *${columns(counted.map((s) => sql`${orderTimes(plan.signals[s] as Signal) ?? empty} AS ${name('times', s)}`))}
FROM (
SELECT *${columns(traitColumns(plan))}
FROM (
${gatheredSignals(plan, signalRows(plan, reach, selection, scope), [
  ...instants.map((at, i) => ({ column: name('revenue_at', i), value: revenueUpTo(at, plan) })),
  ...fromRows.flatMap(({ mark, m, track }) =>
    instants.map((at, i) => ({ column: markAt(m, i), value: isOnFromRows(mark, track, at, plan) })),
  ),
])}
))))`;
}

export function markAt(mark: number, instant: number): Sql {
  return name(`mark_${mark}_at`, instant);
}

function signalOf(plan: StagePlan, track: Track): Signal {
  return plan.signals[track.signal] as Signal;
}

/** How many of the signal's times lie up to an instant; none lies after the latest. */
function happenedBy(signal: number, atMs: number, latestMs: number): Sql {
  const times = name('times', signal);
  if (atMs === latestMs) return sql`length(${times})`;
  return sql`arrayCount(t -> t <= ${param.int64(atMs)}, ${times})`;
}

function happened(signal: number, instant: number): Sql {
  return name(`happened_${signal}_by`, instant);
}

/** A count is reached while the first of as many newest is in the window; times stand in order. */
function isReached(mark: Mark, { signal, window }: Track, atMs: number, instant: number): Sql {
  const { atLeast } = mark as CountMark;
  const count = happened(signal, instant);
  const isMany = sql`${count} >= ${int(atLeast)}`;
  if (!window) return isMany;
  const first = sql`${name('times', signal)}[greatest(toInt64(${count}) - ${int(atLeast - 1)}, 1)]`;
  return sql`least(${isMany}, ${expiry(first, window)} > ${param.int64(atMs)})`;
}

/** The same of what is not an order. */
function isOnFromRows(mark: Mark, { signal, window }: Track, atMs: number, plan: StagePlan): Sql {
  const instant = param.int64(atMs);
  const isIn = [
    isOfSignal(signal, plan),
    sql`${instantOfRow} <= ${instant}`,
    ...(window ? [sql`${expiry(instantOfRow, window)} > ${instant}`] : []),
  ].reduce((all, test) => sql`bitAnd(${all}, ${test})`);
  return mark.kind === 'sum'
    ? sql`${sumOfRows(isIn)} ${compareSql(mark)} ${param.float(mark.value)}`
    : sql`${countOfRows(isIn)} >= ${int(mark.atLeast)}`;
}
