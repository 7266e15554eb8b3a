/** Who stands behind the numbers of the overview that count customers. The same conditions as in overview.sql.ts. */
import { compileAudience } from '../../query/audience.ts';
import { customersTable, eventsTable, isOrder, orderKey } from '../../query/events.ts';
import type { CompileScope } from '../../query/events.ts';
import { compileFilter } from '../../query/filter.ts';
import { firstSightSource } from '../../query/source.ts';
import { and, param, sql } from '../../query/sql.ts';
import type { Sql } from '../../query/sql.ts';
import type { OverviewQuery } from './overview.query.ts';

export const OVERVIEW_PEOPLE = ['KNOWN', 'NEW', 'ACTIVE', 'BUYERS', 'REPEAT_BUYERS', 'CHURNED'] as const;
export type OverviewPeople = (typeof OVERVIEW_PEOPLE)[number];

/** `SELECT customer_key ...` of those whom the number counts, over the whole range; who churned: churn.sql.ts. */
export function compileOverviewPeople(
  query: OverviewQuery,
  people: Exclude<OverviewPeople, 'CHURNED'>,
  scope: CompileScope,
): Sql {
  const before = sql`time < ${param.time(query.range.toMs)}`;
  const within = sql`time >= ${param.time(query.range.fromMs)} AND ${before}`;
  const ordered = isOrder(scope.vocabulary);
  const from = (time: Sql, having?: Sql): Sql => {
    const conditions = [time, compileFilter(query.where), compileAudience(query.audience, scope)];
    const keys = sql`SELECT customer_key FROM ${eventsTable(scope)} WHERE ${and(conditions)} GROUP BY customer_key`;
    return having ? sql`${keys} HAVING ${having}` : keys;
  };
  switch (people) {
    case 'KNOWN':
      return firstSightSource(query.where) === 'customers' ? known(query, scope) : from(before);
    case 'NEW':
      return from(sql`${before} AND ${ordered}`, sql`min(time) >= ${param.time(query.range.fromMs)}`);
    case 'ACTIVE':
      return from(within);
    case 'BUYERS':
      return from(sql`${within} AND ${ordered}`);
    case 'REPEAT_BUYERS':
      return from(sql`${before} AND ${ordered}`, sql`uniqExact(${orderKey}) > 1`);
  }
}

/** First seen before the range's end, whatever they did. */
function known(query: OverviewQuery, scope: CompileScope): Sql {
  return sql`SELECT customer_key FROM ${customersTable(scope)} AS customers
WHERE customers.first_seen < ${param.time(query.range.toMs)} AND ${compileAudience(query.audience, scope)} GROUP BY customer_key`;
}
