/**
 * Retention counted from sets: when all that is asked is who came back in which calendar interval, a customer is
 * the set of intervals with a return. Of a customer's set each row of the matrix looks through a window, from its own
 * interval to the last column's; whoever shows the same through the same row is counted together. What was paid is
 * read only when it is asked for, from the events that bear revenue, and laid where their customers entered.
 */
import { compileAudience } from '../../query/audience.ts';
import { customersTable, eventsTable, revenue } from '../../query/events.ts';
import type { CompileScope } from '../../query/events.ts';
import { positionSets } from '../../query/positions.ts';
import { firstSightSource } from '../../query/source.ts';
import { and, empty, int, isSame, param, sql } from '../../query/sql.ts';
import type { Sql } from '../../query/sql.ts';
import type { SqlQuery } from '../../query/statement.ts';
import { conditions, enteringEvents, paidReturns, positionOf, relevantEvents } from './journeys.sql.ts';
import { keptRetention } from './retention.kept.ts';
import { firstRowMs, MAX_CELLS, reachOf } from './retention.query.ts';
import type { RetentionQuery } from './retention.query.ts';
import { columnOf, furthest, retentionReads } from './retention.sql.ts';
import type { RetentionRow } from './retention.row.ts';

/** Whether sets say all that the matrix needs; else each visit is looked at. */
export function setsSuffice(query: RetentionQuery): boolean {
  return (
    query.alignment === 'CALENDAR' &&
    query.entry !== 'FIRST_EVER' &&
    query.minimumOccurrences === 1 &&
    query.measure !== 'EVENTS'
  );
}

/** Customers in each cell; `withMoney`: and the revenue of their returns. */
export function compileRetentionSets(
  query: RetentionQuery,
  withMoney: boolean,
  scope: CompileScope,
): SqlQuery<RetentionRow> {
  return {
    name: 'retention.sets',
    reads: retentionReads(query, scope),
    kept: keptRetention(query, withMoney ? 'payments' : 'sets', scope),
    sql: sql`SELECT cohort, period, sum(people) AS customers, toUInt64(0) AS events, sum(amount) AS revenue, toInt64(0) AS last_start_ms
FROM (
  SELECT cohort, period, weight AS people, toDecimal64(0, 4) AS amount
  FROM (${cells(query, scope)}) ARRAY JOIN counted AS period${withMoney ? sql`\n  UNION ALL ${payments(query, scope)}` : empty}
)
GROUP BY cohort, period
ORDER BY cohort, period
LIMIT ${int(MAX_CELLS)}`,
  };
}

/** `SELECT cohort, weight, counted`: how many customers of a row count in which columns. */
function cells(query: RetentionQuery, scope: CompileScope): Sql {
  const { markers, reached } = furthest(query, sql`offsets`);
  const counted = query.mode === 'ON' ? sql`arrayConcat(${markers}, periods)` : markers;
  return sql`SELECT
    toInt32(start - 1) AS cohort,
    weight,
    ${setsOf(query).list(sql`seen`)} AS offsets,
    arrayMap(i -> ${columnOf(query, sql`i`)}, arrayFilter(i -> i <= ${int(reachOf(query))}, offsets)) AS periods,
    ${reached} AS reached,
    arrayDistinct(${counted}) AS counted
  FROM (${windows(query, scope)})`;
}

/** `SELECT start, seen, weight`: so many customers entered in a slot and show this from there on. */
function windows(query: RetentionQuery, scope: CompileScope): Sql {
  const sets = setsOf(query);
  // Whether a customer came back in a column or any later one is told by the last return, beyond all columns too.
  const width = query.mode === 'ON_OR_AFTER' ? query.rows.length + 1 : reachOf(query) + 1;
  const seen = sets.window(sql`returns`, sql`start`, width);
  if (query.entry !== 'RECURRING') {
    return sql`SELECT start, ${seen} AS seen, count() AS weight
  FROM (${people(query, true, scope)})
  GROUP BY start, seen`;
  }
  return sql`SELECT start, ${seen} AS seen, sum(alike) AS weight
  FROM (SELECT starts, returns, count() AS alike FROM (${people(query, true, scope)}) GROUP BY starts, returns)
  ARRAY JOIN ${sets.list(sql`starts`)} AS start
  GROUP BY start, seen`;
}

