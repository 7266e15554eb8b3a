/**
 * The retail map's stages at one instant, told from raw events by a statement as one would write it: only the
 * events that the rules look at are read, grouped once by customer.
 */
import { param, sql } from '../../../server/query/sql.ts';
import type { SqlQuery } from '../../../server/query/statement.ts';
import { settingsOf } from './reads.ts';
import type { Reads } from './reads.ts';
import { DAY_MS } from '../questions.ts';

export interface StageYardRow {
  readonly stage: string;
  readonly customers: string;
}

/** Customers by stage; all who are known by then as `known`: those in no stage are prospects. */
export function stagesFromRaw(atMs: number, reads: Reads): SqlQuery<StageYardRow> {
  const at = param.time(atMs);
  const since = (days: number) => param.time(atMs - days * DAY_MS);
  return {
    name: 'bench_stages',
    sql: sql`SELECT stage, count() AS customers FROM (
  SELECT customer_key,
    arraySort(groupArrayIf(time, event = 'order_completed')) AS orders,
    orders[-1] AS newest,
    countIf(event = 'points_viewed' AND time > ${since(7)}) AS looks,
    sumIf(revenue, time > ${since(365)}) AS spent,
    multiIf(
      newest <= ${since(365)}, 'lost',
      newest <= ${since(120)}, 'dormant',
      newest <= ${since(60)} OR (newest <= ${since(30)} AND looks > 0), 'at_risk',
      arrayExists((o, before) -> o > ${since(30)} AND before > toDateTime64(0, 3, 'UTC') AND o >= before + toIntervalDay(120),
        orders, arrayPushFront(arrayPopBack(orders), toDateTime64(0, 3, 'UTC'))), 'won_back',
      orders[1] > ${since(30)}, 'new',
      spent >= 1000, 'high_value',
      arrayCount(o -> o > ${since(180)}, orders) >= 3, 'loyal',
      'active') AS stage
  FROM events
  WHERE time <= ${at} AND event IN ('order_completed', 'order_refunded', 'points_viewed')
  GROUP BY customer_key HAVING notEmpty(orders)
) GROUP BY stage
UNION ALL
SELECT 'known', count() FROM (SELECT customer_key FROM customers GROUP BY customer_key HAVING min(first_seen) <= ${at})
${settingsOf(reads)}`,
  };
}
