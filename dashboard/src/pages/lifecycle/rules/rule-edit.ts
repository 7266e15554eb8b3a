// Rules as the editor takes them apart and puts them together again. Pure. What a field cannot show is edited as
// text, so every rule that the server takes can be written.
import type { Condition } from '../../../selection/match.ts';
import { FILTER_OPS, valueCount } from '../../../selection/match.ts';
import type { FilterOp, PropertyScope } from '../../../api/generated.ts';

export type Rule = Record<string, unknown>;

export const KINDS = [
  'did',
  'notSeenFor',
  'orders',
  'neverOrdered',
  'noOrderFor',
  'firstOrderWithin',
  'cameBack',
  'revenue',
  'trait',
  'stageBefore',
] as const;
export type Kind = (typeof KINDS)[number];
export const GROUPS = ['all', 'any'] as const;
export type Group = (typeof GROUPS)[number];

/** How deep rules nest on the server. */
export const MOST_DEPTH = 6;

export const isRule = (value: unknown): value is Rule =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isCatchAll = (rule: unknown): boolean =>
  isRule(rule) && (Object.keys(rule).length === 0 || 'always' in rule);

export function groupOf(rule: unknown): { readonly group: Group; readonly parts: readonly unknown[] } | null {
  if (!isRule(rule)) return null;
  const group = GROUPS.find((name) => Array.isArray(rule[name]));
  return group && Object.keys(rule).length === 1 ? { group, parts: rule[group] as unknown[] } : null;
}

/** The kind of a rule that fields can show; null: as text. */
export function kindOf(rule: unknown): Kind | null {
  if (!isRule(rule) || Object.keys(rule).length !== 1) return null;
  const kind = KINDS.find((name) => name in rule);
  return kind && isShown(kind, rule[kind]) ? kind : null;
}

function isShown(kind: Kind, value: unknown): boolean {
  switch (kind) {
    case 'neverOrdered':
      return value === true;
    case 'noOrderFor':
    case 'firstOrderWithin':
      return readSpan(value) !== null;
    case 'cameBack':
      return isRule(value) && readSpan(value['within']) !== null && readSpan(value['after']) !== null;
    case 'orders':
    case 'revenue':
      return isRule(value) && areBounds(value) && conditionsOf(value['where']) !== null;
    case 'did':
      return isRule(value) && areBounds(value) && matchParts(value['match']) !== null;
    case 'notSeenFor':
      return isRule(value) && readSpan(value['for']) !== null && matchParts(value['match']) !== null;
    case 'trait':
      return conditionsOf(value) !== null;
    case 'stageBefore':
      return Array.isArray(value) && value.every((key) => typeof key === 'string');
  }
}

const areBounds = ({ atLeast, atMost, within }: Rule): boolean =>
  [atLeast, atMost].every((limit) => limit === undefined || typeof limit === 'number') &&
  (within === undefined || readSpan(within) !== null);

/** A new rule of the kind, with values that are usual. */
export function newRule(kind: Kind, otherStages: readonly string[] = []): Rule {
  const rules: Record<Kind, Rule> = {
    did: { did: { atLeast: 1, within: 'P30D' } },
    notSeenFor: { notSeenFor: { for: 'P30D' } },
    orders: { orders: { atLeast: 2, within: 'P180D' } },
    neverOrdered: { neverOrdered: true },
    noOrderFor: { noOrderFor: 'P60D' },
    firstOrderWithin: { firstOrderWithin: 'P30D' },
    cameBack: { cameBack: { within: 'P30D', after: 'P120D' } },
    revenue: { revenue: { atLeast: 1000, within: 'P365D' } },
    trait: { trait: { property: '', op: 'IS', values: [] } },
    stageBefore: { stageBefore: otherStages.slice(0, 1) },
  };
  return rules[kind];
}

/** One more condition beside a rule: in its group, or in a new one around both. */
export function joinedWith(rule: unknown, added: Rule, group: Group = 'all'): Rule {
  const known = groupOf(rule);
  if (known) return { [known.group]: [...known.parts, added] };
  return isCatchAll(rule) ? added : { [group]: [rule, added] };
}

/** The parts of a group after a change; a group of one is that one, of none holds for everybody. */
export function grouped(group: Group, parts: readonly unknown[]): unknown {
  if (parts.length === 0) return {};
  return parts.length === 1 ? parts[0] : { [group]: parts };
}

export const SPAN_UNITS = ['hour', 'day', 'week', 'month', 'year'] as const;
export type SpanUnit = (typeof SPAN_UNITS)[number];
const LETTERS: Record<SpanUnit, string> = { hour: 'H', day: 'D', week: 'W', month: 'M', year: 'Y' };

