/**
 * Retention counted from sets: when all that is asked is who came back in which calendar interval, a customer is
 * the set of intervals with a return, and customers with equal sets are counted together. What they paid is read
 * only when it is asked for, from the events that bear revenue.
 */
import { brokenDownEvents } from '../../query/breakdown.ts';
import { namesOf } from '../../query/event-match.ts';
import { revenue } from '../../query/events.ts';
import type { CompileScope } from '../../query/events.ts';
import { positionSets } from '../../query/positions.ts';
import { empty, int, param, sql } from '../../query/sql.ts';
import type { Sql, SqlQuery } from '../../query/sql.ts';
import { conditions, paidReturns, positionOf, relevantEvents } from './journeys.sql.ts';
import { firstRowMs, MAX_CELLS, reachOf } from './retention.query.ts';
import type { RetentionQuery } from './retention.query.ts';
import { columnOf, furthest, retentionReads } from './retention.sql.ts';
import type { RetentionRow } from './retention.sql.ts';

/**
 * Whether sets say all that the matrix needs; else each visit is looked at, which costs no more where money is asked
 * for and start and return are events of few names.
 */
export function setsSuffice(
  query: RetentionQuery,
  withMoney: boolean,
  { vocabulary }: CompileScope,
): boolean {
  const names = [query.start, query.return].map((match) => namesOf(match, vocabulary));
  return (
    query.alignment === 'CALENDAR' &&
    query.entry !== 'FIRST_EVER' &&
    query.minimumOccurrences === 1 &&
    query.measure !== 'EVENTS' &&
    !(withMoney && names.every((list) => list !== null))
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
    sql: sql`WITH people AS (
${people(query, withMoney, scope)}
),
entered AS (
  SELECT
    weight,
    cohort,
    arrayMap(i -> i - 1, ${setsOf(query).list(sql`returns`)}) AS positions
    ${withMoney ? sql`, paid_slots, paid_amounts` : empty}
  FROM people
  ARRAY JOIN arrayMap(i -> toInt32(i - 1), ${entriesOf(query)}) AS cohort
  WHERE cohort >= 0
),
${cells(query, withMoney)}
GROUP BY cohort, period
ORDER BY cohort, period
LIMIT ${int(MAX_CELLS)}`,
  };
}

/**
 * `weight, start or starts, returns`; with money one row a customer, and `paid_slots, paid_amounts`. What was paid
 * is read apart, from the few events that bear revenue.
 */
function people(query: RetentionQuery, withMoney: boolean, scope: CompileScope): Sql {
  const { isStart, isReturn } = conditions(query, scope);
  const source = brokenDownEvents(null, scope);
  const collected = sql`${collectEntries(query)}, ${setsOf(query).collect(sql`slot`, sql`is_return`)} AS returns`;
  const events = sql`SELECT customer_key, ${slot(query)} AS slot, ${isStart} AS is_start, ${isReturn} AS is_return
    FROM ${source} WHERE ${relevantEvents(query, scope)}`;
  if (!withMoney) {
    const entry = query.entry === 'RECURRING' ? sql`starts` : sql`start`;
    return sql`  SELECT count() AS weight, ${entry}, returns
  FROM (SELECT ${collected} FROM (${events}) GROUP BY customer_key)
  GROUP BY ${entry}, returns`;
  }
  return sql`  SELECT
    1 AS weight,
    ${collected},
    groupArrayIf(toUInt16(slot), amount != 0) AS paid_slots,
    groupArrayIf(amount, amount != 0) AS paid_amounts
  FROM (
    SELECT *, toDecimal64(0, 4) AS amount FROM (${events})
    UNION ALL
    SELECT customer_key, ${slot(query)}, 0, 0, ${revenue} FROM ${source} WHERE ${paidReturns(query, scope)}
  )
  GROUP BY customer_key`;
}

/** What each row of `entered` puts into which column, up to the aggregates. */
function cells(query: RetentionQuery, withMoney: boolean): Sql {
  const reach = int(reachOf(query));
  const { reached } = furthest(query, sql`positions`);
  const counted =
    query.mode === 'ON' ? sql`arrayPushFront(periods, toInt32(0))` : sql`[toInt32(0), ${reached}]`;
  const within = (list: Sql): Sql =>
    sql`arrayFilter(position -> position >= cohort AND position <= cohort + ${reach}, ${list})`;
  const paid = sql`arrayFilter(payment -> payment.1 >= cohort AND payment.1 <= cohort + ${reach}, arrayZip(arrayMap(i -> i - 1, paid_slots), paid_amounts)) AS paid`;
  return sql`laid AS (
  SELECT
    weight,
    cohort,
    arrayMap(position -> ${columnOf(query, sql`position - cohort`)}, ${within(sql`positions`)}) AS periods,
    arrayDistinct(${counted}) AS counted
    ${withMoney ? sql`, ${paid}, arrayMap(payment -> ${columnOf(query, sql`payment.1 - cohort`)}, paid) AS paid_periods` : empty}
  FROM entered
)
SELECT cohort, period, sum(people) AS customers, 0 AS events, ${withMoney ? sql`sum(amount)` : sql`0`} AS revenue, 0 AS last_start_ms
FROM laid
ARRAY JOIN ${
    withMoney
      ? sql`
  arrayConcat(counted, paid_periods) AS period,
  arrayConcat(arrayMap(i -> weight, counted), arrayMap(i -> 0, paid)) AS people,
  arrayConcat(arrayMap(i -> toDecimal64(0, 4), counted), paid.2) AS amount`
      : sql`counted AS period, arrayMap(i -> weight, counted) AS people`
  }`;
}

/** Slots are positions plus one; what came before the rows is slot 0. */
function setsOf(query: RetentionQuery) {
  return positionSets(query.rows.length + 1);
}

function slot(query: RetentionQuery): Sql {
  return sql`if(time >= ${param.time(firstRowMs(query))}, ${positionOf(sql`time`, query)} + 1, 0)`;
}

/** What is collected of a customer's starts. */
function collectEntries(query: RetentionQuery): Sql {
  return query.entry === 'RECURRING'
    ? sql`${setsOf(query).collect(sql`slot`, sql`is_start`)} AS starts`
    : sql`toInt32(minIf(slot, is_start)) AS start`;
}

/** Slots of the rows that a customer entered. */
function entriesOf(query: RetentionQuery): Sql {
  return query.entry === 'RECURRING' ? setsOf(query).list(sql`starts`) : sql`[start]`;
}
