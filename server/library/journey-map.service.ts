/**
 * Publishing a journey map and its dry run: what is wrong with a map, what it would change, and whom it would move.
 * Knows no GraphQL.
 */
import { EngineError } from '../engine/port.ts';
import { answerMeta } from '../insights/scope.ts';
import type { CustomerPage, InsightScope, Meta, PeoplePage } from '../insights/scope.ts';
import type { JourneyMap } from '../journey/map.ts';
import { mentionedEvents, mentionedProperties } from '../journey/mentions.ts';
import { readJourneyMap } from '../journey/read-map.ts';
import type { PropertyScope } from '../query/filter.ts';
import { InputError, inputError } from '../query/problem.ts';
import type { Problem } from '../query/problem.ts';
import type { AudienceBook } from './audience-library.ts';
import type { HeldMap, JourneyMapLibrary } from './journey-map-library.ts';
import { movesOf, stagesOf } from './journey-map.result.ts';
import type { PreviewMoveCount, PreviewStage } from './journey-map.result.ts';
import {
  compileCarried,
  compileKnownEvents,
  compileNames,
  compilePreview,
  compilePreviewMembers,
} from './journey-map.sql.ts';
import type { PreviewMove } from './journey-map.sql.ts';

const MAX_BYTES = 200_000;
/** For whether a property is carried by any event at all; who cannot be asked in time is believed. */
const LOOK_SECONDS = 10;
const SECONDS = 60;

/** A map that can hold, or InputError with all that is wrong with it. */
export async function checkedMap(value: unknown, scope: InsightScope): Promise<JourneyMap> {
  if (new TextEncoder().encode(JSON.stringify(value) ?? '').length > MAX_BYTES) {
    throw inputError('map', 'MAP_TOO_LARGE', `A journey map has up to ${MAX_BYTES} bytes of JSON.`);
  }
  const map = readJourneyMap(value);
  const problems = await unknownProperties(map, scope);
  if (problems.length > 0) throw new InputError(problems);
  return map;
}

export async function publishMap(
  given: {
    readonly map: unknown;
    readonly by: string;
    readonly basedOn?: number | null;
    readonly restores?: number;
  },
  library: JourneyMapLibrary,
  scope: InsightScope,
): Promise<HeldMap> {
  const map = await checkedMap(given.map, scope);
  return library.publish({ ...given, map });
}

/** What a publication of the map would do now. */
export interface MapPreview {
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
  /** Null: it cannot be published. */
  readonly map: JourneyMap | null;
}

export async function previewMap(
  value: unknown,
  audiences: AudienceBook,
  scope: InsightScope,
): Promise<MapPreview> {
  try {
    const map = await checkedMap(value, scope);
    return { problems: [], warnings: await warningsOf(map, audiences, scope), map };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { problems: error.problems, warnings: [], map: null };
  }
}

export interface PreviewCounts {
  readonly customers: number;
  readonly moved: number;
  readonly stages: readonly PreviewStage[];
  readonly moves: readonly PreviewMoveCount[];
  readonly meta: Meta;
}

export async function countPreview(map: JourneyMap, scope: InsightScope): Promise<PreviewCounts> {
  const pair = { before: scope.journeyMap, after: map };
  const options = { signal: scope.signal, maxSeconds: SECONDS };
  const answer = await scope.engine.query(compilePreview(pair, scope.compile), options);
  const moves = movesOf(answer.rows, pair);
  const now = new Date(scope.compile.nowMs).toISOString();
  const definition =
    `Every customer known by ${now}, by the first stage whose rule holds then under the journey map that holds ` +
    `(before) and under the one given (after); moved are those whose stage has another key.`;
  return {
    customers: answer.rows.reduce((sum, row) => sum + Number(row.customers), 0),
    moved: moves.reduce((sum, move) => sum + move.customers, 0),
    stages: stagesOf(answer.rows, pair),
    moves,
    meta: answerMeta(answer, definition, scope),
  };
}

/** Whom it would move; from and to stages by their keys, null for any. */
export function previewMembers(
  map: JourneyMap,
  move: { readonly from: string | null; readonly to: string | null },
  page: PeoplePage,
  scope: InsightScope,
): Promise<CustomerPage> {
  const pair = { before: scope.journeyMap, after: map };
  const wanted: PreviewMove = {
    before: numberOf(move.from, pair.before, 'from'),
    after: numberOf(move.to, pair.after, 'to'),
  };
  const keys = compilePreviewMembers(pair, wanted, scope.compile);
  return scope.people.connection(keys, page, scope);
}

