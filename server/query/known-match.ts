/**
 * Which events a match or a filter means, told of an event's name and channel alone: for events that have just
 * arrived, of which nothing else is known. Says the same as the conditions in event-match.ts and filter.ts. Pure.
 */
import type { EventMatch } from './event-match.ts';
import type { EventVocabulary } from './events.ts';
import type { Filter, FilterOp } from './filter.ts';

/** What is known of the event. */
export interface KnownEvent {
  readonly event: string;
  readonly channel: string;
}

export type KnownMatch = (event: KnownEvent) => boolean;

/** Null where more than name and channel must be known. */
export function knownMatch(match: EventMatch, vocabulary: EventVocabulary): KnownMatch | null {
  const passes = knownFilter(match.where);
  const parts = match.anyOf.map((part) => knownMatch(part, vocabulary));
  if (!passes || parts.includes(null)) return null;
  const names = match.events.length > 0 ? new Set(match.events) : null;
  const ofStage = match.stage === null ? null : new Set(vocabulary.stages.get(match.stage) ?? []);
  const channels = match.channels.length > 0 ? new Set(match.channels) : null;
  return (event) =>
    (parts.length === 0 || parts.some((part) => part?.(event))) &&
    (names === null || names.has(event.event)) &&
    (ofStage === null || ofStage.has(event.event)) &&
    (channels === null || channels.has(event.channel)) &&
    passes(event);
}

/** Null where more than name and channel must be known. */
export function knownFilter(filter: Filter): KnownMatch | null {
  if (filter.kind === 'condition') return knownCondition(filter);
  if (filter.kind === 'not') {
    const passes = knownFilter(filter.part);
    return passes && ((event) => !passes(event));
  }
  const parts = filter.parts.map(knownFilter);
  if (parts.includes(null)) return null;
  return filter.kind === 'all'
    ? (event) => parts.every((part) => part?.(event))
    : (event) => parts.some((part) => part?.(event));
}

function knownCondition({
  property,
  of,
  op,
  values,
}: Extract<Filter, { kind: 'condition' }>): KnownMatch | null {
  if (of !== 'EVENT' || (property !== 'event' && property !== 'channel')) return null;
  const known = new Set(values);
  // An event without a channel has none that could be one of the values.
  const isSet: KnownMatch = (event) => property === 'event' || event.channel !== '';
  const isOne: KnownMatch = (event) => isSet(event) && known.has(event[property]);
  const meanings: Partial<Record<FilterOp, KnownMatch>> = {
    IS: isOne,
    IS_NOT: (event) => !isOne(event),
    IS_SET: isSet,
    IS_NOT_SET: (event) => !isSet(event),
  };
  return meanings[op] ?? null;
}
