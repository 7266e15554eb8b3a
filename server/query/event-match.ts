/**
 * Which events a step, an entry or a behaviour means: by name, journey stage and channel (those given must
 * all hold), by properties, or any of several such. Stages come in as data from the journey map.
 */
import { inputError } from './problem.ts';
import { and, or, param, sql } from './sql.ts';
import type { Sql } from './sql.ts';
import { compileFilter, mentionsTraits, noFilter, normaliseFilter } from './filter.ts';
import type { Filter, FilterRequest } from './filter.ts';
import type { EventVocabulary } from './events.ts';

export interface EventMatchRequest {
  readonly anyOf?: readonly EventMatchRequest[] | null;
  readonly events?: readonly string[] | null;
  readonly stage?: string | null;
  readonly channels?: readonly string[] | null;
  readonly where?: FilterRequest | null;
  readonly label?: string | null;
}

export interface EventMatch {
  /** Empty: no further alternatives; else at least one must hold. */
  readonly anyOf: readonly EventMatch[];
  /** Empty: any event. */
  readonly events: readonly string[];
  readonly stage: string | null;
  /** Empty: any channel. */
  readonly channels: readonly string[];
  readonly where: Filter;
  readonly label: string;
}

const MAX_NAMES = 200;
/** Of all names together: ClickHouse takes 128 kB in one parameter. */
const MAX_BYTES = 60_000;
const MAX_ALTERNATIVES = 20;
const MAX_DEPTH = 3;

export function normaliseMatch(
  request: EventMatchRequest | null | undefined,
  vocabulary: EventVocabulary,
  field: string,
  depth = 0,
): EventMatch {
  const { anyOf, events, stage, channels, where, label } = request ?? {};
  if (stage != null && !vocabulary.stages.has(stage)) {
    const known = [...vocabulary.stages.keys()].join(', ');
    throw inputError(
      `${field}.stage`,
      'UNKNOWN_STAGE',
      `There is no journey stage "${stage.slice(0, 60)}"; there are ${known}.`,
    );
  }
  const names = [...(events ?? []), ...(channels ?? [])];
  if (
    Math.max(events?.length ?? 0, channels?.length ?? 0) > MAX_NAMES ||
    (anyOf?.length ?? 0) > MAX_ALTERNATIVES ||
    new TextEncoder().encode(names.join('')).length > MAX_BYTES
  ) {
    throw inputError(
      field,
      'TOO_MANY_NAMES',
      `A match takes up to ${MAX_NAMES} names, ${MAX_BYTES} bytes of them, and ${MAX_ALTERNATIVES} alternatives.`,
    );
  }
  if (depth >= MAX_DEPTH)
    throw inputError(field, 'MATCH_TOO_DEEP', `\`anyOf\` nests up to ${MAX_DEPTH} deep.`);
  const match = {
    anyOf: (anyOf ?? []).map((part, i) =>
      normaliseMatch(part, vocabulary, `${field}.anyOf[${i}]`, depth + 1),
    ),
    events: events ?? [],
    stage: stage ?? null,
    channels: channels ?? [],
    where: where ? normaliseFilter(where, `${field}.where`) : noFilter,
  };
  return { ...match, label: label ?? labelOf(match) };
}

function labelOf(match: Omit<EventMatch, 'label'>): string {
  const what =
    match.events.length > 0
      ? match.events.join(' or ')
      : (match.stage ?? match.anyOf.map((m) => m.label).join(' or '));
  const where = match.channels.length > 0 ? ` in ${match.channels.join(' or ')}` : '';
  return `${what || 'any event'}${where}`;
}

/** A condition (UInt8, never null) on a row of events. */
export function compileMatch(match: EventMatch, vocabulary: EventVocabulary): Sql {
  const conditions: Sql[] = [];
  if (match.anyOf.length > 0) conditions.push(or(match.anyOf.map((part) => compileMatch(part, vocabulary))));
  if (match.events.length > 0) conditions.push(sql`event IN ${param.strings(match.events)}`);
  if (match.stage !== null) {
    conditions.push(sql`event IN ${param.strings(vocabulary.stages.get(match.stage) ?? [])}`);
  }
  if (match.channels.length > 0) conditions.push(sql`channel IN ${param.strings(match.channels)}`);
  if (match.where !== noFilter) conditions.push(compileFilter(match.where));
  return and(conditions);
}

/** The only event names that can match, or null when names do not limit it. */
export function namesOf(match: EventMatch, vocabulary: EventVocabulary): readonly string[] | null {
  if (match.events.length > 0) return match.events;
  if (match.stage !== null) return vocabulary.stages.get(match.stage) ?? [];
  if (match.anyOf.length === 0) return null;
  const names = match.anyOf.map((part) => namesOf(part, vocabulary));
  return names.every((list) => list !== null) ? names.flat() : null;
}

/** True when every event of the names (`namesOf`) matches, whatever else it says. */
export function isNamesAlone(match: EventMatch): boolean {
  const isByName = match.events.length > 0 !== (match.stage !== null);
  if (match.channels.length > 0 || match.where !== noFilter) return false;
  return match.anyOf.length === 0 ? isByName : false;
}

/** True when the match depends on the customer too: its answer changes without any event. */
export function isOfTraits(match: EventMatch): boolean {
  return mentionsTraits(match.where) || match.anyOf.some(isOfTraits);
}
