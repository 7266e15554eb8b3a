/**
 * Touchpoints and conversions of each customer side by side, and the path before each conversion. A value of
 * `by` is a number in statements: its place (from 1) among the values kept, 0 for all others. A touchpoint is one
 * number too: its time in milliseconds times 256, and the value's place. So arrays of them take eight bytes each
 * and sort as numbers, by time and at one instant by value: every path is the same whenever it is read.
 */
import { compileAudience } from '../../query/audience.ts';
import { compileMatch, namesOf } from '../../query/event-match.ts';
import { eventProperty, eventsTable, revenue } from '../../query/events.ts';
import type { CompileScope } from '../../query/events.ts';
import { compileFilter } from '../../query/filter.ts';
import { sortedByCustomer } from '../../query/gathered.ts';
import { readsOf } from '../../query/reads.ts';
import { inRange } from '../../query/time-range.ts';
import { and, int, or, param, sql } from '../../query/sql.ts';
import type { Param, Sql } from '../../query/sql.ts';
import type { SqlQuery } from '../../query/statement.ts';
import { MAX_VALUES, NOT_SET } from './attribution.query.ts';
import type { AttributionQuery } from './attribution.query.ts';

/** The value of a touchpoint as text; a blank one is unset. */
function valueOf({ by }: AttributionQuery): Sql {
  return sql`ifNull(nullIf(${eventProperty(by)}, ''), ${param.string(NOT_SET)})`;
}

/** The place of a touchpoint's value among those kept, 0 for others: looked up by name where there are few. */
function placeAmong(query: AttributionQuery, kept: readonly string[]): Sql {
  const { by } = query;
  const value = by === 'channel' || by === 'event' ? BY_COLUMN[by] : sql`ifNull(${eventProperty(by)}, '')`;
  const places = ['', ...kept].map((name) => String(kept.indexOf(name === '' ? NOT_SET : name) + 1));
  return sql`toUInt8(transform(${value}, ${param.strings(['', ...kept])}, ${param.uint64s(places)}, toUInt64(0)))`;
}

const BY_COLUMN = { channel: sql`channel`, event: sql`event` };

/** Which events are touchpoints, and which conversions: conditions on a row of events. */
function conditions(query: AttributionQuery, scope: CompileScope) {
  return {
    selected: and([compileFilter(query.where), compileAudience(query.audience, scope)]),
    period: inRange({ fromMs: query.earliestMs, toMs: query.range.toMs }),
    touch: compileMatch(query.touchpoints, scope.vocabulary),
    conversion: and([
      compileMatch(query.conversion, scope.vocabulary),
      sql`time >= ${param.time(query.range.fromMs)}`,
    ]),
  };
}

export interface ValueRow {
  readonly value: string;
}

/** The values with most touchpoints, of all customers, in every place that a path could reach; most first. */
export function compileValues(query: AttributionQuery, scope: CompileScope): SqlQuery<ValueRow> {
  const { selected, period, touch } = conditions(query, scope);
  return {
    name: 'attribution.values',
    reads: readsOf({ fromMs: query.earliestMs, toMs: query.range.toMs }, query.audience, scope),
    sql: sql`SELECT ${valueOf(query)} AS value, count() AS touches FROM ${eventsTable(scope)}
WHERE ${and([period, touch, selected])}
GROUP BY value ORDER BY touches DESC, value LIMIT ${int(MAX_VALUES + 3)}`,
  };
}

/** Places of a value fit into what a millisecond is multiplied by. */
const MOMENT = int(256);

/** Of a touchpoint as one number: the place of its value, and its time in milliseconds. */
export const placeOf = (touch: Sql): Sql => sql`bitAnd(${touch}, 255)`;
export const timeOf = (touch: Sql): Sql => sql`intDiv(${touch}, ${MOMENT})`;
/** What a touchpoint at an instant (milliseconds) is at least. */
export const momentOf = (at: Sql | Param): Sql => sql`(${at}) * ${MOMENT}`;

/** Customers' touchpoints that do not fit into a gigabyte go to disk while they are gathered. */
const BOUNDED = sql`SETTINGS max_bytes_before_external_group_by = 1000000000`;

/**
 * `customer_key, touches, conversions`: arrays of touchpoints and of (at, since, amount), in order of time, with
 * `at` and `since`, where the lookback begins, as moments. With `isConverting` only customers with a conversion.
 */
export function journeys(
  query: AttributionQuery,
  kept: readonly string[],
  isConverting: boolean,
  scope: CompileScope,
): Sql {
  const { selected, period, touch, conversion } = conditions(query, scope);
  const who = sql`customer_key IN (SELECT customer_key FROM ${eventsTable(scope)} WHERE ${and([
    inRange(query.range),
    conversion,
    selected,
  ])})`;
  const names = namesBoth(query, scope);
  const relevant = [period, ...names, or([touch, conversion]), selected, ...(isConverting ? [who] : [])];
  const rows = sql`SELECT customer_key, toUInt64(toUnixTimestamp64Milli(time)) AS ms, ${placeAmong(query, kept)} AS place,
  ${touch} AS is_touch, ${conversion} AS is_conversion, ${revenue} AS amount
FROM ${eventsTable(scope)} WHERE ${and(relevant)}`;
  const sorted = sortedByCustomer({
    rows,
    number: sql`bitShiftLeft(ms, 10) + bitShiftLeft(toUInt64(place), 2) + 2 * is_conversion + is_touch`,
    beside: [sql`reinterpretAsUInt64(amount)`],
    settings: BOUNDED,
  });
  const at = momentOf(sql`toInt64(bitShiftRight(n, 10))`);
  const ofTouch = sql`toInt64(bitShiftRight(n, 2))`;
  const ofConversion = sql`(${at}, ${since(query)}, reinterpret(b, 'Decimal(18, 4)'))`;
  const all = sql`SELECT customer_key,
  arrayMap(n -> ${ofTouch}, arrayFilter(n -> bitTest(n, 0), numbers)) AS touches,
  arrayMap((n, b) -> ${ofConversion}, arrayFilter(n -> bitTest(n, 1), numbers), arrayFilter((b, n) -> bitTest(n, 1), beside_1, numbers)) AS conversions
FROM (
${sorted}
)`;
  return isConverting ? sql`SELECT *\nFROM (${all}) WHERE notEmpty(conversions)` : all;
}

/** Names that bound both touchpoints and conversions, so that other events are not read at all. */
function namesBoth(query: AttributionQuery, { vocabulary }: CompileScope): readonly Sql[] {
  const touches = namesOf(query.touchpoints, vocabulary);
  const conversions = namesOf(query.conversion, vocabulary);
  return touches && conversions ? [sql`event IN ${param.strings([...touches, ...conversions])}`] : [];
}

/** Of a gathered number `n`: where the lookback of a conversion then begins. */
function since({ lookback: { months, ms } }: AttributionQuery): Sql {
  const at = sql`toInt64(bitShiftRight(n, 10))`;
  if (months === 0) return momentOf(sql`${at} - ${int(ms)}`);
  const start = sql`subtractMonths(fromUnixTimestamp64Milli(${at}, 'UTC'), ${int(months)})`;
  return momentOf(sql`toUnixTimestamp64Milli(${start}) - ${int(ms)}`);
}

/** From `touches` and a `conversion` (at, since, ...): the touchpoints in its lookback and before it. */
export const pathBefore = sql`arrayFilter(t -> t >= tupleElement(conversion, 2) AND t < tupleElement(conversion, 1), touches)`;
