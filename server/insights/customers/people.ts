/** Opens any set of customers as one page of a list: what every number of every analysis leads to. */
import { money } from '../../query/money.ts';
import { cursorOf, markOf, pageRequest } from '../../query/page.ts';
import { sql } from '../../query/sql.ts';
import type { Sql } from '../../query/sql.ts';
import type { CustomerPage, InsightScope, People } from '../scope.ts';
import type { CustomerOrder } from './customers.query.ts';
import { compileCustomerCount, compileCustomerPage, compileOrderCounts } from './customers.sql.ts';
import type { CustomerListRow } from './customers.sql.ts';

export const people: People = {
  connection: (keys, first, after, scope) =>
    customerPage(sql`customer_key IN (${keys})`, 'LAST_SEEN', { first, after }, scope),
  count: (keys, scope) => countOf(sql`customer_key IN (${keys})`, scope),
};

export interface PageOf {
  readonly first: number;
  readonly after?: string | null | undefined;
  /** The selection names its customers by their keys: few rows are read. */
  readonly isKeyed?: true;
}

/** `selection` is a condition on `customer_key`. */
export async function customerPage(
  selection: Sql,
  orderBy: CustomerOrder,
  { first, after, isKeyed }: PageOf,
  scope: InsightScope,
): Promise<CustomerPage> {
  const list = { mark: `${orderBy} ${markOf(selection)}`, width: 2 };
  const page = pageRequest(first, after, list);
  const options = { signal: scope.signal };
  const statement = compileCustomerPage(selection, orderBy, page, scope.compile);
  const query = isKeyed ? { ...statement, isLight: isKeyed } : statement;
  const { rows } = await scope.engine.query(query, options);
  const shown = rows.slice(0, page.first);
  const [orders, totalCount] = await Promise.all([
    ordersOf(shown, scope),
    rows[0] ? Number(rows[0].total) : countOf(selection, scope),
  ]);
  const edges = shown.map((row) => ({
    cursor: cursorOf([row.sort, row.key], list),
    node: {
      customerKey: row.key,
      id: row.id,
      firstSeen: new Date(row.first_ms),
      lastSeen: new Date(row.last_ms),
      orders: orders.get(row.key) ?? 0,
      revenue: money(row.revenue),
    },
  }));
  return { totalCount, edges, hasNextPage: rows.length > page.first };
}

async function ordersOf(
  shown: readonly CustomerListRow[],
  scope: InsightScope,
): Promise<ReadonlyMap<string, number>> {
  if (shown.length === 0) return new Map();
  const keys = shown.map((row) => row.key);
  const { rows } = await scope.engine.query(compileOrderCounts(keys, scope.compile), {
    signal: scope.signal,
  });
  return new Map(rows.map((row) => [row.key, Number(row.order_count)]));
}

/** Past the last page no row is left to carry the total. */
async function countOf(selection: Sql, scope: InsightScope): Promise<number> {
  const { rows } = await scope.engine.query(compileCustomerCount(selection, scope.compile), {
    signal: scope.signal,
  });
  return Number(rows[0]?.total ?? 0);
}
