/**
 * All changes of stage in a stretch of time, in one pass: per customer, the instants at which any track
 * changes (an event, or an event leaving a window) are sorted, the tracks are running sums over them, and the
 * stage is taken after each instant. Changes that are due to time alone come out like any other.
 */
import { int, join, name, param, sql } from '../query/sql.ts';
import type { Sql } from '../query/sql.ts';
import { planStages } from './conditions.ts';
import type { Signal, StagePlan } from './conditions.ts';
import type { JourneyMap } from './map.ts';
import {
  columns,
  expiry,
  orders,
  orderTimes,
  signalRows,
  stageConditions,
  traitColumns,
} from './stage.sql.ts';
import type { StageScope, StageSelection } from './stage.sql.ts';

/** A point packs its instant (milliseconds) and its kind: what happens there. */
const KINDS = int(256);
const KNOWN = 0;

/** An event of the signal arrives. */
const arrival = (signal: number): Sql => int(1 + signal);
/** It leaves the window of the track. */
const departure = (plan: StagePlan, track: number): Sql => int(1 + plan.signals.length + track);

interface Points {
  /** Array of instants in milliseconds. */
  readonly at: Sql;
  readonly kind: Sql;
  /** Array of what is added to a sum; null for counts. */
  readonly amounts: Sql | null;
}

/**
 * `customer_key, at, before, after`: the stage (0: not yet seen) changed at `at`, in milliseconds. What
 * happened up to `fromMs` stands as one change at `fromMs`; nothing after `toMs`.
 */
export function stageChanges(
  map: JourneyMap,
  stretch: { readonly fromMs: number; readonly toMs: number },
  selection: StageSelection,
  scope: StageScope,
): Sql {
  const plan = planStages(map);
  const traits = plan.traits.map((_, i) => name('trait', i));
  const tracks = plan.tracks.map((_, t) => name('track', t));
  const conditions = stageConditions(plan, (track) => tracks[track] as Sql);
  const branches = conditions.map((condition, i) => sql`${condition}, ${int(i + 1)}`);
  const stage = sql`multiIf(known = 0, 0, ${join(branches, sql`, `)}, 0)`;
  return sql`SELECT customer_key, change.1 AS at, change.2 AS before, change.3 AS after
FROM (
SELECT customer_key, arrayFilter((s, t, n) -> t != n, stages, instants, arrayShiftLeft(instants, 1, toInt64(-1))) AS settled,
  arrayFilter((t, n) -> t != n, instants, arrayShiftLeft(instants, 1, toInt64(-1))) AS at_instants
FROM (
SELECT customer_key, instants, arrayMap((known${columns(tracks)}) -> ${stage}, known${columns(tracks)}) AS stages
FROM (
SELECT customer_key, arrayMap(p -> intDiv(p, ${KINDS}), points) AS instants${columns(traits)},
  arrayCumSum(k -> k = ${int(KNOWN)}, kinds) AS known${columns(plan.tracks.map((_, t) => runningTrack(plan, t)))}
FROM (
SELECT customer_key, points, amounts, arrayMap(p -> p % ${KINDS}, points) AS kinds${columns(traits)}
FROM (
${sortedPoints(plan, stretch, selection, scope)}
)))))
ARRAY JOIN arrayFilter(c -> c.2 != c.3, arrayZip(at_instants, arrayShiftRight(settled, 1, 0), settled)) AS change`;
}

/** The value of a track after each point. */
function runningTrack(plan: StagePlan, t: number): Sql {
  const track = plan.tracks[t];
  const arrives = sql`k = ${arrival(track?.signal ?? 0)}`;
  const leaves = sql`k = ${departure(plan, t)}`;
  if (plan.signals[track?.signal ?? 0]?.kind === 'revenue') {
    return sql`arrayCumSum((k, a) -> if(${arrives} OR ${leaves}, a, toDecimal64(0, 4)), kinds, amounts) AS ${name('track', t)}`;
  }
  return sql`arrayCumSum(k -> toInt32(${arrives}) - toInt32(${leaves}), kinds) AS ${name('track', t)}`;
}

