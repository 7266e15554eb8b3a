/**
 * Which marks are on after each instant at which one changes, per customer and in order, in SQL: sets of marks as
 * numbers, made by running sums over toggles. What is made of them stands elsewhere.
 */
import { int, name, param, sql } from '../query/sql.ts';
import type { Sql } from '../query/sql.ts';
import { stageNumber } from './condition.sql.ts';
import type { Told } from './condition.sql.ts';
import type { StagePlan } from './conditions.ts';
import { gatheredSignals } from './gathered-signals.sql.ts';
import type { OfCustomer } from './gathered-signals.sql.ts';
import { fromMarks, marksOf } from './marks.ts';
import { columns, eventRows, signalRows, traitColumns, traitNames } from './signals.sql.ts';
import type { StageScope, StageSelection } from './signals.sql.ts';
import { SCALE, withToggles } from './toggles.sql.ts';

/** What happened up to `fromMs` stands at `fromMs`; nothing after `toMs`. */
export interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Made of a customer's signal rows and carried along. */
export interface Carried extends OfCustomer {
  /** All revenue must be read for it. */
  readonly ofRevenue: boolean;
}

/**
 * Whose points: of everybody known by the end, the first at first sight (at the start if that is later); or of
 * those alone of whom a rule can tell anything, whenever they were first seen, the first at the start.
 */
export type Whose = 'known' | 'told';

/** What is followed through a stretch. */
export interface Trace extends Stretch {
  readonly whose: Whose;
  readonly carried?: readonly Carried[];
}

/** So many marks in one set: half of the bits, so that no shift can fail. */
const PER_SET = 32;

/**
 * `customer_key, instants, marks_C, trait_N` and what is carried: arrays with one entry a point, several of them
 * at one instant.
 */
export function markPoints(plan: StagePlan, trace: Trace, selection: StageSelection, scope: StageScope): Sql {
  const { fromMs, toMs, whose, carried = [] } = trace;
  const marks = marksOf(plan);
  const sets = setNumbers(plan);
  const kept = columns([...traitNames(plan), ...carried.map(({ column }) => column)]);
  const start = param.int64(fromMs);
  const opening = whose === 'known' ? sql`greatest(first_at, ${start})` : start;
  const before = param.int64(scaled(fromMs + 1));
  const after = param.int64(scaled(toMs + 1));
  const running = sets.map(
    (c) =>
      sql`arrayCumSum(arrayPushFront(arrayMap(p -> ${stepOf(c, sets.length)}, points), ${name('opening', c)})) AS ${name('marks', c)}`,
  );
  const openings = sets.map(
    (c) => sql`arraySum(p -> (p < ${before}) * ${stepOf(c, sets.length)}, toggles) AS ${name('opening', c)}`,
  );
  return sql`SELECT customer_key, arrayPushFront(arrayMap(p -> bitShiftRight(p, ${int(Math.log2(SCALE))}), points), ${opening}) AS instants${columns(running)}${kept}
FROM (
SELECT *, arraySort(arrayFilter(p -> bitAnd(p >= ${before}, p < ${after}), toggles)) AS points${columns(openings)}
FROM (
${withToggles(plan, marks, gathered(plan, trace, selection, scope))}
))`;
}

/** The columns of sets that points have, as they are named above. */
export function setNames(plan: StagePlan): readonly Sql[] {
  return setNumbers(plan).map((c) => name('marks', c));
}

function setNumbers(plan: StagePlan): readonly number[] {
  return Array.from({ length: Math.ceil(marksOf(plan).length / PER_SET) }, (_, c) => c);
}

/** Conditions told at a point. */
export function toldAtPoint(plan: StagePlan): Told {
  return fromMarks(
    plan,
    marksOf(plan),
    (mark) => sql`bitTest(${name('marks', Math.floor(mark / PER_SET))}, ${int(mark % PER_SET)})`,
  );
}

/** Of whom no rule that asks for events can tell anything. */
export function stageOfNobody(plan: StagePlan): Sql {
  return stageNumber(
    plan,
    fromMarks(plan, marksOf(plan), () => sql`0`),
  );
}

/** What a toggle `p` adds to a set. */
function stepOf(set: number, sets: number): Sql {
  const mark = sql`bitShiftRight(bitAnd(p, ${int(SCALE - 1)}), 1)`;
  const bit = sql`(1 - 2 * bitAnd(p, 1)) * bitShiftLeft(toInt64(1), bitAnd(${mark}, ${int(PER_SET - 1)}))`;
  if (sets === 1) return bit;
  return sql`(intDiv(${mark}, ${int(PER_SET)}) = ${int(set)}) * ${bit}`;
}

function scaled(ms: number): string {
  return String(BigInt(ms) * BigInt(SCALE));
}

/** `customer_key, first_at`, `orders_N`, what toggles are made of, `trait_N`, what is carried. */
function gathered(
  plan: StagePlan,
  { fromMs, toMs, whose, carried = [] }: Trace,
  selection: StageSelection,
  scope: StageScope,
): Sql {
  const reach = { upToMs: toMs, fromMs, withRevenue: carried.some(({ ofRevenue }) => ofRevenue) };
  const rows = (whose === 'known' ? signalRows : eventRows)(plan, reach, selection, scope);
  return sql`SELECT *${columns(traitColumns(plan))}
FROM (
${gatheredSignals(plan, rows, carried)}
)`;
}
