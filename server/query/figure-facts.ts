/**
 * What is kept of customers for key figures and metrics: sales, sightings, events, sessions. Slices that count the same
 * share the same facts. Pure; counts nothing.
 */
import { arrivedOrder, isMatchOfEventsAlone, isOfEventsAlone } from './arrived-match.ts';
import type { Audience } from './audience.ts';
import type { EventMatch } from './event-match.ts';
import { compileMatch } from './event-match.ts';
import { eventsTable, isOrder, orderKey, revenue } from './events.ts';
import type { CompileScope, EventVocabulary } from './events.ts';
import { compileFilter, noFilter } from './filter.ts';
import type { Filter } from './filter.ts';
import { factAt, KINDS, timeOfFact } from './kept.ts';
import { wholeOf } from './whole.ts';
import type { CustomerFacts, FactsPart, FactsQuery } from './kept.ts';
import { knownFilter, knownMatch } from './known-match.ts';
import { eventsThatCount } from './source.ts';
import { and, int, param, render, sql } from './sql.ts';
import type { Sql } from './sql.ts';
import type { TimeRange } from './time-range.ts';

/** Which events are counted: all that match and pass the filter, from the range before to the range's end. */
export interface Selected {
  readonly match: EventMatch | null;
  readonly where: Filter;
  readonly range: TimeRange;
  readonly previous: TimeRange;
}

/** Whether facts can tell: of everybody, of events alone, from instants that never move back. */
export function isKept({ match, where, range }: Selected, audience: Audience | null): boolean {
  const isOfEvents = isOfEventsAlone(where) && (match === null || isMatchOfEventsAlone(match));
  return audience === null && isOfEvents && !range.isGrowing && !range.isMoved;
}

/** The start of the range and of the one before it. */
export function edgesOf({ range, previous }: Pick<Selected, 'range' | 'previous'>): readonly number[] {
  return [range.fromMs, previous.fromMs];
}

/** Kinds of `saleFacts`, as bits. */
export const IS_ORDER = 1;
export const HAS_REVENUE = 2;

const AT = sql`toUnixTimestamp64Milli(time)`;
const SESSION_KEY = wholeOf(sql`sipHash64(session_id)`);

/** Orders and revenue: which order, and how much in ten-thousandths. */
export function saleFacts(of: Selected, { vocabulary }: CompileScope): FactsQuery {
  const counted = eventsThatCount('orders and revenue', vocabulary);
  const kind = sql`${isOrder(vocabulary)} + has_revenue * ${int(HAS_REVENUE)}`;
  const columns = sql`${AT} * ${int(KINDS)} + ${kind} AS fact, ${wholeOf(orderKey)} AS beside_1, reinterpretAsInt64(${revenue}) AS beside_2`;
  const condition = conditionOf(of, vocabulary, counted);
  const isSale = arrivedOrder(vocabulary);
  const orders = new Set(vocabulary.orderEvents);
  return {
    ...spanOf(of),
    shape: factShape('sales', sql`${columns} ${condition}`),
    width: 3,
    isSet: false,
    rows: (scope, part) => sql`SELECT customer_key, ${columns} FROM ${partOf(condition, scope, part)}`,
    ofEvent: arriving(of, vocabulary, (event, _, out) => {
      if (!event.hasRevenue && !orders.has(event.event)) return;
      const bits = (isSale(event) ? IS_ORDER : 0) + (event.hasRevenue ? HAS_REVENUE : 0);
      out.push(factAt(event.timeMs, bits), event.orderKey, event.amount);
    }),
  };
}

/** When events were, one fact each. */
export function eventFacts(of: Selected, { vocabulary }: CompileScope): FactsQuery {
  const condition = conditionOf(of, vocabulary);
  return {
    ...spanOf(of),
    shape: factShape('events', condition),
    width: 1,
    isSet: false,
    rows: (scope, part) =>
      sql`SELECT customer_key, ${AT} * ${int(KINDS)} AS fact FROM ${partOf(condition, scope, part)}`,
    ofEvent: arriving(of, vocabulary, (event, _, out) => void out.push(factAt(event.timeMs, 0))),
  };
}

/** When customers were seen: the first and the last event of every quarter of an hour, which tell of all. */
export function sightingFacts(of: Selected, { vocabulary }: CompileScope): FactsQuery {
  const grainMs = grainOf(of);
  const condition = conditionOf(of, vocabulary);
  return {
    ...spanOf(of),
    shape: factShape(`sightings ${grainMs}`, condition),
    width: 1,
    isSet: true,
    rows: (scope, part) => sql`SELECT customer_key, ${firstAndLast} AS fact
FROM (SELECT customer_key, ${AT} AS at FROM ${partOf(condition, scope, part)})
GROUP BY customer_key, intDiv(at, ${int(grainMs)})`,
    ofEvent: arriving(of, vocabulary, (event, known, out) => {
      if (!isBetweenKnown(event.timeMs, known, grainMs, null)) out.push(factAt(event.timeMs, 0));
    }),
  };
}