/** `customer_key, points, amounts, trait_N`: points of the stretch in order; earlier ones moved to its start. */
function sortedPoints(
  plan: StagePlan,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
  selection: StageSelection,
  scope: StageScope,
): Sql {
  const points = pointsOf(plan);
  const packed = points.map(({ at, kind }) => sql`arrayMap(t -> t * ${KINDS} + ${kind}, ${at})`);
  const amounts = points.map(
    (kind) => kind.amounts ?? sql`arrayWithConstant(length(${kind.at}), toDecimal64(0, 4))`,
  );
  const traits = plan.traits.map((_, i) => name('trait', i));
  const hasAmounts = points.some((kind) => kind.amounts !== null);
  const isIn = sql`p < ${param.int64((toMs + 1) * 256)}`;
  const clamped = sql`p -> greatest(p, ${param.int64(fromMs * 256)} + p % ${KINDS})`;
  return sql`SELECT customer_key, arraySort(arrayMap(${clamped}, arrayFilter(p -> ${isIn}, packed))) AS points, ${
    hasAmounts
      ? sql`arraySort((a, p) -> p, arrayFilter((a, p) -> ${isIn}, all_amounts, packed), arrayMap(${clamped}, arrayFilter(p -> ${isIn}, packed)))`
      : sql`[0]`
  } AS amounts${columns(traits)}
FROM (
SELECT customer_key, arrayConcat(${join(packed, sql`,\n  `)}) AS packed${
    hasAmounts ? sql`,\n  arrayConcat(${join(amounts, sql`,\n  `)}) AS all_amounts` : sql``
  }${columns(traits)}
FROM (
${signalLists(plan, toMs, selection, scope)}
))`;
}

function pointsOf(plan: StagePlan): readonly Points[] {
  const known: Points = { at: sql`[first_at]`, kind: int(KNOWN), amounts: null };
  const arrivals = plan.signals.map((signal, s): Points => {
    const amounts = signal.kind === 'revenue' ? name('amounts', s) : null;
    return { at: name('times', s), kind: arrival(s), amounts };
  });
  const departures = plan.tracks.flatMap(({ signal, window }, t): Points[] => {
    if (!window) return [];
    const at = sql`arrayMap(t -> ${expiry(sql`t`, window)}, ${name('times', signal)})`;
    const amounts =
      plan.signals[signal]?.kind === 'revenue' ? sql`arrayMap(a -> -a, ${name('amounts', signal)})` : null;
    return [{ at, kind: departure(plan, t), amounts }];
  });
  return [known, ...arrivals, ...departures];
}

/** `customer_key, first_at, times_S` per signal, `amounts_S` for revenue, `trait_N`. */
function signalLists(plan: StagePlan, toMs: number, selection: StageSelection, scope: StageScope): Sql {
  const lists = plan.signals.map((signal, s) => signalList(signal, s));
  return sql`SELECT customer_key, first_at${columns(lists.flatMap(({ final }) => final))}${columns(traitColumns(plan))}
FROM (
SELECT customer_key, first_at, ${orders} AS orders${columns(lists.flatMap(({ carried }) => carried))}
FROM (
SELECT customer_key, minIf(at, is_known) AS first_at,
  arraySort(groupArrayIf((at, order_key), is_order)) AS order_events${columns(lists.flatMap(({ gathered }) => gathered))}
FROM (
${signalRows(plan, toMs, selection, scope)}
) GROUP BY customer_key HAVING first_at <= ${param.int64(toMs)}))`;
}

interface SignalList {
  readonly gathered: readonly Sql[];
  readonly carried: readonly Sql[];
  readonly final: readonly Sql[];
}

function signalList(signal: Signal, s: number): SignalList {
  const times = name('times', s);
  const ofOrders = orderTimes(signal);
  if (ofOrders) return { gathered: [], carried: [], final: [sql`${ofOrders} AS ${times}`] };
  if (signal.kind === 'match') {
    const gathered = sql`groupArrayIf(at, ${name('match', s)}) AS ${times}`;
    return { gathered: [gathered], carried: [times], final: [times] };
  }
  const paid = name('payments', s);
  const final = [
    sql`tupleElement(${paid}, 1) AS ${times}`,
    sql`tupleElement(${paid}, 2) AS ${name('amounts', s)}`,
  ];
  return { gathered: [sql`groupArrayIf((at, amount), amount != 0) AS ${paid}`], carried: [paid], final };
}
