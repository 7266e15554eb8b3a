/**
 * Why a customer is in a stage, in English: the parts of the rule that hold, each with the fact that met it.
 * "no order for 60 days (the last on 2026-09-01, 81 days ago)".
 */
import { parseDuration, spanInWords } from '../query/duration.ts';
import { normaliseMatch } from '../query/event-match.ts';
import type { EventMatchRequest } from '../query/event-match.ts';
import type { Filter, FilterRequest } from '../query/filter.ts';
import { normaliseFilter } from '../query/filter.ts';
import { boundsOf, conditionOf, holds, planStages } from './conditions.ts';
import type { Condition, Facts } from './conditions.ts';
import { vocabularyOf } from './map.ts';
import type { JourneyMap, LifecycleStage } from './map.ts';
import type { Bounds, LifecycleRule, Narrowed } from './rule.ts';

interface Telling {
  readonly map: JourneyMap;
  readonly facts: Facts;
  readonly atMs: number;
}

/** The stage of a customer of whom these facts are known. */
export function stageOf(map: JourneyMap, facts: Facts): LifecycleStage {
  const index = facts.stage
    ? facts.stage - 1
    : planStages(map).stages.findIndex(({ condition }) => holds(condition, facts));
  const stage = map.lifecycle[index];
  if (!stage) throw new Error('A journey map without a catch-all rule was not refused.');
  return stage;
}

/** One sentence: the stage's name, and what of its rule holds. */
export function explainStage(map: JourneyMap, facts: Facts, atMs: number): string {
  const stage = stageOf(map, facts);
  return `${stage.name}: ${clause(stage.rule, { map, facts, atMs })}.`;
}

function clause(rule: LifecycleRule, telling: Telling): string {
  if ('all' in rule) return rule.all.map((part) => clause(part, telling)).join(', and ');
  if ('any' in rule) {
    const met = rule.any.filter((part) => holds(conditionOf(part, telling.map), telling.facts));
    return met.map((part) => clause(part, telling)).join(', and ');
  }
  if ('not' in rule) return `it is not so that there is ${clause(rule.not, telling)}`;
  if ('neverOrdered' in rule) return 'no order yet';
  if ('noOrderFor' in rule) return `no order for ${words(rule.noOrderFor)}${last(rule, telling)}`;
  if ('stageBefore' in rule) return stageBeforeClause(rule.stageBefore, telling);
  if ('orders' in rule) return counted(rule, rule.orders, ['order', narrowing(rule.orders.where)], telling);
  if ('revenue' in rule) return revenueClause(rule, rule.revenue, telling);
  if ('firstOrderWithin' in rule) {
    return `the first order came in the last ${words(rule.firstOrderWithin)}${last(rule, telling)}`;
  }
  if ('cameBack' in rule) {
    const { within, after } = rule.cameBack;
    return `an order in the last ${words(within)} that came after ${words(after)} or more without one${last(rule, telling)}`;
  }
  if ('did' in rule) {
    const { match } = rule.did;
    const noun = [`"${label(match, telling)}" event`, narrowing(match?.where)] as const;
    return counted(rule, boundsOf(rule.did), noun, telling);
  }
  if ('notSeenFor' in rule) {
    const { match, for: time } = rule.notSeenFor;
    return `no "${label(match, telling)}" event${narrowing(match?.where)} for ${words(time)}${last(rule, telling)}`;
  }
  if ('trait' in rule) return filterClause(normaliseFilter(rule.trait, 'trait'));
  return 'the rule of no other stage holds';
}

/** "3 orders in the last 180 days (3 or more)"; `what` is the noun and what narrows it. */
function counted(
  rule: LifecycleRule,
  bounds: Bounds,
  [noun, narrowed]: readonly [string, string],
  telling: Telling,
): string {
  const count = valueOf(rule, telling);
  const amount = count === 0 ? `no ${noun}` : `${count} ${noun}${count === 1 ? '' : 's'}`;
  return `${amount}${narrowed}${since(bounds)} (${limits(bounds)})`;
}

function revenueClause(rule: LifecycleRule, bounds: Bounds & Narrowed, telling: Telling): string {
  const amount = number(valueOf(rule, telling));
  return `revenue of ${amount}${narrowing(bounds.where)}${since(bounds)} (${limits(bounds)})`;
}

/** The one that it was, or all that would do where it was none of them. */
function stageBeforeClause(keys: readonly string[], { map, facts }: Telling): string {
  const before = map.lifecycle[(facts.before ?? 0) - 1];
  const wanted = map.lifecycle.filter(({ key }) => keys.includes(key));
  const named = before && keys.includes(before.key) ? [before] : wanted;
  return `${named.map(({ name }) => name).join(' or ')} as the stage before`;
}

/** " where category is shoes"; nothing where every event counts. */
function narrowing(where: FilterRequest | null | undefined): string {
  return where ? ` where ${filterClause(normaliseFilter(where, 'where'))}` : '';
}

function since({ within }: Bounds): string {
  return within === undefined ? ' so far' : ` in the last ${words(within)}`;
}

function limits({ atLeast, atMost }: Bounds): string {
  if (atMost === undefined) return `${number(atLeast ?? 0)} or more`;
  return atLeast === undefined ? `${number(atMost)} or less` : `${number(atLeast)} to ${number(atMost)}`;
}

function filterClause(filter: Filter): string {
  if (filter.kind === 'not') return `not (${filterClause(filter.part)})`;
  if (filter.kind !== 'condition') {
    return filter.parts.map(filterClause).join(filter.kind === 'all' ? ' and ' : ' or ');
  }
  const op = filter.op.toLowerCase().replaceAll('_', ' ');
  return [filter.property, op, filter.values.join(' or ')].join(' ').trim();
}

function valueOf(rule: LifecycleRule, telling: Telling): number {
  return telling.facts.values[trackOf(conditionOf(rule, telling.map)) ?? -1] ?? 0;
}

/** " (the last on 2026-09-01, 81 days ago)", of the signal that the rule looks at. */
function last(rule: LifecycleRule, { map, facts, atMs }: Telling): string {
  const track = planStages(map).tracks[trackOf(conditionOf(rule, map)) ?? -1];
  const ms = facts.lastMs[track?.signal ?? -1];
  if (ms == null) return '';
  const days = Math.floor((atMs - ms) / 86_400_000);
  const ago = days === 0 ? 'less than a day ago' : `${days} day${days === 1 ? '' : 's'} ago`;
  return ` (${'firstOrderWithin' in rule ? '' : 'the last '}on ${new Date(ms).toISOString().slice(0, 10)}, ${ago})`;
}

/** The track that a simple rule stands on. */
function trackOf(condition: Condition): number | null {
  if (condition.kind === 'track') return condition.track;
  if (condition.kind !== 'all' && condition.kind !== 'any') return null;
  const [first] = condition.parts;
  return first ? trackOf(first) : null;
}

function label(match: EventMatchRequest | undefined, { map }: Telling): string {
  return normaliseMatch(match, vocabularyOf(map), 'match').label;
}

function words(duration: string): string {
  return spanInWords(parseDuration(duration, 'rule'));
}

function number(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 2 });
}
