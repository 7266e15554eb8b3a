/** Opens any set of customers as one page of a list: what every number of every analysis leads to. */
import { money } from '../../query/money.ts';
import { cursorOf, markOf, pageRequest } from '../../query/page.ts';
import { sql } from '../../query/sql.ts';
import type { Sql } from '../../query/sql.ts';
import type { SqlQuery } from '../../query/statement.ts';
import type { CustomerPage, CustomerRow, InsightScope, People } from '../scope.ts';
import type { PlaceRow } from './customers.sql.ts';
import type { CustomerOrder } from '../../query/customer-order.ts';
import { compileCustomerCount, compileCustomerPage, compileKnown, compileNewest } from './customers.sql.ts';

export const people: People = {
  connection: (keys, { first, after, orderBy }, scope) =>
    customerPage(sql`customer_key IN (${keys})`, orderBy ?? 'LAST_SEEN', { first, after }, scope),
  count: (keys, scope) => countOf(sql`customer_key IN (${keys})`, scope),
};

export interface PageOf {
  readonly first: number;
  readonly after?: string | null | undefined;
  /** Whether anybody reads the total; absent: yes. */
  readonly withTotal?: boolean;
  /** The selection leaves nobody out. */
  readonly isEverybody?: boolean;
}

/** `selection` is a condition on `customer_key`. */
export async function customerPage(
  selection: Sql,
  orderBy: CustomerOrder,
  { first, after, withTotal = true, isEverybody = false }: PageOf,
  scope: InsightScope,
): Promise<CustomerPage> {
  const list = { mark: `${orderBy} ${markOf(selection)}`, width: 2 };
  const page = pageRequest(first, after, list);
  const isNewest = isEverybody && !withTotal && orderBy === 'LAST_SEEN' && !page.after;
  const newest = isNewest ? await placesOf(compileNewest(page, scope.compile), scope) : [];
  const rows =
    newest.length > page.first
      ? newest
      : await placesOf(compileCustomerPage(selection, orderBy, page, scope.compile), scope);
  const shown = rows.slice(0, page.first);
  const [customers, totalCount] = await Promise.all([
    customersOf(
      shown.map(({ key }) => key),
      scope,
    ),
    rows[0] || !withTotal ? Number(rows[0]?.total ?? 0) : countOf(selection, scope),
  ]);
  const edges = shown.flatMap(({ sort, key }) => {
    const node = customers.get(key);
    return node ? [{ cursor: cursorOf([sort, key], list), node }] : [];
  });
  return { totalCount, edges, hasNextPage: rows.length > page.first };
}

async function placesOf(
  query: SqlQuery<PlaceRow>,
  { engine, signal }: InsightScope,
): Promise<readonly PlaceRow[]> {
  return (await engine.query(query, { signal })).rows;
}

/** Known customers by their keys. */
export async function customersOf(
  keys: readonly string[],
  scope: InsightScope,
): Promise<ReadonlyMap<string, CustomerRow>> {
  if (keys.length === 0) return new Map();
  const distinct = [...new Set(keys)];
  const { rows } = await scope.engine.query(compileKnown(distinct, scope.compile), { signal: scope.signal });
  return new Map(
    rows.map((row) => [
      row.key,
      {
        customerKey: row.key,
        id: row.id,
        firstSeen: new Date(row.first_ms),
        lastSeen: new Date(row.last_ms),
        revenue: money(row.revenue),
      },
    ]),
  );
}

/** Past the last page no row is left to carry the total. */
async function countOf(selection: Sql, scope: InsightScope): Promise<number> {
  const { rows } = await scope.engine.query(compileCustomerCount(selection, scope.compile), {
    signal: scope.signal,
  });
  return Number(rows[0]?.total ?? 0);
}
