/** The customer that an identification answers with: as lists show it, or new where nothing was done yet. */
import type { CustomerRow, InsightScope } from '../insights/scope.ts';
import { param, sql } from '../query/sql.ts';

export async function identifiedRow(customerId: string, scope: InsightScope): Promise<CustomerRow> {
  const key = sql`SELECT cityHash64(${param.string(customerId)}) AS customer_key`;
  const page = await scope.people.connection(key, { first: 1 }, scope);
  const [edge] = page.edges;
  if (edge) return edge.node;
  const { rows } = await scope.engine.query<{ customer_key: string }>({
    name: 'ingest.customer_key',
    sql: key,
  });
  const seen = new Date(scope.compile.nowMs);
  return {
    customerKey: rows[0]?.customer_key ?? '',
    id: customerId,
    firstSeen: seen,
    lastSeen: seen,
    revenue: 0,
  };
}