/** "P60D" -> 60 days; null for what is not one whole number of one unit. */
export function readSpan(iso: unknown): { readonly amount: number; readonly unit: SpanUnit } | null {
  if (typeof iso !== 'string') return null;
  const [, amount, letter, hours] = /^P(?:(\d{1,5})([DWMY])|T(\d{1,5})H)$/.exec(iso) ?? [];
  if (hours !== undefined) return { amount: Number(hours), unit: 'hour' };
  const unit = SPAN_UNITS.find((name) => name !== 'hour' && LETTERS[name] === letter);
  return unit ? { amount: Number(amount), unit } : null;
}

export function writeSpan(amount: number, unit: SpanUnit): string {
  const whole = Math.min(99_999, Math.max(1, Math.round(amount) || 1));
  return `P${unit === 'hour' ? 'T' : ''}${whole}${LETTERS[unit]}`;
}

/** A filter as conditions that must all hold; null where it is more than that. */
export function conditionsOf(filter: unknown, of: PropertyScope = 'EVENT'): Condition[] | null {
  if (filter === undefined) return [];
  if (!isRule(filter)) return null;
  if (Array.isArray(filter['all']) && Object.keys(filter).length === 1) {
    const parts = filter['all'].map((part) => conditionsOf(part, of));
    return parts.every((part) => part?.length === 1) ? parts.flatMap((part) => part ?? []) : null;
  }
  const { property, op = 'IS', values = [], of: said = of } = filter;
  const isOp = FILTER_OPS.some((known) => known === op);
  const isText = (value: unknown): value is string => typeof value === 'string';
  if (!isText(property) || !isOp || !Array.isArray(values) || !values.every(isText)) return null;
  return [{ property, of: said === 'CUSTOMER' ? 'CUSTOMER' : 'EVENT', op: op as FilterOp, values }];
}

/** The filter of conditions, also of those not finished: they stand in the draft. Traits are the customer's anyway. */
export function filterOf(conditions: readonly Condition[], isTrait = false): Rule | undefined {
  const parts = conditions.map(({ property, of, op, values }): Rule => ({
    property,
    ...(of === 'CUSTOMER' && !isTrait && { of }),
    op,
    ...(valueCount(op)[1] > 0 && { values: [...values] }),
  }));
  return parts.length > 1 ? { all: parts } : parts[0];
}

export interface MatchParts {
  events: string[];
  stage: string | null;
  channels: string[];
  where: Condition[];
}

/** What a rule matches, as fields show it; null where it is more than that. */
export function matchParts(match: unknown): MatchParts | null {
  if (match === undefined) return { events: [], stage: null, channels: [], where: [] };
  if (!isRule(match) || 'anyOf' in match || 'label' in match) return null;
  const { events = [], stage = null, channels = [] } = match;
  const where = conditionsOf(match['where']);
  const areTexts = (list: unknown): list is string[] =>
    Array.isArray(list) && list.every((name) => typeof name === 'string');
  if (!areTexts(events) || !areTexts(channels) || where === null) return null;
  if (stage !== null && typeof stage !== 'string') return null;
  return { events, stage, channels, where };
}

/** Undefined for any event. */
export function matchOf({ events, stage, channels, where }: MatchParts): Rule | undefined {
  const filter = filterOf(where);
  const match = {
    ...(events.length > 0 && { events }),
    ...(stage !== null && { stage }),
    ...(channels.length > 0 && { channels }),
    ...(filter && { where: filter }),
  };
  return Object.keys(match).length > 0 ? match : undefined;
}

/** An object without the fields that are undefined. */
export function trimmed(value: Rule): Rule {
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined));
}

export const BOUND_KINDS = ['atLeast', 'atMost', 'between', 'never'] as const;
export type BoundKind = (typeof BOUND_KINDS)[number];

export function boundKind({ atLeast, atMost }: Rule, isCount: boolean): BoundKind {
  if (isCount && atMost === 0 && atLeast === undefined) return 'never';
  if (atLeast !== undefined && atMost !== undefined) return 'between';
  return atMost !== undefined ? 'atMost' : 'atLeast';
}

/** The bounds of another kind, with the numbers that were there. */
export function boundsAs(kind: BoundKind, { atLeast, atMost }: Rule): Rule {
  const low = typeof atLeast === 'number' ? atLeast : typeof atMost === 'number' && atMost > 0 ? atMost : 1;
  const high = typeof atMost === 'number' && atMost > 0 ? atMost : low;
  if (kind === 'never') return { atMost: 0 };
  if (kind === 'atLeast') return { atLeast: low };
  return kind === 'atMost' ? { atMost: high } : { atLeast: Math.min(low, high), atMost: Math.max(low, high) };
}
