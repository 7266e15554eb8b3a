/**
 * The instants at which any track changes (an event, or an event leaving a window), in order and per customer,
 * and the tracks' values after each: running sums over sorted points. What is made of them stands elsewhere.
 */
import { int, join, name, param, sql } from '../query/sql.ts';
import type { Sql } from '../query/sql.ts';
import type { Signal, StagePlan } from './conditions.ts';
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

/** What happened up to `fromMs` stands at `fromMs`; nothing after `toMs`. */
export interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Made of the signal rows (`at`, `amount`) and carried along. */
export interface Carried {
  readonly column: Sql;
  readonly aggregate: Sql;
}

/**
 * `customer_key, instants, known, track_T, trait_N` and what is carried: arrays with one entry a point, several
 * of them at one instant.
 */
export function runningTracks(
  plan: StagePlan,
  stretch: Stretch,
  selection: StageSelection,
  scope: StageScope,
  carried: readonly Carried[] = [],
): Sql {
  const kept = columns([...traitNames(plan), ...carried.map(({ column }) => column)]);
  return sql`SELECT customer_key, arrayMap(p -> intDiv(p, ${KINDS}), points) AS instants${kept},
  arrayCumSum(k -> k = ${int(KNOWN)}, kinds) AS known${columns(plan.tracks.map((_, t) => runningTrack(plan, t)))}
FROM (
SELECT customer_key, points, amounts, arrayMap(p -> p % ${KINDS}, points) AS kinds${kept}
FROM (
${sortedPoints(plan, stretch, selection, scope, carried)}
))`;
}

export function traitNames(plan: StagePlan): readonly Sql[] {
  return plan.traits.map((_, i) => name('trait', i));
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
  { fromMs, toMs }: Stretch,
  selection: StageSelection,
  scope: StageScope,
  carried: readonly Carried[],
): Sql {
  const points = pointsOf(plan);
  const packed = points.map(({ at, kind }) => sql`arrayMap(t -> t * ${KINDS} + ${kind}, ${at})`);
  const amounts = points.map(
    (kind) => kind.amounts ?? sql`arrayWithConstant(length(${kind.at}), toDecimal64(0, 4))`,
  );
  const kept = columns([...traitNames(plan), ...carried.map(({ column }) => column)]);
  const hasAmounts = points.some((kind) => kind.amounts !== null);
  const isIn = sql`p < ${param.int64((toMs + 1) * 256)}`;
  const clamped = sql`p -> greatest(p, ${param.int64(fromMs * 256)} + p % ${KINDS})`;
  return sql`SELECT customer_key, arraySort(arrayMap(${clamped}, arrayFilter(p -> ${isIn}, packed))) AS points, ${
    hasAmounts
      ? sql`arraySort((a, p) -> p, arrayFilter((a, p) -> ${isIn}, all_amounts, packed), arrayMap(${clamped}, arrayFilter(p -> ${isIn}, packed)))`
      : sql`[0]`
  } AS amounts${kept}
FROM (
SELECT customer_key, arrayConcat(${join(packed, sql`,\n  `)}) AS packed${
    hasAmounts ? sql`,\n  arrayConcat(${join(amounts, sql`,\n  `)}) AS all_amounts` : sql``
  }${kept}
FROM (
${signalLists(plan, toMs, selection, scope, carried)}
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

/** `customer_key, first_at, times_S` per signal, `amounts_S` for revenue, `trait_N`, what is carried. */
function signalLists(
  plan: StagePlan,
  toMs: number,
  selection: StageSelection,
  scope: StageScope,
  carried: readonly Carried[],
): Sql {
  const lists = plan.signals.map((signal, s) => signalList(signal, s));
  const also = carried.map(({ column }) => column);
  return sql`SELECT customer_key, first_at${columns([...lists.flatMap(({ final }) => final), ...traitColumns(plan), ...also])}
FROM (
SELECT customer_key, first_at${columns([...orderSequences(plan), ...lists.flatMap((list) => list.carried), ...also])}
FROM (
SELECT customer_key, minIf(at, is_known) AS first_at${columns([
    ...orderEvents(plan),
    ...lists.flatMap(({ gathered }) => gathered),
    ...carried.map(({ column, aggregate }) => sql`${aggregate} AS ${column}`),
  ])}
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
  const isOne = name('is_signal', s);
  const ofOrders = orderTimes(signal);
  if (ofOrders) return { gathered: [], carried: [], final: [sql`${ofOrders} AS ${times}`] };
  if (signal.kind === 'match') {
    return { gathered: [sql`groupArrayIf(at, ${isOne}) AS ${times}`], carried: [times], final: [times] };
  }
  const paid = name('payments', s);
  const final = [
    sql`tupleElement(${paid}, 1) AS ${times}`,
    sql`tupleElement(${paid}, 2) AS ${name('amounts', s)}`,
  ];
  const gathered = sql`groupArrayIf((at, amount), amount != 0 AND ${isOne}) AS ${paid}`;
  return { gathered: [gathered], carried: [paid], final };
}
