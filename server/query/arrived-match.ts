/**
 * Whether an arriving event is meant by a match, or is an order, told in the program from names and plain columns as
 * SQL tells it (event-match.ts, events.ts). What asks for properties cannot be told here.
 */
import type { EventMatch } from './event-match.ts';
import type { EventVocabulary } from './events.ts';
import { noFilter } from './filter.ts';
import type { Filter } from './filter.ts';
import type { ArrivedEvent } from './kept.ts';

export type EventTest = (event: ArrivedEvent) => boolean;

/** True of a filter that every event passes. */
export function isNoFilter(filter: Filter): boolean {
  return filter === noFilter || (filter.kind === 'all' && filter.parts.length === 0);
}

/** The match as a test; null where it asks for properties. */
export function matchTest(match: EventMatch, vocabulary: EventVocabulary): EventTest | null {
  if (!isNoFilter(match.where)) return null;
  const tests: EventTest[] = [];
  if (match.anyOf.length > 0) {
    const parts = match.anyOf.map((part) => matchTest(part, vocabulary));
    const told = parts.filter((part) => part !== null);
    if (told.length < parts.length) return null;
    tests.push((event) => told.some((test) => test(event)));
  }
  if (match.events.length > 0) tests.push(isNamed(match.events));
  if (match.stage !== null) tests.push(isNamed(vocabulary.stages.get(match.stage) ?? []));
  if (match.channels.length > 0) {
    const channels = new Set(match.channels);
    tests.push(({ channel }) => channels.has(channel));
  }
  return (event) => tests.every((test) => test(event));
}

function isNamed(names: readonly string[]): EventTest {
  const known = new Set(names);
  return ({ event }) => known.has(event);
}

/** True for an event that is (part of) an order. */
export function orderTest({ orderEvents, returnEvents }: EventVocabulary): EventTest {
  const [orders, returns] = [new Set(orderEvents), new Set(returnEvents)];
  return ({ event, hasRevenue, hasOrderId, amount }) =>
    orders.has(event) || (hasRevenue && hasOrderId && amount >= 0 && !returns.has(event));
}
