/**
 * What is kept of each customer, from the events that are stored: of each that matters a fact at the start of its
 * calendar interval. Of what came before the rows only whether there was anything that entered the customer.
 */
import { eventsTable } from '../../query/events.ts';
import type { CompileScope } from '../../query/events.ts';
import { compileFilter } from '../../query/filter.ts';
import { allStarts } from '../../query/interval-names.ts';
import { factAt } from '../../query/kept.ts';
import type { FactsPart } from '../../query/kept.ts';
import { intervalIndex } from '../../query/period.ts';
import { and, empty, int, join, or, param, sql } from '../../query/sql.ts';
import type { Sql } from '../../query/sql.ts';
import { conditions } from './journeys.sql.ts';
import { enteringKind, NAMED, PAID, RETURN, START } from './matrix.kept.ts';
import type { FactsPlan } from './matrix.kept.ts';

/** `SELECT customer_key, fact[, beside_1[, beside_2]]`: facts since the base, and one of what was before. */
export function factRows(plan: FactsPlan, part: FactsPart, scope: CompileScope): Sql {
  const fromMs = Math.max(plan.baseMs, part.sinceMs);
  const recent = sql`SELECT customer_key, ${recentFact(plan, { ...part, sinceMs: fromMs }, scope)}
FROM ${eventsTable(scope)}
WHERE time >= ${param.time(fromMs)} AND ${selection(plan, part, relevant(plan, scope))}`;
  if (part.sinceMs >= plan.baseMs) return recent;
  const { isStart, isNamed } = conditions(plan.query, scope);
  const entering = plan.query.entry === 'FIRST_EVER' ? isNamed : isStart;
  const zeros = [sql`, toInt64(0) AS beside_1`, sql`, toInt64(0) AS beside_2`].slice(0, plan.width - 1);
  return sql`${recent}
UNION ALL
SELECT customer_key, toInt64(${int(factAt(0, enteringKind(plan.query)))}) AS fact${join(zeros, empty)}
FROM ${eventsTable(scope)}
WHERE time < ${param.time(plan.baseMs)}${part.sinceMs > 0 ? sql` AND time >= ${param.time(part.sinceMs)}` : empty} AND ${selection(plan, part, entering)}
GROUP BY customer_key`;
}

function recentFact({ query, form, width }: FactsPlan, part: FactsPart, scope: CompileScope): Sql {
  const { interval, range, entry } = query;
  const { isStart, isReturn, isNamed } = conditions(query, scope);
  const starts = allStarts(part.sinceMs, part.untilMs, interval, range);
  const position = intervalIndex(sql`time`, interval, range, starts[0] ?? part.sinceMs);
  const atStart = starts.map((ms) => String(factAt(Math.max(ms, 0), 0)));
  const kinds: readonly (readonly [number, Sql])[] = [
    [START, isStart],
    [RETURN, isReturn],
    ...(entry === 'FIRST_EVER' ? ([[NAMED, isNamed]] as const) : []),
    ...(form === 'sets' ? [] : ([[PAID, and([sql`has_revenue`, isReturn])]] as const)),
  ];
  const bits = kinds.map(([bit, holds]) => sql`if(${holds}, ${int(bit)}, 0)`);
  const amount = sql`reinterpretAsInt64(ifNull(revenue, toDecimal64(0, 4)))`;
  const beside = [
    sql`, if(${isReturn}, ${amount}, toInt64(0)) AS beside_1`,
    sql`, toUnixTimestamp64Milli(time) AS beside_2`,
  ].slice(0, width - 1);
  return sql`toInt64(${param.uint64s(atStart)}[${position} + 1] + ${join(bits, sql` + `)}) AS fact${join(beside, empty)}`;
}

function relevant({ query }: FactsPlan, scope: CompileScope): Sql {
  const { isStart, isReturn, isNamed } = conditions(query, scope);
  return or([query.entry === 'FIRST_EVER' ? isNamed : isStart, isReturn]);
}

function selection({ query }: FactsPlan, { untilMs, whose }: FactsPart, matches: Sql): Sql {
  return and([sql`time < ${param.time(untilMs)}`, matches, compileFilter(query.where), whose]);
}
