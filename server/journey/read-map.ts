/**
 * Reads a journey map from plain data (a parsed YAML or JSON file) and checks it as a whole: every problem is
 * told, each with its field and what is allowed. Reading the file itself is not done here.
 */
import { planStages } from './conditions.ts';
import { Findings } from './findings.ts';
import { vocabularyOf } from './map.ts';
import type { JourneyMap, JourneyStage, LifecycleStage } from './map.ts';
import { readRule } from './read-rule.ts';
import { isCatchAll } from './rule.ts';

const MAP_FIELDS = ['stages', 'lifecycle', 'orderEvents', 'returnEvents'];
const STAGE_FIELDS = ['key', 'name', 'color', 'description', 'events'];
const LIFECYCLE_FIELDS = ['key', 'name', 'color', 'description', 'rule', 'isLost'];
const MAX_STAGES = 30;

/** Throws InputError with all problems. */
export function readJourneyMap(value: unknown): JourneyMap {
  const findings = new Findings();
  const given = findings.object(value, 'journeyMap', MAP_FIELDS) ?? {};
  const stages = entries(given['stages'], 'stages', findings).map(([entry, field]) =>
    readStage(entry, field, findings),
  );
  const words = {
    stages,
    orderEvents: findings.texts(given['orderEvents'], 'orderEvents', 1),
    returnEvents: findings.texts(given['returnEvents'] ?? [], 'returnEvents', 0),
  };
  const vocabulary = vocabularyOf({ ...words, lifecycle: [] });
  const stagesGiven = entries(given['lifecycle'], 'lifecycle', findings);
  const keys = stagesGiven.map(([entry]) => keyOf(entry));
  const lifecycle = stagesGiven.map(([entry, field], i): LifecycleStage => {
    const stage = findings.object(entry, field, LIFECYCLE_FIELDS) ?? {};
    const isLost = stage['isLost'] ?? false;
    if (typeof isLost !== 'boolean') findings.add(`${field}.isLost`, 'BAD_STAGE', 'This is true or false.');
    const reading = { findings, vocabulary, stages: keys.filter((key) => key !== ''), own: keys[i] ?? '' };
    const rule = readRule(stage['rule'] ?? {}, `${field}.rule`, reading);
    return { ...readFace(stage, field, findings), rule, isLost: isLost === true };
  });
  checkKeys(stages, 'stages', findings);
  checkKeys(lifecycle, 'lifecycle', findings);
  checkEvents({ ...words, lifecycle }, findings);
  checkCatchAll(lifecycle, findings);
  findings.throwIfAny();
  const map = { ...words, lifecycle };
  checkSize(map, findings);
  findings.throwIfAny();
  return map;
}

/** Different windows and counts of all rules together, as many as a point of time can tell apart. */
const MAX_TRACKS = 200;

function checkSize(map: JourneyMap, findings: Findings): void {
  const { signals, tracks } = planStages(map);
  const size = signals.length + tracks.length;
  if (size <= MAX_TRACKS) return;
  const message = `The rules look at ${size} different kinds of events and windows; ${MAX_TRACKS} are allowed.`;
  findings.add('lifecycle', 'TOO_MANY_RULES', message);
}

/** As written; empty where it is no text, which readFace says. */
function keyOf(entry: unknown): string {
  const key = (entry as { readonly key?: unknown } | null)?.key;
  return typeof key === 'string' ? key : '';
}

function entries(value: unknown, field: string, findings: Findings): readonly (readonly [unknown, string])[] {
  const list = findings.list(value, field, 1);
  if (list.length > MAX_STAGES) findings.add(field, 'TOO_MANY_STAGES', `There may be ${MAX_STAGES} stages.`);
  return list.map((entry, i) => [entry, `${field}[${i}]`]);
}

function readStage(entry: unknown, field: string, findings: Findings): JourneyStage {
  const stage = findings.object(entry, field, STAGE_FIELDS) ?? {};
  const events = findings.texts(stage['events'], `${field}.events`, 1);
  return { ...readFace(stage, field, findings), events };
}

/** What both kinds of stage show: key, name, colour, description. */
function readFace(stage: Readonly<Record<string, unknown>>, field: string, findings: Findings) {
  const key = findings.text(stage['key'], `${field}.key`, 60);
  if (key !== '' && !/^[a-z][a-z0-9_]*$/.test(key)) {
    const message = `A key is lower case letters, digits and underscores, not "${key}".`;
    findings.add(`${field}.key`, 'BAD_KEY', message);
  }
  const color = findings.text(stage['color'], `${field}.color`);
  if (color !== '' && !/^#[0-9a-fA-F]{6}$/.test(color)) {
    findings.add(`${field}.color`, 'BAD_COLOR', `A colour is written "#rrggbb", not "${color}".`);
  }
  return {
    key,
    name: findings.text(stage['name'], `${field}.name`),
    color: color.toLowerCase(),
    description: findings.text(stage['description'], `${field}.description`, 1000),
  };
}

function checkKeys(stages: readonly { readonly key: string }[], field: string, findings: Findings): void {
  stages.forEach(({ key }, i) => {
    if (key === '' || stages.findIndex((other) => other.key === key) === i) return;
    findings.add(`${field}[${i}].key`, 'DUPLICATE_KEY', `The key "${key}" is used twice.`);
  });
}

/** An event stands in one stage, and is an order or a return, not both. */
function checkEvents(map: JourneyMap, findings: Findings): void {
  const home = new Map<string, string>();
  map.stages.forEach((stage, i) => {
    for (const event of stage.events) {
      const other = home.get(event);
      if (event !== '' && other !== undefined) {
        const message = `The event "${event}" stands in "${other}" already; an event belongs to one stage.`;
        findings.add(`stages[${i}].events`, 'DUPLICATE_EVENT', message);
      }
      home.set(event, stage.key);
    }
  });
  for (const event of map.returnEvents.filter((name) => map.orderEvents.includes(name))) {
    findings.add('returnEvents', 'DUPLICATE_EVENT', `The event "${event}" is among orderEvents, too.`);
  }
}

function checkCatchAll(lifecycle: readonly LifecycleStage[], findings: Findings): void {
  lifecycle.forEach((stage, i) => {
    const isLast = i === lifecycle.length - 1;
    if (isLast === isCatchAll(stage.rule)) return;
    const message = isLast
      ? 'The last rule must hold for everybody: write `rule: {}`.'
      : 'This rule holds for everybody, so no stage after it can be reached.';
    findings.add(`lifecycle[${i}].rule`, isLast ? 'NO_CATCH_ALL' : 'UNREACHABLE_STAGE', message);
  });
}
