/**
 * What can be said of an arriving event by its names and plain columns, as the compiled conditions say it of a stored
 * row; and which conditions hold of an event for ever, whatever becomes known of its customer. Pure.
 */
import { noFilter } from './filter.ts';
import type { Filter } from './filter.ts';
import type { EventMatch } from './event-match.ts';
import type { EventVocabulary } from './events.ts';
import type { ArrivedEvent } from './kept.ts';

export type ArrivedTest = (event: ArrivedEvent) => boolean;

/** True of a filter that every event passes. */
export function isNoFilter(filter: Filter): boolean {
  return filter === noFilter || (filter.kind === 'all' && filter.parts.length === 0);
}

/** As `compileMatch` has it; null where properties are asked for. */
export function arrivedMatch(match: EventMatch, vocabulary: EventVocabulary): ArrivedTest | null {
  if (!isNoFilter(match.where)) return null;
  const tests: ArrivedTest[] = [];
  if (match.anyOf.length > 0) {
    const parts = match.anyOf.map((part) => arrivedMatch(part, vocabulary));
    const known = parts.filter((part) => part !== null);
    if (known.length < parts.length) return null;
    tests.push((event) => known.some((part) => part(event)));
  }
  const names = (list: readonly string[], of: (event: ArrivedEvent) => string): void => {
    const set = new Set(list);
    tests.push((event) => set.has(of(event)));
  };
  if (match.events.length > 0) names(match.events, ({ event }) => event);
  if (match.stage !== null) names(vocabulary.stages.get(match.stage) ?? [], ({ event }) => event);
  if (match.channels.length > 0) names(match.channels, ({ channel }) => channel);
  return (event) => tests.every((test) => test(event));
}

/** As `isOrder` has it. */
export function arrivedOrder({ orderEvents, returnEvents }: EventVocabulary): ArrivedTest {
  const orders = new Set(orderEvents);
  const returns = new Set(returnEvents);
  return ({ event, amount, hasRevenue, hasOrderId }) =>
    orders.has(event) || (hasRevenue && hasOrderId && amount >= 0 && !returns.has(event));
}

/** Whether a filter asks for the event alone: a trait may change later, and an id with the customer it is joined to. */
export function isOfEventsAlone(filter: Filter): boolean {
  if (filter.kind === 'not') return isOfEventsAlone(filter.part);
  if (filter.kind !== 'condition') return filter.parts.every(isOfEventsAlone);
  return filter.of === 'EVENT' && filter.property !== 'customerId' && filter.property !== 'customer_id';
}

export function isMatchOfEventsAlone(match: EventMatch): boolean {
  return isOfEventsAlone(match.where) && match.anyOf.every(isMatchOfEventsAlone);
}
