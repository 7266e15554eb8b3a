/**
 * Audiences: customers by traits, lifecycle stage, behaviour and saved audience. Pure: normalises what a caller
 * sent and compiles it to one condition on `customer_key`. Saved audiences come in with the vocabulary.
 */
import { parseDuration } from './duration.ts';
import type { Span } from './duration.ts';
import { compileMatch, normaliseMatch } from './event-match.ts';
import type { EventMatch, EventMatchRequest } from './event-match.ts';
import { eventsTable } from './events.ts';
import type { CompileScope, EventVocabulary } from './events.ts';
import { compileFilter, normaliseFilter } from './filter.ts';
import type { Filter, FilterRequest } from './filter.ts';
import { InputError, inputError } from './problem.ts';
import { and, int, or, param, sql } from './sql.ts';
import type { Sql } from './sql.ts';

export interface BehaviorRequest {
  readonly match: EventMatchRequest;
  readonly atLeast?: number | null;
  readonly atMost?: number | null;
  readonly within?: string | null;
}

export interface AudienceRequest {
  /** A saved audience. */
  readonly id?: string | null;
  readonly where?: FilterRequest | null;
  readonly lifecycleStages?: readonly string[] | null;
  readonly did?: readonly BehaviorRequest[] | null;
  readonly didNot?: readonly BehaviorRequest[] | null;
  readonly anyOf?: readonly AudienceRequest[] | null;
  readonly except?: AudienceRequest | null;
}

export interface Behavior {
  readonly match: EventMatch;
  readonly atLeast: number;
  readonly atMost: number | null;
  /** Looking back from now; null: all time. */
  readonly within: Span | null;
}

export interface Audience {
  readonly saved: SavedPart | null;
  readonly where: Filter | null;
  readonly lifecycleStages: readonly string[];
  readonly did: readonly Behavior[];
  readonly didNot: readonly Behavior[];
  readonly anyOf: readonly Audience[];
  readonly except: Audience | null;
}

/** A saved audience taken in: a live one as what it says now, a static one by its members. */
export type SavedPart =
  | { readonly id: string; readonly name: string; readonly audience: Audience }
  | { readonly id: string; readonly name: string; readonly membersId: string };

const MAX_PARTS = 20;
const MAX_DEPTH = 10;
/** Audiences and behaviours of one audience, all levels together, saved ones taken in. */
const MAX_SIZE = 200;

/** What a reading needs and keeps count of. */
interface Reading {
  readonly vocabulary: EventVocabulary;
  readonly lifecycleStages: readonly string[];
  /** Saved audiences that are being taken in, outermost first. */
  readonly path: readonly string[];
  readonly size: { left: number };
}

/** Null for no audience: every customer. `lifecycleStages` names those that exist. */
export function normaliseAudience(
  request: AudienceRequest | null | undefined,
  vocabulary: EventVocabulary,
  lifecycleStages: readonly string[],
  field: string,
): Audience | null {
  if (!request) return null;
  return readAudience(request, { vocabulary, lifecycleStages, path: [], size: { left: MAX_SIZE } }, field, 0);
}

function readAudience(request: AudienceRequest, reading: Reading, field: string, depth: number): Audience {
  if (depth >= MAX_DEPTH)
    throw inputError(field, 'AUDIENCE_TOO_DEEP', `Audiences nest up to ${MAX_DEPTH} deep.`);
  checkSize(request, reading, field);
  const { vocabulary, lifecycleStages } = reading;
  for (const stage of request.lifecycleStages ?? []) {
    if (lifecycleStages.includes(stage)) continue;
    const message = `There is no lifecycle stage "${stage.slice(0, 60)}"; there are ${lifecycleStages.join(', ')}.`;
    throw inputError(`${field}.lifecycleStages`, 'UNKNOWN_STAGE', message);
  }
  const behavior = (b: BehaviorRequest, at: string): Behavior => normaliseBehavior(b, vocabulary, at);
  const nested = (a: AudienceRequest, at: string): Audience => readAudience(a, reading, at, depth + 1);
  const { did, didNot, anyOf, except, where, id } = request;
  return {
    saved: id == null ? null : readSaved(id, reading, `${field}.id`, depth + 1),
    where: where ? normaliseFilter(where, `${field}.where`) : null,
    lifecycleStages: [...new Set(request.lifecycleStages ?? [])],
    did: (did ?? []).map((b, i) => behavior(b, `${field}.did[${i}]`)),
    didNot: (didNot ?? []).map((b, i) => behavior(b, `${field}.didNot[${i}]`)),
    anyOf: (anyOf ?? []).map((a, i) => nested(a, `${field}.anyOf[${i}]`)),
    except: except ? nested(except, `${field}.except`) : null,
  };
}

function checkSize({ did, didNot, anyOf }: AudienceRequest, { size }: Reading, field: string): void {
  const counts = [did, didNot, anyOf].map((parts) => parts?.length ?? 0);
  size.left -= 1 + (counts[0] ?? 0) + (counts[1] ?? 0);
  if (Math.max(...counts) > MAX_PARTS || size.left < 0) {
    const message = `An audience takes up to ${MAX_PARTS} parts of each kind, and ${MAX_SIZE} in all.`;
    throw inputError(field, 'AUDIENCE_TOO_LARGE', message);
  }
}

