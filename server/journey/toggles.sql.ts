/**
 * The instants at which marks go on and off, per customer, in SQL: a number each, `instant * SCALE + 2 * mark`,
 * and one more where it goes off. Few, since what comes while a mark is on moves nothing. Knows no stages.
 */
import type { Span } from '../query/duration.ts';
import { instantOf, paired } from '../query/order-times.ts';
import { int, join, name, param, sql } from '../query/sql.ts';
import type { Sql } from '../query/sql.ts';
import type { StagePlan } from './conditions.ts';
import { compareSql } from './marks.ts';
import type { CountMark, Mark, SumMark } from './marks.ts';
import { columns, expiry, orderTimes } from './signals.sql.ts';

/** Room for the number of a mark beside its instant. */
export const SCALE = 65_536;

/** No instant is earlier, or later. */
const NEVER = int(-(2 ** 52));
const FOREVER = int(2 ** 52);
/** The earliest that calendars know here. */
const EARLIEST = int(Date.UTC(1900, 0, 1));

/** `toggles`, unsorted, beside all that `rows` has: `orders_N` and what was gathered. */
export function withToggles(plan: StagePlan, marks: readonly Mark[], rows: Sql): Sql {
  const times = plan.signals.flatMap((signal, s) => {
    const ofOrders = orderTimes(signal);
    return ofOrders ? [sql`${ofOrders} AS ${name('times', s)}`] : [];
  });
  const sums = marks.flatMap((mark, m) => (mark.kind === 'sum' ? [{ mark, m }] : []));
  const toggles = marks.flatMap((mark, m) =>
    mark.kind === 'sum' ? [sumToggles(m)] : countToggles(plan, mark, m),
  );
  const all =
    toggles.length === 0 ? sql`CAST([], 'Array(Int64)')` : sql`arrayConcat(${join(toggles, sql`,\n  `)})`;
  const levels = [
    [...times, ...sums.map(({ mark, m }) => sumMoves(plan, mark, m))],
    [...neighbours(plan, marks), ...sums.map(({ mark, m }) => sumReached(mark, m))],
    sums.map(({ m }) => sumSettled(m)),
    [sql`${all} AS toggles`],
  ];
  return levels
    .filter((level) => level.length > 0)
    .reduce((inner, level) => sql`SELECT *${columns(level)}\nFROM (\n${inner}\n)`, rows);
}

function toggle(at: Sql, mark: number, isOff: boolean): Sql {
  return sql`(${at}) * ${int(SCALE)} + ${int(2 * mark + (isOff ? 1 : 0))}`;
}

interface Counting {
  readonly signal: number;
  readonly window: Span | null;
  /** It stands for one instant at most. */
  readonly isSingle: boolean;
}

function countingOf(plan: StagePlan, { track }: CountMark): Counting {
  const { signal, window } = plan.tracks[track] ?? { signal: -1, window: null };
  return { signal, window, isSingle: plan.signals[signal]?.kind === 'firstOrder' };
}

/**
 * A count is reached, by the event at `reached`, while the first of as many events up to it, at `since`, is in
 * the window. That goes on until that one leaves it, unless the next event reaches it again before.
 */
function countToggles(plan: StagePlan, mark: CountMark, m: number): readonly Sql[] {
  const { signal, window, isSingle } = countingOf(plan, mark);
  const { atLeast } = mark;
  const times = name('times', signal);
  if (!window) {
    return [sql`arrayMap(t -> ${toggle(sql`t`, m, false)}, arraySlice(${times}, ${int(atLeast)}, 1))`];
  }
  const leaves = expiry(sql`t`, window);
  if (isSingle) {
    if (atLeast > 1) return [];
    return [
      sql`arrayMap(t -> ${toggle(sql`t`, m, false)}, ${times})`,
      sql`arrayMap(t -> ${toggle(leaves, m, true)}, ${times})`,
    ];
  }
  const [before, after] = [neighbour('before', signal, atLeast), neighbour('after', signal, atLeast)];
  const hadLeft = sql`${expiryOrNever(sql`b`, window)} <= r`;
  const [on, off] =
    atLeast === 1
      ? [
          sql`arrayFilter((r, b) -> ${hadLeft}, ${times}, ${before})`,
          sql`arrayFilter((t, n) -> n >= ${leaves}, ${times}, ${after})`,
        ]
      : lastingCounts(signal, atLeast, leaves, hadLeft);
  return [
    sql`arrayMap(t -> ${toggle(sql`t`, m, false)}, ${on})`,
    sql`arrayMap(t -> ${toggle(leaves, m, true)}, ${off})`,
  ];
}

