// A lifecycle rule (JSON of the journey map) in plain words. Pure: the dictionary and formats are given.
// A rule of a kind that is not known here is shown as it was written.
import type { FilterOp } from '../../api/generated.ts';
import { FILTER_OPS } from '../../selection/match.ts';

export interface RuleWords {
  always: string;
  neverOrdered: string;
  noOrderFor: (time: string) => string;
  firstOrderWithin: (time: string) => string;
  cameBack: (within: string, after: string) => string;
  orders: (amount: string, within: string) => string;
  revenue: (amount: string, within: string) => string;
  did: (what: string, times: string, within: string) => string;
  once: string;
  times: (amount: string) => string;
  notSeenFor: (what: string, time: string) => string;
  stageBefore: (stages: string) => string;
  atLeast: (n: string) => string;
  atMost: (n: string) => string;
  between: (low: string, high: string) => string;
  within: (time: string) => string;
  anyEvent: string;
  inStage: (stage: string) => string;
  inChannels: (channels: string) => string;
  that: (filter: string) => string;
  ops: Record<FilterOp, string>;
  not: (rule: string) => string;
  and: string;
  or: string;
  /** Joins the parts of one that stands inside another. */
  group: (rule: string) => string;
}

export interface RuleNames {
  event: (name: string) => string;
  channel: (name: string) => string;
  stage: (key: string) => string;
  lifecycleStage: (key: string) => string;
  duration: (iso: string) => string;
  count: (n: number) => string;
  money: (n: number) => string;
}

type Rule = Record<string, unknown>;
const isRule = (value: unknown): value is Rule =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The rule as a clause without a full stop, e.g. "no order for 60 days". */
export function ruleInWords(rule: unknown, words: RuleWords, names: RuleNames, depth = 0): string {
  if (!isRule(rule)) return JSON.stringify(rule) ?? '';
  const [kind] = Object.keys(rule);
  if (kind === undefined) return words.always;
  const say = SENTENCES[kind];
  return say ? say(rule[kind], words, names, depth) : JSON.stringify(rule);
}

type Say = (value: unknown, words: RuleWords, names: RuleNames, depth: number) => string;

const SENTENCES: Record<string, Say> = {
  always: (_value, words) => words.always,
  neverOrdered: (_value, words) => words.neverOrdered,
  noOrderFor: (value, words, names) => words.noOrderFor(names.duration(text(value))),
  firstOrderWithin: (value, words, names) => words.firstOrderWithin(names.duration(text(value))),
  cameBack: (value, words, names) => {
    const back = isRule(value) ? value : {};
    return words.cameBack(names.duration(text(back['within'])), names.duration(text(back['after'])));
  },
  orders: (value, words, names) =>
    narrowed(words.orders(amount(value, words, names.count), within(value, words, names)), value, words),
  revenue: (value, words, names) =>
    narrowed(words.revenue(amount(value, words, names.money), within(value, words, names)), value, words),
  stageBefore: (value, words, names) =>
    words.stageBefore(texts(value).map(names.lifecycleStage).join(words.or)),
  did: (value, words, names) => {
    const did = isRule(value) ? value : {};
    const bounded =
      did['atLeast'] === undefined && did['atMost'] === undefined ? { ...did, atLeast: 1 } : did;
    return words.did(
      matchInWords(did['match'], words, names),
      isOnce(bounded) ? words.once : words.times(amount(bounded, words, names.count)),
      within(value, words, names),
    );
  },
  notSeenFor: (value, words, names) => {
    const unseen = isRule(value) ? value : {};
    return words.notSeenFor(matchInWords(unseen['match'], words, names), names.duration(text(unseen['for'])));
  },
  trait: (value, words) => filterInWords(value, words),
  all: (value, words, names, depth) => joined(value, words.and, words, names, depth),
  any: (value, words, names, depth) => joined(value, words.or, words, names, depth),
  not: (value, words, names, depth) => words.not(ruleInWords(value, words, names, depth + 1)),
};

function joined(value: unknown, by: string, words: RuleWords, names: RuleNames, depth: number): string {
  const parts = Array.isArray(value) ? value : [];
  const clause = parts.map((part) => ruleInWords(part, words, names, depth + 1)).join(by);
  return depth > 0 && parts.length > 1 ? words.group(clause) : clause;
}

function narrowed(clause: string, value: unknown, words: RuleWords): string {
  const where = isRule(value) ? value['where'] : undefined;
  return where ? `${clause} ${words.that(filterInWords(where, words))}` : clause;
}

function amount(value: unknown, words: RuleWords, format: (n: number) => string): string {
  const { atLeast, atMost } = isRule(value) ? value : {};
  const low = typeof atLeast === 'number' ? format(atLeast) : null;
  const high = typeof atMost === 'number' ? format(atMost) : null;
  if (low !== null && high !== null) return low === high ? low : words.between(low, high);
  if (high !== null) return words.atMost(high);
  return low === null ? '' : words.atLeast(low);
}

const isOnce = (bounds: Rule): boolean => bounds['atLeast'] === 1 && bounds['atMost'] === undefined;

function within(value: unknown, words: RuleWords, names: RuleNames): string {
  const length = isRule(value) ? value['within'] : undefined;
  return typeof length === 'string' ? words.within(names.duration(length)) : '';
}

function matchInWords(match: unknown, words: RuleWords, names: RuleNames): string {
  if (!isRule(match)) return words.anyEvent;
  if (Array.isArray(match['anyOf']))
    return match['anyOf'].map((part) => matchInWords(part, words, names)).join(words.or);
  const events = texts(match['events']).map((name) => `“${names.event(name)}”`);
  const stage = text(match['stage']);
  const channels = texts(match['channels']).map(names.channel);
  const parts = [
    events.length ? events.join(words.or) : stage ? words.inStage(names.stage(stage)) : words.anyEvent,
    channels.length ? words.inChannels(channels.join(words.or)) : '',
    match['where'] ? words.that(filterInWords(match['where'], words)) : '',
  ];
  return parts.filter(Boolean).join(' ');
}

function filterInWords(filter: unknown, words: RuleWords): string {
  if (!isRule(filter)) return '';
  const all = filter['all'] ?? filter['any'];
  if (Array.isArray(all)) {
    const by = filter['all'] ? words.and : words.or;
    return all.map((part) => filterInWords(part, words)).join(by);
  }
  if (filter['not']) return words.not(filterInWords(filter['not'], words));
  const op = FILTER_OPS.find((known) => known === filter['op']) ?? 'IS';
  const values = texts(filter['values']).join(op === 'BETWEEN' ? words.and : words.or);
  return `${text(filter['property'])} ${words.ops[op]} ${values}`.trim();
}