/** What is wrong inside a saved audience is told of the place that names it: the caller did not write the rest. */
function readSaved(id: string, reading: Reading, field: string, depth: number): SavedPart {
  const saved = reading.vocabulary.audiences?.get(id);
  if (!saved) {
    throw inputError(
      field,
      'UNKNOWN_AUDIENCE',
      `There is no saved audience with the id "${id.slice(0, 60)}".`,
    );
  }
  const { name, membersId } = saved;
  if (membersId !== null) return { id, name, membersId };
  if (reading.path.includes(id)) {
    const message = `The saved audience "${name}" leads back to itself.`;
    throw inputError(field, 'AUDIENCE_CYCLE', message);
  }
  try {
    const inner = { ...reading, path: [...reading.path, id] };
    return { id, name, audience: readAudience(saved.definition, inner, 'definition', depth) };
  } catch (error) {
    const [problem] = error instanceof InputError ? error.problems : [];
    if (!problem) throw error;
    // Told already of the innermost: that is the one to be mended.
    const isTold = problem.message.startsWith('The saved audience "');
    const message = isTold
      ? problem.message
      : `The saved audience "${name}" cannot be used. ${problem.message}`;
    throw inputError(field, problem.code, message);
  }
}

function normaliseBehavior(request: BehaviorRequest, vocabulary: EventVocabulary, field: string): Behavior {
  const atLeast = request.atLeast ?? 1;
  const atMost = request.atMost ?? null;
  if (atLeast < 0 || atLeast > 1_000_000 || (atMost !== null && atMost < atLeast)) {
    throw inputError(field, 'BAD_COUNT', '`atLeast` is 0 to 1,000,000 and `atMost` at least `atLeast`.');
  }
  return {
    match: normaliseMatch(request.match, vocabulary, `${field}.match`),
    atLeast,
    atMost,
    within: request.within != null ? parseDuration(request.within, `${field}.within`) : null,
  };
}

/** A condition on `customer_key`. */
export function compileAudience(audience: Audience | null, scope: CompileScope): Sql {
  if (!audience) return sql`1`;
  const conditions: Sql[] = [];
  if (audience.saved) conditions.push(compileSaved(audience.saved, scope));
  if (audience.where) conditions.push(compileAudienceFilter(audience.where, scope));
  if (audience.lifecycleStages.length > 0) {
    conditions.push(sql`customer_key IN (${scope.customersInLifecycleStages(audience.lifecycleStages)})`);
  }
  conditions.push(...audience.did.map((b) => compileBehavior(b, scope)));
  conditions.push(...audience.didNot.map((b) => sql`NOT (${compileBehavior(b, scope)})`));
  if (audience.anyOf.length > 0) conditions.push(or(audience.anyOf.map((a) => compileAudience(a, scope))));
  if (audience.except) conditions.push(sql`NOT (${compileAudience(audience.except, scope)})`);
  return and(conditions);
}

/** Members are kept as they were when the audience was saved; ids joined since are followed. */
function compileSaved(saved: SavedPart, scope: CompileScope): Sql {
  if ('audience' in saved) return compileAudience(saved.audience, scope);
  const key = scope.hasMergedIdentities
    ? sql`dictGetOrDefault('identity_keys', 'customer_key', customer_key, customer_key)`
    : sql`customer_key`;
  return sql`customer_key IN (SELECT ${key} FROM audience_members WHERE members_id = ${param.string(saved.membersId)})`;
}

/** A condition on events means: at least one event of the customer meets it. Traits are the customer's own. */
function compileAudienceFilter(filter: Filter, scope: CompileScope): Sql {
  if (!mentionsEvents(filter)) return compileFilter(filter);
  return sql`customer_key IN (SELECT customer_key FROM ${eventsTable(scope)} WHERE ${compileFilter(filter)}${ofOnly(scope)})`;
}

/** True when a condition is on events, not on the customer. */
export function mentionsEvents(filter: Filter): boolean {
  if (filter.kind === 'condition') return filter.of === 'EVENT';
  return filter.kind === 'not' ? mentionsEvents(filter.part) : filter.parts.some(mentionsEvents);
}

/** Zero times counts too, so `atLeast: 0` is asked as "not more than `atMost`". */
function compileBehavior(behavior: Behavior, scope: CompileScope): Sql {
  if (behavior.atLeast === 0) {
    return behavior.atMost === null
      ? sql`1`
      : sql`customer_key NOT IN (${customersWho(behavior.match, behavior.within, behavior.atMost + 1, null, scope)})`;
  }
  return sql`customer_key IN (${customersWho(behavior.match, behavior.within, behavior.atLeast, behavior.atMost, scope)})`;
}

function customersWho(
  match: EventMatch,
  within: Span | null,
  atLeast: number,
  atMost: number | null,
  scope: CompileScope,
): Sql {
  const now = param.time(scope.nowMs);
  const since = within
    ? sql` AND time >= subtractMonths(${now}, ${int(within.months)}) - toIntervalMillisecond(${param.int64(within.ms)}) AND time <= ${now}`
    : sql``;
  const most = atMost === null ? sql`` : sql` AND count() <= ${param.uint64(atMost)}`;
  return sql`SELECT customer_key FROM ${eventsTable(scope)} WHERE ${compileMatch(match, scope.vocabulary)}${since}${ofOnly(scope)} GROUP BY customer_key HAVING count() >= ${param.uint64(atLeast)}${most}`;
}

function ofOnly({ only }: CompileScope): Sql {
  return only ? sql` AND (${only})` : sql``;
}

/** True when who is in it may change with the clock alone. */
export function movesWithTime(audience: Audience): boolean {
  if (asksForStages(audience)) return true;
  const { did, didNot } = audience;
  return [...did, ...didNot].some(({ within }) => within !== null) || partsOf(audience).some(movesWithTime);
}

/** True when who is in it depends on lifecycle stages. */
export function asksForStages(audience: Audience): boolean {
  return audience.lifecycleStages.length > 0 || partsOf(audience).some(asksForStages);
}

function partsOf({ saved, anyOf, except }: Audience): readonly Audience[] {
  return [...anyOf, ...(except ? [except] : []), ...(saved && 'audience' in saved ? [saved.audience] : [])];
}
