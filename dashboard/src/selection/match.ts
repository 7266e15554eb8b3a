// What a viewer chose to count: an event, a journey stage or a channel, narrowed by conditions, as it stands
// in the address and as the API takes it. Pure; anything may stand in the address, so all is checked.
import type { EventMatchInput, FilterInput, FilterOp, PropertyScope } from '../api/generated.ts';

export const MATCH_KINDS = ['event', 'stage', 'channel'] as const;
export type MatchKind = (typeof MATCH_KINDS)[number];

export const FILTER_OPS = [
  'IS',
  'IS_NOT',
  'CONTAINS',
  'NOT_CONTAINS',
  'STARTS_WITH',
  'MATCHES',
  'GT',
  'GTE',
  'LT',
  'LTE',
  'BETWEEN',
  'IS_SET',
  'IS_NOT_SET',
] as const satisfies readonly FilterOp[];

export interface Condition {
  property: string;
  of: PropertyScope;
  op: FilterOp;
  values: string[];
}

export interface Match {
  on: MatchKind;
  value: string;
  /** A name of the viewer's own. */
  label?: string;
  where?: Condition[];
}

/** How many values an operator takes: [fewest, most]. */
export function valueCount(op: FilterOp): readonly [number, number] {
  if (op === 'IS_SET' || op === 'IS_NOT_SET') return [0, 0];
  if (op === 'BETWEEN') return [2, 2];
  return ['GT', 'GTE', 'LT', 'LTE'].includes(op) ? [1, 1] : [1, 1000];
}

/** True when the condition can be asked: it names a property and has as many values as its operator takes. */
export function isComplete({ property, op, values }: Condition): boolean {
  const [fewest, most] = valueCount(op);
  const given = values.filter((value) => value !== '').length;
  return property !== '' && given >= fewest && given <= most;
}

/** The complete ones of the conditions, all of which must hold; undefined without any. */
export function filterInput(conditions: readonly Condition[] | undefined): FilterInput | undefined {
  const parts = (conditions ?? []).filter(isComplete).map(({ property, of, op, values }): FilterInput => ({
    property,
    ...(of === 'CUSTOMER' && { of }),
    ...(op !== 'IS' && { op }),
    ...(valueCount(op)[1] > 0 && { values: values.filter((value) => value !== '') }),
  }));
  return parts.length > 1 ? { all: parts } : parts[0];
}

/** The match as the API takes it, with a name for it to come back with the answer. */
export function matchInput(match: Match, label = match.label): EventMatchInput {
  const where = filterInput(match.where);
  return {
    ...(match.on === 'event' && { events: [match.value] }),
    ...(match.on === 'stage' && { stage: match.value }),
    ...(match.on === 'channel' && { channels: [match.value] }),
    ...(where && { where }),
    ...(label && { label }),
  };
}

export const isRecord = (raw: unknown): raw is Record<string, unknown> =>
  typeof raw === 'object' && raw !== null && !Array.isArray(raw);
const MAX_TEXT = 200;
export const isText = (raw: unknown): raw is string => typeof raw === 'string' && raw.length <= MAX_TEXT;

/** One of the words allowed, else undefined. */
export function checkWord<T extends string>(raw: unknown, words: readonly T[]): T | undefined {
  return words.find((word) => word === raw);
}

/** The conditions that can be used of what stood in the address. */
export function checkConditions(raw: unknown): Condition[] {
  if (!Array.isArray(raw)) return [];
  return raw.slice(0, 20).flatMap((entry: unknown): Condition[] => {
    if (!isRecord(entry) || !isText(entry['property'])) return [];
    const values = Array.isArray(entry['values']) ? entry['values'].filter(isText).slice(0, 100) : [];
    const op = checkWord(entry['op'], FILTER_OPS) ?? 'IS';
    const of = checkWord(entry['of'], ['EVENT', 'CUSTOMER'] as const) ?? 'EVENT';
    return [{ property: entry['property'], of, op, values }];
  });
}

/** The match that stood in the address; null when it cannot be used. */
export function checkMatch(raw: unknown): Match | null {
  if (!isRecord(raw)) return null;
  const on = checkWord(raw['on'], MATCH_KINDS);
  if (!on || !isText(raw['value']) || raw['value'] === '') return null;
  const where = checkConditions(raw['where']);
  return {
    on,
    value: raw['value'],
    ...(isText(raw['label']) && raw['label'] && { label: raw['label'] }),
    ...(where.length && { where }),
  };
}
