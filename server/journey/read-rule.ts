/**
 * Reads and checks one lifecycle rule from plain data. Every kind of rule is one entry of a table: what it
 * must look like. Problems go to Findings; nothing is thrown.
 */
import { parseDuration } from '../query/duration.ts';
import { normaliseMatch } from '../query/event-match.ts';
import type { EventMatchRequest } from '../query/event-match.ts';
import type { EventVocabulary } from '../query/events.ts';
import { normaliseFilter } from '../query/filter.ts';
import type { FilterRequest } from '../query/filter.ts';
import type { Findings } from './findings.ts';
import type { LifecycleRule } from './rule.ts';

interface Reading {
  readonly findings: Findings;
  readonly vocabulary: EventVocabulary;
}

type Check = (value: unknown, field: string, reading: Reading, depth: number) => void;

const MAX_DEPTH = 6;
const BOUNDS = ['atLeast', 'atMost', 'within'];
const MATCH_FIELDS = ['anyOf', 'events', 'stage', 'channels', 'where', 'label'];

const CHECKS: Readonly<Record<string, Check>> = {
  always: isTrue,
  neverOrdered: isTrue,
  noOrderFor: duration,
  firstOrderWithin: duration,
  orders: (value, field, reading) => bounds(value, field, reading, BOUNDS, true),
  revenue: (value, field, reading) => bounds(value, field, reading, BOUNDS, false),
  did: (value, field, reading) => {
    const did = bounds(value, field, reading, [...BOUNDS, 'match'], true);
    if (did?.['match'] !== undefined) match(did['match'], `${field}.match`, reading);
  },
  cameBack: (value, field, reading) => {
    const back = reading.findings.object(value, field, ['within', 'after']);
    if (!back) return;
    duration(back['within'], `${field}.within`, reading);
    duration(back['after'], `${field}.after`, reading);
  },
  notSeenFor: (value, field, reading) => {
    const unseen = reading.findings.object(value, field, ['for', 'match']);
    if (!unseen) return;
    duration(unseen['for'], `${field}.for`, reading);
    if (unseen['match'] !== undefined) match(unseen['match'], `${field}.match`, reading);
  },
  trait: (value, field, { findings }) => {
    if (speaksOfEvents(value)) {
      findings.add(field, 'BAD_RULE', 'A `trait` rule speaks of the customer; ask for events with `did`.');
    }
    findings.attempt(() => normaliseFilter(value as FilterRequest, field));
  },
  all: parts,
  any: parts,
  not: (value, field, reading, depth) => void readRule(value, field, reading, depth + 1),
};

/** The rule as written; what is wrong with it stands in the findings. */
export function readRule(value: unknown, field: string, reading: Reading, depth = 0): LifecycleRule {
  const kinds = Object.keys(CHECKS);
  if (depth > MAX_DEPTH) {
    reading.findings.add(field, 'RULE_TOO_DEEP', `Rules nest up to ${MAX_DEPTH} deep.`);
    return {};
  }
  const rule = reading.findings.object(value, field, kinds);
  const given = Object.keys(rule ?? {});
  if (!rule || given.length === 0) return {};
  const [kind = ''] = given;
  if (given.length > 1) {
    const message = `A rule has exactly one key, not ${given.join(' and ')}; join several with \`all\` or \`any\`.`;
    reading.findings.add(field, 'BAD_RULE', message);
  }
  CHECKS[kind]?.(rule[kind], `${field}.${kind}`, reading, depth);
  return rule as unknown as LifecycleRule;
}

function parts(value: unknown, field: string, reading: Reading, depth: number): void {
  reading.findings
    .list(value, field, 1)
    .forEach((part, i) => void readRule(part, `${field}[${i}]`, reading, depth + 1));
}

function isTrue(value: unknown, field: string, { findings }: Reading): void {
  if (value !== true) findings.add(field, 'BAD_RULE', 'This is written as `true`, or left out.');
}

function duration(value: unknown, field: string, { findings }: Reading): void {
  findings.attempt(() => parseDuration(typeof value === 'string' ? value : String(value), field));
}

function bounds(
  value: unknown,
  field: string,
  reading: Reading,
  fields: readonly string[],
  isCount: boolean,
): Readonly<Record<string, unknown>> | null {
  const given = reading.findings.object(value, field, fields);
  if (!given) return null;
  if (given['within'] !== undefined) duration(given['within'], `${field}.within`, reading);
  const limits = [given['atLeast'], given['atMost']].filter((limit) => limit !== undefined);
  for (const limit of limits) {
    const isNumber = isCount ? Number.isSafeInteger(limit) && Number(limit) >= 0 : Number.isFinite(limit);
    if (isNumber) continue;
    const message = `\`atLeast\` and \`atMost\` are ${isCount ? 'whole numbers from 0' : 'numbers'}.`;
    reading.findings.add(field, 'BAD_COUNT', message);
  }
  if (limits.length === 0 && !fields.includes('match')) {
    reading.findings.add(field, 'BAD_RULE', 'Give `atLeast`, `atMost` or both.');
  }
  if (limits.length === 2 && Number(limits[0]) > Number(limits[1])) {
    reading.findings.add(field, 'BAD_COUNT', '`atLeast` must not be above `atMost`.');
  }
  return given;
}

function match(value: unknown, field: string, { findings, vocabulary }: Reading): void {
  const given = findings.object(value, field, MATCH_FIELDS);
  if (!given) return;
  const lists = ['events', 'channels'].filter((key) => given[key] !== undefined);
  for (const key of lists) findings.texts(given[key], `${field}.${key}`, 1);
  if (!lists.every((key) => Array.isArray(given[key]))) return;
  if (given['anyOf'] !== undefined) {
    findings.list(given['anyOf'], `${field}.anyOf`, 1).forEach((part, i) => {
      match(part, `${field}.anyOf[${i}]`, { findings, vocabulary });
    });
    return;
  }
  findings.attempt(() => normaliseMatch(given as EventMatchRequest, vocabulary, field));
}

/** True where a part of the filter says `of: EVENT`. */
function speaksOfEvents(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(speaksOfEvents);
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, part]) =>
    key === 'of' ? part === 'EVENT' : speaksOfEvents(part),
  );
}
