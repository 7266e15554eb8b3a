/** Retention by a self-join of raw events: the statement that textbooks give. */
import { and, int, param, sql } from '../../../server/query/sql.ts';
import type { SqlQuery } from '../../../server/query/statement.ts';
import { settingsOf } from './reads.ts';
import type { Reads } from './reads.ts';
import { ORDER, RETENTION_PERIODS, WEEKS } from '../questions.ts';

export interface RetentionYardRow {
  readonly cohort: string;
  readonly period: number;
  readonly customers: string;
}

/** Customers by the week of their first order, and how many of them came back in each of the weeks after. */
export function selfJoinRetention(returns: 'orders' | 'any event', reads: Reads): SqlQuery<RetentionYardRow> {
  const [from, to] = [param.time(WEEKS.from.getTime()), param.time(WEEKS.to.getTime())];
  const isReturn = [sql`time >= ${from}`, sql`time < ${to}`];
  if (returns === 'orders') isReturn.push(sql`event = ${param.string(ORDER)}`);
  return {
    name: 'bench_retention',
    sql: sql`SELECT toMonday(first_time) AS cohort, dateDiff('week', cohort, toMonday(time)) AS period, uniqExact(customer_key) AS customers
FROM (SELECT customer_key, time FROM events WHERE ${and(isReturn)}) AS returns
INNER JOIN (
  SELECT customer_key, min(time) AS first_time FROM events
  WHERE event = ${param.string(ORDER)} AND time < ${to}
  GROUP BY customer_key HAVING first_time >= ${from}
) AS firsts USING (customer_key)
WHERE toMonday(time) >= toMonday(first_time) AND dateDiff('week', toMonday(first_time), toMonday(time)) <= ${int(RETENTION_PERIODS)}
GROUP BY cohort, period ORDER BY cohort, period ${settingsOf(reads)}`,
  };
}
