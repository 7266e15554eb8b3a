/**
 * What goes with converting: for each value of a property how many who entered carry it, and how many of them
 * converted. Of events the values on the customer's first event that may begin an attempt count: which event
 * that is does not hang on what came of it, as the beginning of the best attempt does, so converting is not
 * explained by itself. Three statements: which properties there are, which of them tell customers apart, then
 * all counts from the one relation of matcher.sql.ts.
 */
import { customerTrait, customerTraits, eventKey, eventProperty } from '../../query/events.ts';
import type { CompileScope } from '../../query/events.ts';
import type { PropertyScope } from '../../query/filter.ts';
import { readsOf } from '../../query/reads.ts';
import { int, join, name, param, sql } from '../../query/sql.ts';
import type { Sql } from '../../query/sql.ts';
import type { SqlQuery } from '../../query/statement.ts';
import type { FunnelQuery } from './funnel.query.ts';
import { compileMatched } from './matcher.sql.ts';
import { eventRows, hasBarriers } from './moments.sql.ts';

/** Rows looked at to find which properties there are. */
const SAMPLE = int(200_000);
/** Properties compared: those that most carry. */
export const MOST_PROPERTIES = 40;
/** A property with more different values than this tells things apart, not customers: ids, times, texts. */
export const MOST_VALUES = 200;
/** Values compared of one property: the most frequent. */
const MOST_OF_ONE = int(50);

export interface CandidateRow {
  readonly property: string;
}

/** Names of properties (traits) of the sample, those that most carry first. */
export function compileCandidates(
  query: FunnelQuery,
  of: PropertyScope,
  scope: CompileScope,
): SqlQuery<CandidateRow> {
  const bags = sample(query, of, [of === 'EVENT' ? sql`properties` : sql`traits`], scope);
  return {
    name: 'funnel_properties',
    reads: readsOf(query.range, query.audience, scope),
    sql: sql`SELECT arrayJoin(JSONAllPaths(value_1)) AS property, count() AS total\nFROM (${bags}) GROUP BY property ORDER BY total DESC, property`,
  };
}

export interface DifferentRow {
  /** A number for each property asked for, in that order. */
  readonly different: readonly (number | string)[];
}

/** How many different values each of the properties has in the sample: a text each, none of others is read. */
export function compileDifferent(
  query: FunnelQuery,
  of: PropertyScope,
  properties: readonly string[],
  scope: CompileScope,
): SqlQuery<DifferentRow> {
  const values = properties.map(of === 'EVENT' ? eventKey : customerTrait);
  const different = properties.map((_, i) => sql`uniq(${name('value', i + 1)})`);
  return {
    name: 'funnel_property_values',
    reads: readsOf(query.range, query.audience, scope),
    sql: sql`SELECT [${join(different, sql`, `)}] AS different\nFROM (${sample(query, of, values, scope)})`,
  };
}

function sample(query: FunnelQuery, of: PropertyScope, values: readonly Sql[], scope: CompileScope): Sql {
  const columns = join(
    values.map((value, i) => sql`, ${value} AS ${name('value', i + 1)}`),
    sql``,
  );
  return of === 'EVENT'
    ? sql`SELECT * FROM (${eventRows(query, scope, columns)}) WHERE ${begins(query)} LIMIT ${SAMPLE}`
    : sql`SELECT customer_key${columns} FROM ${customerTraits} LIMIT ${SAMPLE}`;
}

export interface CorrelationRow {
  /** Place in the list of properties from 1; 0 for all who entered. */
  readonly place: number | string;
  readonly value: string;
  readonly customers: string;
  readonly converted: string;
}

/** How many carry each value, and how many of them converted; the first row is of all who entered. */
export function compileCorrelations(
  query: FunnelQuery,
  of: PropertyScope,
  properties: readonly string[],
  scope: CompileScope,
): SqlQuery<CorrelationRow> {
  const last = name('step', query.steps.length);
  const entered = sql`SELECT customer_key, ${last} > 0 AS has_converted\nFROM (${compileMatched(query, scope)})`;
  const customers =
    of === 'EVENT'
      ? withEvents(query, entered, properties, scope)
      : sql`SELECT has_converted, ${pairsOf(properties.map(customerTrait))} AS pairs\nFROM (${entered}) AS entered LEFT ANY JOIN ${customerTraits} AS known USING (customer_key)`;
  const rows = sql`SELECT has_converted, arrayJoin(arrayPushFront(pairs, (toUInt8(0), ''))) AS pair\nFROM (${customers})`;
  return {
    name: 'funnel_correlations',
    reads: readsOf(query.range, query.audience, scope),
    sql: sql`SELECT pair.1 AS place, pair.2 AS value, count() AS customers, countIf(has_converted) AS converted\nFROM (${rows}) GROUP BY place, value ORDER BY place, customers DESC, value LIMIT ${MOST_OF_ONE} BY place`,
  };
}

/** A row per customer who entered. Properties are read of the events that count only. */
function withEvents(
  query: FunnelQuery,
  entered: Sql,
  properties: readonly string[],
  scope: CompileScope,
): Sql {
  const columns = sql`, event_id, ${pairsOf(properties.map(eventProperty))} AS pairs`;
  const begun = sql`SELECT customer_key, pairs\nFROM (${eventRows(query, scope, columns)}) WHERE ${begins(query)} AND (customer_key, time, event_id) IN (${firstEvents(query, scope)}) LIMIT 1 BY customer_key`;
  return sql`SELECT has_converted, pairs\nFROM (${begun}) AS begun INNER JOIN (${entered}) AS entered USING (customer_key)`;
}

/** `SELECT customer_key`: who carries the value on the event that counts, or as a trait, whether they entered or not. */
export function compileCarriers(
  query: FunnelQuery,
  { of, property, value }: { readonly of: PropertyScope; readonly property: string; readonly value: string },
  scope: CompileScope,
): Sql {
  const held = param.string(value);
  if (of === 'CUSTOMER') {
    return sql`SELECT customer_key FROM ${customerTraits} WHERE ifNull(${customerTrait(property)}, '') = ${held}`;
  }
  const columns = sql`, event_id, ifNull(${eventProperty(property)}, '') AS carried`;
  const begun = sql`SELECT customer_key, carried\nFROM (${eventRows(query, scope, columns)}) WHERE ${begins(query)} AND (customer_key, time, event_id) IN (${firstEvents(query, scope)}) LIMIT 1 BY customer_key`;
  return sql`SELECT customer_key FROM (${begun}) WHERE carried = ${held}`;
}

/** `customer_key, time, event_id` of each customer's first event that may begin an attempt. */
function firstEvents(query: FunnelQuery, scope: CompileScope): Sql {
  return sql`SELECT customer_key, min(time), argMin(event_id, (time, event_id))\nFROM (${eventRows(query, scope, sql`, event_id`)}) WHERE ${begins(query)} GROUP BY customer_key`;
}

/** True on a row of events that may begin an attempt. */
function begins(query: FunnelQuery): Sql {
  if (query.order !== 'ANY') return sql`bitTest(mask, 0)`;
  return hasBarriers(query) ? sql`mask > 0 AND barrier = 0` : sql`mask > 0`;
}

/** `(place of the property from 1, value)` of those that are set. */
function pairsOf(values: readonly Sql[]): Sql {
  const pairs = values.map((value, i) => sql`(toUInt8(${int(i + 1)}), ifNull(${value}, ''))`);
  return sql`arrayFilter(p -> p.2 != '', [${join(pairs, sql`, `)}])`;
}