/** The same of sessions, each by its key. */
export function sessionFacts(of: Selected, { vocabulary }: CompileScope): FactsQuery {
  const grainMs = grainOf(of);
  const condition = conditionOf(of, vocabulary, eventsThatCount('sessions', vocabulary));
  return {
    ...spanOf(of),
    shape: factShape(`sessions ${grainMs}`, condition),
    width: 2,
    isSet: true,
    rows: (scope, part) => sql`SELECT customer_key, ${firstAndLast} AS fact, session_key AS beside_1
FROM (SELECT customer_key, ${AT} AS at, ${SESSION_KEY} AS session_key FROM ${partOf(condition, scope, part)})
GROUP BY customer_key, session_key, intDiv(at, ${int(grainMs)})`,
    ofEvent: arriving(of, vocabulary, ({ timeMs, sessionKey }, known, out) => {
      if (sessionKey === 0 || isBetweenKnown(timeMs, known, grainMs, sessionKey)) return;
      out.push(factAt(timeMs, 0), sessionKey);
    }),
  };
}

const firstAndLast = sql`arrayJoin(arrayDistinct([min(at), max(at)])) * ${int(KINDS)}`;

/** Wherever a calendar's intervals begin, in any zone (since 1972), a quarter of an hour begins. */
const QUARTER_HOUR_MS = 900_000;

/**
 * First and last of a grain tell who was there in any stretch that ends with a grain; and in the range before, which
 * does not, as long as it does not lie within a grain as a whole.
 */
function grainOf({ range: { fromMs, toMs }, previous }: Selected): number {
  return Math.min(toMs - fromMs, fromMs - previous.fromMs) >= QUARTER_HOUR_MS ? QUARTER_HOUR_MS : 1;
}

/** Whether facts of the same grain (and key) stand on both sides of an instant, or at it. */
function isBetweenKnown(timeMs: number, known: CustomerFacts, grainMs: number, key: number | null): boolean {
  const width = key === null ? 1 : 2;
  const begin = timeMs - (timeMs % grainMs);
  let [isBefore, isAfter] = [false, false];
  for (let i = known.end - width; i >= known.begin && !(isBefore && isAfter); i -= width) {
    const at = timeOfFact(known.values[i] ?? 0);
    if (at < begin) break;
    if (at >= begin + grainMs || (key !== null && known.values[i + 1] !== key)) continue;
    isBefore ||= at <= timeMs;
    isAfter ||= at >= timeMs;
  }
  return isBefore && isAfter;
}

/** Absent where an arriving event does not tell by its names and columns whether it is meant. */
export function arriving(
  { match, where }: Pick<Selected, 'match' | 'where'>,
  vocabulary: EventVocabulary,
  add: NonNullable<FactsQuery['ofEvent']>,
): FactsQuery['ofEvent'] {
  const isMeant = match ? knownMatch(match, vocabulary) : () => true;
  const passes = knownFilter(where);
  if (!isMeant || !passes) return undefined;
  return (event, known, out) => {
    if (isMeant(event) && passes(event)) add(event, known, out);
  };
}

/** The condition that events are selected by, wherever in time. */
export function conditionOf(
  { match, where }: Pick<Selected, 'match' | 'where'>,
  vocabulary: EventVocabulary,
  counted?: Sql,
): Sql {
  return and([
    ...(counted ? [counted] : []),
    ...(match && !isAnyEvent(match) ? [compileMatch(match, vocabulary)] : []),
    ...(where === noFilter ? [] : [compileFilter(where)]),
  ]);
}

/** Said in the same words where nothing is asked of events, so that facts are shared. */
function isAnyEvent({ anyOf, events, stage, channels, where }: EventMatch): boolean {
  return [...anyOf, ...events, ...channels].length === 0 && stage === null && where === noFilter;
}

/** Events that meet the condition, of a part of time and of customers. */
export function partOf(condition: Sql, scope: CompileScope, { sinceMs, untilMs, whose }: FactsPart): Sql {
  const since = sinceMs === -Infinity ? [] : [sql`time >= ${param.time(sinceMs)}`];
  return sql`${eventsTable(scope)} WHERE ${and([...since, sql`time < ${param.time(untilMs)}`, condition, whose])}`;
}

/** What facts are made of says what they are. */
export function factShape(kind: string, said: Sql): string {
  return JSON.stringify([kind, render(said)]);
}

function spanOf({ range, previous }: Selected): Pick<FactsQuery, 'sinceMs' | 'untilMs'> {
  return { sinceMs: previous.fromMs, untilMs: range.toMs };
}
