/** Paths as tuples of strings, grouped by customer, cut into visits and counted: the statement of most tools. */
import { int, param, sql } from '../../../server/query/sql.ts';
import type { SqlQuery } from '../../../server/query/statement.ts';
import { touchpoint } from '../../../server/query/touchpoint.ts';
import { lastDays } from '../questions.ts';

const GAP_MS = 30 * 60_000;

export interface EdgeYardRow {
  readonly step: number;
  readonly source: string;
  readonly target: string;
  readonly paths: string;
}

/** The edges that most paths take among their first `steps` nodes, with the time between their ends. */
export function stringPaths(days: number, steps: number, edges: number): SqlQuery<EdgeYardRow> {
  const { from, to } = lastDays(days);
  return {
    name: 'bench_paths',
    sql: sql`SELECT step, source, target, count() AS paths, uniqExact(customer_key) AS customers,
  quantileExactInclusive(0.5)(gap) / 1000 AS median_seconds
FROM (
  SELECT customer_key,
    arraySlice(arrayFilter((visit, before) -> visit.2 != before, session, arrayPushFront(arrayPopBack(session.2), '')), 1, ${int(steps)}) AS path
  FROM (
    SELECT customer_key, arrayJoin(arraySplit((visit, gap) -> gap > ${int(GAP_MS)}, visits, arrayDifference(visits.1))) AS session
    FROM (
      SELECT customer_key, arraySort(groupArray((toUnixTimestamp64Milli(time), ${touchpoint}))) AS visits
      FROM events WHERE time >= ${param.time(from.getTime())} AND time < ${param.time(to.getTime())}
      GROUP BY customer_key
    )
  )
)
ARRAY JOIN arrayPopBack(arrayEnumerate(path)) AS step, arrayPopBack(path.2) AS source, arrayPopFront(path.2) AS target,
  arrayPopFront(arrayDifference(path.1)) AS gap
GROUP BY step, source, target
ORDER BY paths DESC, step, source, target LIMIT ${int(edges)}`,
  };
}