function lastingCounts(signal: number, atLeast: number, leaves: Sql, hadLeft: Sql): readonly [Sql, Sql] {
  const column = (kind: Neighbour): Sql => neighbour(kind, signal, atLeast);
  const [reached, since] = [column('reached'), column('since')];
  return [
    sql`arrayFilter((r, t, b) -> least(${leaves} > r, ${hadLeft}), ${reached}, ${since}, ${column('before')})`,
    sql`arrayFilter((t, r, n) -> least(${leaves} > r, n >= ${leaves}), ${since}, ${reached}, ${column('after')})`,
  ];
}

function expiryOrNever(at: Sql, window: Span): Sql {
  if (window.months === 0) return expiry(at, window);
  return sql`if(${at} < ${EARLIEST}, ${at}, ${expiry(sql`greatest(${at}, ${EARLIEST})`, window)})`;
}

type Neighbour = 'reached' | 'since' | 'before' | 'after';

function neighbour(kind: Neighbour, signal: number, atLeast: number): Sql {
  return name(`${kind}_${signal}`, atLeast);
}

/** What windowed counts are made of, once for all windows of a signal and a count. */
function neighbours(plan: StagePlan, marks: readonly Mark[]): readonly Sql[] {
  const made = new Map<string, readonly Sql[]>();
  for (const mark of marks) {
    if (mark.kind !== 'count') continue;
    const { signal, window, isSingle } = countingOf(plan, mark);
    if (!window || isSingle) continue;
    made.set(`${signal} ${mark.atLeast}`, neighboursOf(signal, mark.atLeast));
  }
  return [...made.values()].flat();
}

function neighboursOf(signal: number, atLeast: number): readonly Sql[] {
  const times = name('times', signal);
  const column = (kind: Neighbour): Sql => neighbour(kind, signal, atLeast);
  const [reached, since] =
    atLeast === 1
      ? [times, times]
      : [sql`arraySlice(${times}, ${int(atLeast)})`, sql`arraySlice(${times}, 1, ${int(1 - atLeast)})`];
  const edges = [
    sql`arrayShiftRight(${since}, 1, toInt64(${NEVER})) AS ${column('before')}`,
    sql`arrayShiftLeft(${reached}, 1, toInt64(${FOREVER})) AS ${column('after')}`,
  ];
  if (atLeast === 1) return edges;
  return [sql`${reached} AS ${column('reached')}`, sql`${since} AS ${column('since')}`, ...edges];
}

/** Payments that come and, with a window, go again, in order; none for whom they cannot be enough. */
function sumMoves(plan: StagePlan, mark: SumMark, m: number): Sql {
  const { signal, window } = plan.tracks[mark.track] ?? { signal: -1, window: null };
  const payments = name('payments', signal);
  const isEnough = sql`arraySum(p -> toInt128(greatest(toInt64(p), 0)), ${payments}) / 10000 >= ${param.float(mark.value)}`;
  const mayMatter =
    mark.compare === '>=' || mark.compare === '>'
      ? sql`arraySlice(${payments}, 1, length(${payments}) * (${isEnough}))`
      : payments;
  const gone = window
    ? sql`arrayConcat(${mayMatter}, arrayMap(p -> ${paired(expiry(instantOf(sql`p`), window), sql`-toInt64(p)`)}, ${mayMatter}))`
    : mayMatter;
  return sql`arraySort(${gone}) AS ${name('moves', m)}`;
}

/** After each: twice its instant, and 1 where the mark is on. */
function sumReached(mark: SumMark, m: number): Sql {
  const moves = name('moves', m);
  const isOn = sql`sum / 10000 ${compareSql(mark)} ${param.float(mark.value)}`;
  return sql`arrayMap((p, sum) -> ${instantOf(sql`p`)} * 2 + (${isOn}), ${moves}, arrayCumSum(p -> toInt128(toInt64(p)), ${moves})) AS ${name('reached', m)}`;
}

/** What comes and goes at one instant counts together. */
function sumSettled(m: number): Sql {
  const reached = name('reached', m);
  return sql`arrayFilter((r, n) -> bitShiftRight(r, 1) != bitShiftRight(n, 1), ${reached}, arrayShiftLeft(${reached}, 1, toInt64(${FOREVER}))) AS ${name('settled', m)}`;
}

function sumToggles(m: number): Sql {
  const settled = name('settled', m);
  return sql`arrayMap(r -> ${toggle(sql`bitShiftRight(r, 1)`, m, true)} - bitAnd(r, 1), arrayFilter((r, b) -> bitAnd(r, 1) != bitAnd(b, 1), ${settled}, arrayShiftRight(${settled}, 1, toInt64(0))))`;
}
