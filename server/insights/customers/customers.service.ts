/** Customers: lists of them, one of them, and one customer's events. */
import { compileMatch, normaliseMatch } from '../../query/event-match.ts';
import type { EventMatch, EventMatchRequest } from '../../query/event-match.ts';
import { keyedBy } from '../../query/keyed.ts';
import { cursorOf, markOf, pageRequest } from '../../query/page.ts';
import type { PageRequest } from '../../query/page.ts';
import { and } from '../../query/sql.ts';
import { batchedFor } from '../batch.ts';
import type { CustomerPage, CustomerRow, InsightScope } from '../scope.ts';
import { normaliseCustomers } from './customers.query.ts';
import type { CustomersQuery, CustomersRequest } from './customers.query.ts';
import { compileKeyOf, compileSelection } from './customers.sql.ts';
import { grouped } from './details.ts';
import { compileEventCounts, compileEventPage, compileFirstEvents } from './events.sql.ts';
import type { EventRow } from './events.sql.ts';
import { customerPage, customersOf } from './people.ts';
import type { PageOf } from './people.ts';

/** Reads a request with the scope's words; throws InputError with what is wrong. */
export function readCustomers(request: CustomersRequest, scope: InsightScope): CustomersQuery {
  const stages = scope.journeyMap.lifecycle.map(({ key }) => key);
  return normaliseCustomers(request, scope.compile.vocabulary, stages);
}

export async function listCustomers(
  request: CustomersRequest,
  page: PageOf & { readonly withTotal: boolean },
  scope: InsightScope,
): Promise<CustomerPage> {
  const query = readCustomers(request, scope);
  const isEverybody = query.audience === null && query.search === null;
  return customerPage(compileSelection(query, scope.compile), query.orderBy, { ...page, isEverybody }, scope);
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

export interface EventsRequest extends PageOf {
  readonly match?: EventMatchRequest | null | undefined;
  /** Whether anybody reads the total. */
  readonly withTotal: boolean;
  /** Whether anybody asks if there are more. */
  readonly withMore: boolean;
}

/** First pages of all customers of a list are read together. */
export async function listEvents(
  customer: CustomerRow,
  { match: request, first, after, withTotal, withMore }: EventsRequest,
  scope: InsightScope,
): Promise<EventPage> {
  const match = normaliseMatch(request, scope.compile.vocabulary, 'match');
  const list = {
    mark: `EVENTS ${markOf(and([keyedBy([customer.customerKey]), compileMatch(match, scope.compile.vocabulary)]))}`,
    width: 2,
  };
  const page = pageRequest(first, after, list);
  const { customerKey } = customer;
  const [rows = [], total = 0] = await Promise.all([
    page.after
      ? pageOfEvents(customerKey, match, page, scope)
      : firstEvents(customerKey, { match, most: withMore ? first + 1 : first }, scope),
    withTotal ? countEvents(customerKey, match, scope) : 0,
  ]);
  return {
    totalCount: total,
    edges: rows.slice(0, first).map((row) => ({
      cursor: cursorOf([String(row.time_ms), row.event_id], list),
      node: customerEvent(row, customer),
    })),
    hasNextPage: rows.length > first,
  };
}

/** Those who are listed were mostly here lately: in so many days, and only of the rest is everything looked through. */
const LATELY_DAYS = 7;

const firstEvents = batchedFor<{ match: EventMatch; most: number }, readonly EventRow[]>(
  async (keys, { match, most }, scope) => {
    const [only] = keys;
    // Of one customer the newest are found without sorting all.
    if (only !== undefined && keys.length === 1) {
      return new Map([[only, await pageOfEvents(only, match, { first: most, after: null }, scope)]]);
    }
    const find = (
      whose: readonly string[],
      sinceMs: number | null,
    ): Promise<Map<string, readonly EventRow[]>> =>
      grouped(compileFirstEvents(whose, match, most, sinceMs, scope.compile), scope);
    const lately = await find(keys, scope.compile.nowMs - LATELY_DAYS * 86_400_000);
    const rest = keys.filter((key) => (lately.get(key)?.length ?? 0) < most);
    return rest.length === 0 ? lately : new Map([...lately, ...(await find(rest, null))]);
  },
);

const countEvents = batchedFor<EventMatch, number>(async (keys, match, scope) => {
  const { rows } = await scope.engine.query(compileEventCounts(keys, match, scope.compile), {
    signal: scope.signal,
  });
  return new Map(rows.map(({ key, total }) => [key, Number(total)]));
});

async function pageOfEvents(
  customerKey: string,
  match: EventMatch,
  page: PageRequest,
  scope: InsightScope,
): Promise<readonly EventRow[]> {
  const statement = compileEventPage(customerKey, match, page, scope.compile);
  return (await scope.engine.query(statement, { signal: scope.signal })).rows;
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
