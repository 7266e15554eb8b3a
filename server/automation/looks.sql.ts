/**
 * What has changed of customers since they were last told of, in SQL: their stages, and who is in an audience. Of
 * everybody, or of some by their keys; only those of whom there is something to tell come out. Pure.
 */
import { planStages } from '../journey/conditions.ts';
import type { JourneyMap } from '../journey/map.ts';
import { everybody } from '../journey/signals.sql.ts';
import type { StageSelection } from '../journey/signals.sql.ts';
import { stagesAt } from '../journey/stage.sql.ts';
import { stageSteps } from '../journey/stage-changes.sql.ts';
import { compileAudience } from '../query/audience.ts';
import type { Audience } from '../query/audience.ts';
import { customersTable } from '../query/events.ts';
import type { CompileScope } from '../query/events.ts';
import { rowsOf } from '../query/keyed.ts';
import { and, int, or, param, sql } from '../query/sql.ts';
import type { Sql } from '../query/sql.ts';
import type { SqlQuery } from '../query/statement.ts';
import { LIFECYCLE } from './movement.ts';
import type { Subject } from './movement.ts';
import { resolved } from './movements.sql.ts';

/** Keys as decimal text; null: everybody. */
export type Whose = readonly string[] | null;

export interface StageLook {
  /** History is told from here on; what was before counts as it stands here. */
  readonly fromMs: number;
  readonly nowMs: number;
  /** Up to here it is said when a stage changes without any event. */
  readonly untilMs: number;
}

export interface StageLookRow {
  readonly key: string;
  /** Number of the stage that was told last; 0: none. */
  readonly known: number;
  /** Since then, in order: instant (milliseconds) * 256 + number of the stage. */
  readonly told: readonly number[];
  readonly dues: readonly number[];
}

/**
 * Moves are those of the customer's history since the last one told, where that history says the same of its instant.
 * Where it does not (late events, joined ids, new traits), there is one move to where the customer is now: at the
 * instant at which the history has it, or, where that was told of already or is long ago, now.
 */
export function stageLook(
  map: JourneyMap,
  { fromMs, nowMs, untilMs }: StageLook,
  whose: Whose,
  scope: CompileScope,
): SqlQuery<StageLookRow> {
  const trace = { fromMs, toMs: untilMs, whose: 'known' as const };
  const stage = (s: Sql): Sql => sql`bitAnd(${s}, 255)`;
  const at = (s: Sql): Sql => sql`bitShiftRight(${s}, 8)`;
  const [from, now] = [param.int64(fromMs), param.int64(nowMs)];
  const isFresh = sql`${at(sql`present`)} > ${from} AND ${at(sql`present`)} > known_at`;
  const jump = sql`[bitShiftLeft(if(${isFresh}, ${at(sql`present`)}, ${now}), 8) + ${stage(sql`present`)}]`;
  return {
    name: 'automation.stages',
    isVolatile: true,
    ...(whose && { isLight: true }),
    sql: sql`SELECT toString(customer_key) AS key, known, arrayMap(c -> toFloat64(c), moves) AS told, arrayMap(c -> toFloat64(c), dues) AS dues
FROM (
SELECT customer_key, known, dues, multiIf(
    ${stage(sql`arrayLast(c -> ${at(sql`c`)} <= greatest(known_at, ${from}), past)`)} = known, arrayFilter(c -> ${at(sql`c`)} > greatest(known_at, ${from}), past),
    ${stage(sql`present`)} IN (known, 0), CAST([], 'Array(Int64)'),
    ${jump}) AS moves
FROM (
SELECT customer_key, known.number AS known, toInt64(known.known_at) AS known_at,
  arrayFilter(c -> ${at(sql`c`)} <= ${now}, changes) AS past,
  if(empty(past), toInt64(0), past[-1]) AS present,
  arrayMap(c -> ${at(sql`c`)}, arrayFilter(c -> ${at(sql`c`)} > ${now}, changes)) AS dues
FROM (
SELECT customer_key, arrayFilter((s, b) -> ${stage(sql`s`)} != ${stage(sql`b`)}, steps, arrayShiftRight(steps, 1, toInt64(0))) AS changes
FROM (
${stageSteps(planStages(map), trace, selectionOf(whose, scope), scope)}
)) AS history LEFT JOIN (
${knownStages(map, whose, scope)}
) AS known USING (customer_key)
))
WHERE notEmpty(moves) OR notEmpty(dues)`,
  };
}

function selectionOf(whose: Whose, scope: CompileScope): StageSelection {
  return whose ? { ...everybody, customers: rowsOf(whose, scope) } : everybody;
}