function numberOf(key: string | null, map: JourneyMap, field: string): number | null {
  if (key === null) return null;
  const index = map.lifecycle.findIndex((stage) => stage.key === key);
  if (index >= 0) return index + 1;
  const known = map.lifecycle.map((stage) => stage.key).join(', ');
  throw inputError(
    field,
    'UNKNOWN_STAGE',
    `There is no lifecycle stage "${key.slice(0, 60)}"; there are ${known}.`,
  );
}

const BUILT_INS = ['event', 'channel', 'revenue', 'time', 'orderId', 'sessionId', 'customerId'];
const COLUMN_NAMES = ['order_id', 'session_id', 'customer_id'];

/** Properties that rules name and nothing carries; those that the rules in force name are taken as they are. */
async function unknownProperties(map: JourneyMap, scope: InsightScope): Promise<readonly Problem[]> {
  const nameOf = ({ name, of }: { name: string; of: PropertyScope }): string => `${of} ${name}`;
  const inForce = new Set(mentionedProperties(scope.journeyMap).map(nameOf));
  const asked = mentionedProperties(map).filter((mention) => {
    const isBuiltIn = mention.of === 'EVENT' && [...BUILT_INS, ...COLUMN_NAMES].includes(mention.name);
    return !isBuiltIn && !inForce.has(nameOf(mention));
  });
  const distinct = [...new Map(asked.map((mention) => [nameOf(mention), mention])).values()];
  const unknown = new Map<string, string>();
  for (const mention of distinct) {
    if (await isCarried(mention, scope)) continue;
    const names = await namesOf(mention.of, scope);
    const what = mention.of === 'EVENT' ? 'No event carries the property' : 'No customer has the trait';
    const there = names.length > 0 ? `; there are ${names.join(', ')}` : ' so far';
    unknown.set(nameOf(mention), `${what} "${mention.name.slice(0, 60)}"${there}.`);
  }
  return asked.flatMap((mention) => {
    const message = unknown.get(nameOf(mention));
    return message ? [{ field: mention.field, code: 'UNKNOWN_PROPERTY', message }] : [];
  });
}

async function isCarried(
  { name, of }: { readonly name: string; readonly of: PropertyScope },
  { engine, compile, signal }: InsightScope,
): Promise<boolean> {
  try {
    const options = { signal, maxSeconds: LOOK_SECONDS };
    const { rows } = await engine.query(compileCarried(name, of, compile), options);
    return rows.length > 0;
  } catch (error) {
    if (error instanceof EngineError && error.code === 'TIMEOUT') return true;
    throw error;
  }
}

async function namesOf(
  of: PropertyScope,
  { engine, compile, signal }: InsightScope,
): Promise<readonly string[]> {
  const { rows } = await engine.query(compileNames(of, compile), { signal, maxSeconds: LOOK_SECONDS });
  const own = rows.map(({ name }) => name);
  return of === 'EVENT' ? [...BUILT_INS, ...own] : own;
}

/** What is allowed, and perhaps not meant: events that never came, stages that saved audiences ask for. */
async function warningsOf(
  map: JourneyMap,
  audiences: AudienceBook,
  { engine, journeyMap, signal }: InsightScope,
): Promise<readonly Problem[]> {
  const mentions = mentionedEvents(map);
  const { rows } =
    mentions.length > 0
      ? await engine.query(compileKnownEvents(), { signal, maxSeconds: LOOK_SECONDS })
      : { rows: [] };
  const known = new Set(rows.map(({ name }) => name));
  const unseen = mentions
    .filter(({ name }) => !known.has(name))
    .map(({ field, name }) => ({
      ...{ field, code: 'UNSEEN_EVENT' },
      message: `No event "${name}" has arrived so far.`,
    }));
  const kept = new Set(map.lifecycle.map(({ key }) => key));
  const gone = journeyMap.lifecycle.filter(({ key }) => !kept.has(key));
  const inUse = gone.flatMap(({ key, name }) => {
    const users = [...audiences.values()].filter(
      ({ definition, membersId }) => membersId === null && asksForStage(definition, key),
    );
    if (users.length === 0) return [];
    const named = users.map((audience) => `"${audience.name}"`).join(', ');
    const message = `The saved audience ${named} asks for the stage "${name}", which is gone, and can then no longer be used.`;
    return [{ field: 'lifecycle', code: 'STAGE_IN_USE', message }];
  });
  return [...unseen, ...inUse];
}

function asksForStage(value: unknown, key: string): boolean {
  if (Array.isArray(value)) return value.some((part) => asksForStage(part, key));
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([name, part]) =>
    name === 'lifecycleStages' && Array.isArray(part) ? part.includes(key) : asksForStage(part, key),
  );
}
