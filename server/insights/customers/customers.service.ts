/** Customers: lists of them, one of them, and one customer's events. */
import { compileMatch, normaliseMatch } from '../../query/event-match.ts';
import type { EventMatchRequest } from '../../query/event-match.ts';
import { keyedBy } from '../../query/keyed.ts';
import { cursorOf, markOf, pageRequest } from '../../query/page.ts';
import { and } from '../../query/sql.ts';
import type { CustomerPage, CustomerRow, InsightScope } from '../scope.ts';
import { normaliseCustomers } from './customers.query.ts';
import type { CustomersRequest } from './customers.query.ts';
import { compileKeyOf, compileSelection } from './customers.sql.ts';
import { compileEventCount, compileEventPage } from './events.sql.ts';
import type { EventRow } from './events.sql.ts';
import { customerPage, customersOf } from './people.ts';
import type { PageOf } from './people.ts';

export async function listCustomers(
  request: CustomersRequest,
  page: PageOf,
  scope: InsightScope,
): Promise<CustomerPage> {
  const stages = scope.journeyMap.lifecycle.map(({ key }) => key);
  const query = normaliseCustomers(request, scope.compile.vocabulary, stages);
  return customerPage(compileSelection(query, scope.compile), query.orderBy, page, scope);
}

/** By any of the customer's ids; null when there is none. */
export async function findCustomer(id: string, scope: InsightScope): Promise<CustomerRow | null> {
  const { rows } = await scope.engine.query(compileKeyOf(id), { signal: scope.signal });
  const key = rows[0]?.key;
  if (key === undefined) return null;
  return (await customersOf([key], scope)).get(key) ?? null;
}

export interface CustomerEvent {
  readonly id: string;
  readonly event: string;
  readonly time: Date;
  readonly receivedAt: Date;
  readonly channel: string;
  readonly orderId: string | null;
  readonly revenue: number | null;
  readonly sessionId: string | null;
  readonly properties: unknown;
  readonly customer: CustomerRow;
}

export interface EventPage {
  readonly totalCount: number;
  readonly edges: readonly { readonly cursor: string; readonly node: CustomerEvent }[];
  readonly hasNextPage: boolean;
}

export async function listEvents(
  customer: CustomerRow,
  request: EventMatchRequest | null | undefined,
  { first, after }: PageOf,
  scope: InsightScope,
): Promise<EventPage> {
  const match = normaliseMatch(request, scope.compile.vocabulary, 'match');
  const list = {
    mark: `EVENTS ${markOf(and([keyedBy([customer.customerKey]), compileMatch(match, scope.compile.vocabulary)]))}`,
    width: 2,
  };
  const page = pageRequest(first, after, list);
  const options = { signal: scope.signal };
  const [{ rows }, count] = await Promise.all([
    scope.engine.query(compileEventPage(customer.customerKey, match, page, scope.compile), options),
    scope.engine.query(compileEventCount(customer.customerKey, match, scope.compile), options),
  ]);
  return {
    totalCount: Number(count.rows[0]?.total ?? 0),
    edges: rows.slice(0, first).map((row) => ({
      cursor: cursorOf([String(row.time_ms), row.event_id], list),
      node: customerEvent(row, customer),
    })),
    hasNextPage: rows.length > first,
  };
}

export function customerEvent(row: EventRow, customer: CustomerRow): CustomerEvent {
  return {
    id: row.event_id,
    event: row.event,
    time: new Date(row.time_ms),
    receivedAt: new Date(row.received_ms),
    channel: row.channel,
    orderId: row.order_id || null,
    revenue: row.amount,
    sessionId: row.session_id || null,
    properties: JSON.parse(row.properties),
    customer,
  };
}