/** `customer_key, number, known_at`: of a joined customer their own, else that of the id that moved last. */
function knownStages(map: JourneyMap, whose: Whose, scope: CompileScope): Sql {
  const keys = param.strings(map.lifecycle.map(({ key }) => key));
  const isIts = sql`standings.customer_key = resolved_key`;
  return sql`SELECT resolved_key AS customer_key, toUInt8(indexOf(${keys}, argMax(state, (${isIts}, standings.batch)))) AS number,
  toUnixTimestamp64Milli(argMax(at, (${isIts}, standings.batch))) AS known_at
FROM (${standingsOf(LIFECYCLE, whose, scope)}) AS standings GROUP BY resolved_key`;
}

/** Rows of standings with `resolved_key`: the customer's that they are of now. */
function standingsOf(subject: Subject, whose: Whose, { hasMergedIdentities }: CompileScope): Sql {
  const key = sql`standings.customer_key`;
  const keys = param.uint64s(whose ?? []);
  const aliases = sql`${key} IN (SELECT alias_key FROM joined_identities WHERE customer_key IN ${keys})`;
  const own = sql`${key} IN ${keys}`;
  const conditions = [
    sql`subject = ${param.string(subject)}`,
    ...(whose ? [hasMergedIdentities ? or([own, aliases]) : own] : []),
  ];
  return sql`SELECT ${key} AS customer_key, state, at, batch, ${hasMergedIdentities ? resolved(key) : key} AS resolved_key
FROM standings FINAL WHERE ${and(conditions)}`;
}

/** Everybody's stage as it is now, told to nobody. */
export function takeStages(map: JourneyMap, nowMs: number, batch: number, scope: CompileScope): Sql {
  const keys = param.strings(map.lifecycle.map(({ key }) => key));
  return sql`INSERT INTO standings (subject, customer_key, state, at, batch)
SELECT ${param.string(LIFECYCLE)}, customer_key, arrayElement(${keys}, stage_0), ${param.time(nowMs)}, ${param.uint64(batch)}
FROM (
${stagesAt(map, [nowMs], everybody, scope)}
) WHERE stage_0 > 0`;
}

export interface MemberRow {
  readonly key: string;
  readonly is_in: number;
}

/** Who is in the audience and was not, or the other way round. Whoever was in it under one of their ids was. */
export function memberLook(
  subject: Subject,
  audience: Audience,
  whose: Whose,
  scope: CompileScope,
): SqlQuery<MemberRow> {
  const name = 'automation.members';
  return {
    name,
    isVolatile: true,
    ...(whose && { isLight: true }),
    sql: sql`SELECT toString(customer_key) AS key, max(now_in) AS is_in
FROM (
SELECT customer_key, toUInt8(1) AS now_in, toUInt8(0) AS was_in FROM (${membersNow(audience, whose, scope)})
UNION ALL
SELECT resolved_key, toUInt8(0), toUInt8(state = 'in') FROM (${standingsOf(subject, whose, scope)})
)
GROUP BY customer_key
HAVING max(now_in) != max(was_in)`,
  };
}

function membersNow(audience: Audience, whose: Whose, scope: CompileScope): Sql {
  const narrowed = whose ? { ...scope, only: rowsOf(whose, scope) } : scope;
  const conditions = [compileAudience(audience, narrowed), ...(whose ? [rowsOf(whose, scope)] : [])];
  return sql`SELECT DISTINCT customer_key FROM ${customersTable(scope)} WHERE ${and(conditions)}`;
}

/** The members as they are now, told to nobody; whoever stood in it before stands there no more. */
export function takeMembers(subject: Subject, audience: Audience, batch: number, scope: CompileScope): Sql {
  const named = param.string(subject);
  return sql`INSERT INTO standings (subject, customer_key, state, at, batch)
SELECT ${named}, customer_key, 'in', ${param.time(scope.nowMs)}, ${param.uint64(batch)} FROM (${membersNow(audience, null, scope)})
UNION ALL
SELECT ${named}, customer_key, 'out', ${param.time(scope.nowMs)}, ${param.uint64(batch)} FROM standings FINAL
WHERE subject = ${named} AND state = 'in' AND customer_key NOT IN (${membersNow(audience, null, scope)})`;
}

/** The stages of some customers alone, for audiences that ask for them. */
export function stagesOf(
  map: JourneyMap,
  whose: Whose,
  scope: CompileScope,
): CompileScope['customersInLifecycleStages'] {
  return (stages, atMs = scope.nowMs) => {
    const numbers = stages.map((key) => map.lifecycle.findIndex((stage) => stage.key === key) + 1);
    const isOne = or(numbers.filter((n) => n > 0).map((n) => sql`stage_0 = ${int(n)}`));
    return sql`SELECT customer_key FROM (${stagesAt(map, [atMs], selectionOf(whose, scope), scope)}) WHERE ${isOne}`;
  };
}