/** `SELECT cohort, period, people, amount`: what was paid, in each row that the customer had entered by then. */
function payments(query: RetentionQuery, scope: CompileScope): Sql {
  const isWithin = sql`start <= slot AND start + ${int(reachOf(query))} >= slot`;
  const starts = setsOf(query).list(sql`starts`);
  const entered =
    query.entry === 'RECURRING'
      ? sql`ARRAY JOIN arrayFilter(start -> ${isWithin}, ${starts}) AS start`
      : sql`WHERE ${isWithin}`;
  return sql`SELECT toInt32(start - 1), ${columnOf(query, sql`slot - start`)}, 0, amount
  FROM (
    SELECT customer_key, ${slot(sql`time`, query)} AS slot, ${revenue} AS amount
    FROM ${eventsTable(scope)} WHERE ${paidReturns(query, scope)}
  ) AS paid
  INNER JOIN (${entrants(query, scope)}) AS entrants USING (customer_key)
  ${entered}`;
}

/** One row a customer who entered: the slot of the first start (`start`) or of all (`starts`); and of `returns`. */
function people(query: RetentionQuery, withReturns: boolean, scope: CompileScope): Sql {
  const { isStart, isReturn } = conditions(query, scope);
  const { collect } = setsOf(query);
  const isOneKind = !withReturns || isSame(isStart, isReturn);
  const slots = isOneKind ? collect(sql`slot`) : collect(sql`slot`, sql`is_start`);
  const first = isOneKind ? sql`min(slot)` : sql`minIf(slot, is_start)`;
  const entry = query.entry === 'RECURRING' ? sql`${slots} AS starts` : sql`${first} AS start`;
  const returns = isOneKind ? collect(sql`slot`) : collect(sql`slot`, sql`is_return`);
  const kinds = isOneKind ? empty : sql`, ${isStart} AS is_start, ${isReturn} AS is_return`;
  const events = isOneKind ? enteringEvents(query, scope) : relevantEvents(query, scope);
  return sql`SELECT customer_key, ${entry}${withReturns ? sql`, ${returns} AS returns` : empty}
    FROM (SELECT customer_key, ${slot(sql`time`, query)} AS slot${kinds} FROM ${eventsTable(scope)} WHERE ${events})
    GROUP BY customer_key
    ${query.entry === 'RECURRING' ? empty : sql`HAVING start > 0`}`;
}

/** The same without returns: when customers were first seen at all is known without asking their events. */
function entrants(query: RetentionQuery, scope: CompileScope): Sql {
  const isFirstSight =
    query.entry === 'FIRST_TIME' &&
    firstSightSource(query.where) === 'customers' &&
    isSame(conditions(query, scope).isStart, and([]));
  if (!isFirstSight) return people(query, false, scope);
  return sql`SELECT customer_key, ${slot(sql`min(first_seen)`, query)} AS start
    FROM ${customersTable(scope)} WHERE ${compileAudience(query.audience, scope)}
    GROUP BY customer_key
    HAVING start > 0`;
}

/** Slots are positions plus one; what came before the rows is slot 0. */
function setsOf(query: RetentionQuery) {
  return positionSets(query.rows.length + 1);
}

function slot(time: Sql, query: RetentionQuery): Sql {
  return sql`toUInt16(greatest(${slotOf(time, query)}, 0))`;
}

/** Intervals of one length are counted by division, all others by the calendar. */
function slotOf(time: Sql, query: RetentionQuery): Sql {
  const { rows, rowsEndMs } = query;
  const firstMs = firstRowMs(query);
  const lengthMs = (rows[1] ?? rowsEndMs) - firstMs;
  const isEven = [...rows, rowsEndMs].every((ms, i) => ms === firstMs + i * lengthMs);
  if (!isEven) return sql`${positionOf(time, query)} + 1`;
  return sql`intDiv(toUnixTimestamp64Milli(${time}) - ${param.int64(firstMs - lengthMs)}, ${int(lengthMs)})`;
}
