/**
 * Whether an arriving event is an order, as the compiled condition says it of a stored row; and which conditions hold of
 * an event for ever, whatever becomes known of its customer. Pure.
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
