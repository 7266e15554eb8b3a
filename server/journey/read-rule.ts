/**
 * Reads and checks one lifecycle rule from plain data. Every kind of rule is one entry of a table: what it
 * must look like. Problems go to Findings; nothing is thrown.
 */
import { parseDuration } from '../query/duration.ts';
import { normaliseMatch } from '../query/event-match.ts';
import type { EventMatchRequest } from '../query/event-match.ts';
import type { EventVocabulary } from '../query/events.ts';
import type { Findings } from './findings.ts';
import { readFilter } from './read-filter.ts';
import type { LifecycleRule } from './rule.ts';

interface Reading {
  readonly findings: Findings;
  readonly vocabulary: EventVocabulary;
  /** Keys of the lifecycle's stages. */
  readonly stages: readonly string[];
  /** The one whose rule this is. */
  readonly own: string;
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
  orders: (value, field, reading) => narrowed(value, field, reading, true),
  revenue: (value, field, reading) => narrowed(value, field, reading, false),
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
    readFilter(value, field, findings);
  },
  stageBefore: (value, field, { findings, stages, own }) => {
    findings.texts(value, field, 1).forEach((key, i) => {
      if (key === '') return;
      const at = `${field}[${i}]`;
      if (!stages.includes(key)) {
        const message = `There is no lifecycle stage "${key}"; there are ${stages.join(', ')}.`;
        findings.add(at, 'UNKNOWN_STAGE', message);
      } else if (key === own) {
        const message = `The stage before "${own}" is never "${own}"; there are ${stages.filter((stage) => stage !== own).join(', ')}.`;
        findings.add(at, 'BAD_RULE', message);
      }
    });
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

function narrowed(value: unknown, field: string, reading: Reading, isCount: boolean): void {
  const given = bounds(value, field, reading, [...BOUNDS, 'where'], isCount);
  if (given?.['where'] !== undefined) readFilter(given['where'], `${field}.where`, reading.findings);
}

/** A match is read in two steps: its shape here, its meaning where every match is read. */
function match(value: unknown, field: string, { findings, vocabulary }: Reading): void {
  const before = findings.count;
  matchShape(value, field, findings, 0);
  if (findings.count > before) return;
  findings.attempt(() => normaliseMatch(value as EventMatchRequest, vocabulary, field));
}

function matchShape(value: unknown, field: string, findings: Findings, depth: number): void {
  const given = findings.object(value, field, MATCH_FIELDS);
  if (!given || depth > MAX_DEPTH) return;
  for (const key of ['events', 'channels']) {
    if (given[key] !== undefined) findings.texts(given[key], `${field}.${key}`, 1);
  }
  for (const key of ['stage', 'label']) {
    if (given[key] !== undefined) findings.text(given[key], `${field}.${key}`);
  }
  if (given['where'] !== undefined) readFilter(given['where'], `${field}.where`, findings);
  if (given['anyOf'] === undefined) return;
  findings
    .list(given['anyOf'], `${field}.anyOf`, 1)
    .forEach((part, i) => matchShape(part, `${field}.anyOf[${i}]`, findings, depth + 1));
}

/** True where a part of the filter says `of: EVENT`. */
function speaksOfEvents(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(speaksOfEvents);
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, part]) =>
    key === 'of' ? part === 'EVENT' : speaksOfEvents(part),
  );
}
