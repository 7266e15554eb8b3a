/**
 * How events are read: which table, which columns, what an order is, and how a property is reached. The
 * journey map's words come in as data; nothing here knows where they are kept.
 */
import { isIdentifier, param, sql } from './sql.ts';
import type { Sql } from './sql.ts';

/** The journey map's words that statements need. */
export interface EventVocabulary {
  /** Events of each journey stage, by the stage's key, in the map's order. */
  readonly stages: ReadonlyMap<string, readonly string[]>;
  /** Events that are a purchase, also without an order id. */
  readonly orderEvents: readonly string[];
  /** Events that take a purchase back; never an order. */
  readonly returnEvents: readonly string[];
  /** Saved audiences by id, as of one look; absent: none. */
  readonly audiences?: ReadonlyMap<string, SavedAudience>;
}

/** A set of customers that was saved under a name. */
export interface SavedAudience {
  readonly id: string;
  readonly name: string;
  /** As it was sent: an AudienceRequest. Of a static one only a record of where its members came from. */
  readonly definition: object;
  /** Names the rows of `audience_members` that are a static audience's customers; null: a live one. */
  readonly membersId: string | null;
}

/** What every compilation needs besides the query itself. */
export interface CompileScope {
  readonly nowMs: number;
  readonly vocabulary: EventVocabulary;
  /** True once ids were merged: events are then read through the identities. */
  readonly hasMergedIdentities: boolean;
  /** `SELECT customer_key ...` of those in one of the lifecycle stages at an instant (default: now). */
  readonly customersInLifecycleStages: (stages: readonly string[], atMs?: number) => Sql;
  /** A condition on rows of events and customers: who does not meet it need not be told apart. Absent: everybody is. */
  readonly only?: Sql;
}

/** The relation to read events from; merged customers stand under one `customer_key`. */
export function eventsTable(scope: Pick<CompileScope, 'hasMergedIdentities'>): Sql {
  return scope.hasMergedIdentities ? sql`resolved_events` : sql`events`;
}

/** The relation to read known customers from (first and last seen, revenue): aggregate by `customer_key`. */
export function customersTable(scope: Pick<CompileScope, 'hasMergedIdentities'>): Sql {
  return scope.hasMergedIdentities ? sql`resolved_customers` : sql`customers`;
}

/** The newest traits of each customer: `customer_key`, `customer_id`, `traits`. */
export const customerTraits = sql`(SELECT customer_key, customer_id, traits FROM customer_traits FINAL)`;

/**
 * True for an event that is (part of) an order: a purchase, or any event with an order id and revenue of at
 * least zero that does not take a purchase back.
 */
export function isOrder(vocabulary: EventVocabulary): Sql {
  const orders = param.strings(vocabulary.orderEvents);
  const returns = param.strings(vocabulary.returnEvents);
  return sql`(event IN ${orders} OR (has_revenue AND has_order_id AND ifNull(revenue, -1) >= 0 AND event NOT IN ${returns}))`;
}

/** Names one order among a customer's order events: one per order id, and each event without one its own. */
export const orderKey = sql`order_key`;

/** Revenue as a number; zero where an event carries none. */
export const revenue = sql`ifNull(revenue, toDecimal64(0, 4))`;

const BUILT_IN_TEXT: Readonly<Record<string, Sql>> = {
  event: sql`CAST(event, 'Nullable(String)')`,
  channel: sql`nullIf(CAST(channel, 'String'), '')`,
  orderId: sql`nullIf(order_id, '')`,
  order_id: sql`nullIf(order_id, '')`,
  sessionId: sql`nullIf(session_id, '')`,
  session_id: sql`nullIf(session_id, '')`,
  customerId: sql`CAST(customer_id, 'Nullable(String)')`,
  customer_id: sql`CAST(customer_id, 'Nullable(String)')`,
  revenue: sql`CAST(revenue, 'Nullable(String)')`,
  time: sql`CAST(concat(replaceOne(toString(time), ' ', 'T'), 'Z'), 'Nullable(String)')`,
};

/** Built-ins that are numbers or times whatever a caller writes. */
const BUILT_IN_TYPES: Readonly<Record<string, 'number' | 'time'>> = { revenue: 'number', time: 'time' };

/** What a property of the event is by its column; null where each value says it for itself. */
export function builtInType(property: string): 'number' | 'time' | null {
  return (Object.hasOwn(BUILT_IN_TYPES, property) ? BUILT_IN_TYPES[property] : null) ?? null;
}

/** A property of the event as Nullable(String): a built-in, or a key of `properties` (its name stays a parameter). */
export function eventProperty(property: string): Sql {
  const builtIn = Object.hasOwn(BUILT_IN_TEXT, property) ? BUILT_IN_TEXT[property] : undefined;
  return builtIn ?? eventKey(property);
}

/** A key of `properties`, even one that is called like a built-in. */
export function eventKey(key: string): Sql {
  return keyOf(sql`properties`, key);
}

/** A trait of the customer as Nullable(String), to be read from `customerTraits`. */
export function customerTrait(trait: string): Sql {
  return keyOf(sql`traits`, trait);
}

/** A key under a plain name is read alone; for others the whole column is, and then the key taken from it. */
function keyOf(column: Sql, key: string): Sql {
  const value = isIdentifier(key)
    ? sql`${column}.${param.identifier(key)}`
    : sql`getSubcolumn(${column}, ${param.string(key)})`;
  return sql`CAST(${value}, 'Nullable(String)')`;
}
