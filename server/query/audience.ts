/**
 * Audiences: customers by traits, lifecycle stage and behaviour. Pure: normalises what a caller sent and
 * compiles it to one condition on `customer_key`.
 */
import { parseDuration } from './duration.ts';
import type { Span } from './duration.ts';
import { compileMatch, normaliseMatch } from './event-match.ts';
import type { EventMatch, EventMatchRequest } from './event-match.ts';
import { eventsTable } from './events.ts';
import type { CompileScope, EventVocabulary } from './events.ts';
import { compileFilter, normaliseFilter } from './filter.ts';
import type { Filter, FilterRequest } from './filter.ts';
import { inputError } from './problem.ts';
import { and, int, or, param, sql } from './sql.ts';
import type { Sql } from './sql.ts';

export interface BehaviorRequest {
  readonly match: EventMatchRequest;
  readonly atLeast?: number | null;
  readonly atMost?: number | null;
  readonly within?: string | null;
}

export interface AudienceRequest {
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
  readonly where: Filter | null;
  readonly lifecycleStages: readonly string[];
  readonly did: readonly Behavior[];
  readonly didNot: readonly Behavior[];
  readonly anyOf: readonly Audience[];
  readonly except: Audience | null;
}

const MAX_PARTS = 20;
const MAX_DEPTH = 5;

/** Null for no audience: every customer. `lifecycleStages` names those that exist. */
export function normaliseAudience(
  request: AudienceRequest | null | undefined,
  vocabulary: EventVocabulary,
  lifecycleStages: readonly string[],
  field: string,
  depth = 0,
): Audience | null {
  if (!request) return null;
  if (depth >= MAX_DEPTH)
    throw inputError(field, 'AUDIENCE_TOO_DEEP', `Audiences nest up to ${MAX_DEPTH} deep.`);
  const { did = [], didNot = [], anyOf = [], except, where } = request;
  if (Math.max(did?.length ?? 0, didNot?.length ?? 0, anyOf?.length ?? 0) > MAX_PARTS) {
    throw inputError(field, 'AUDIENCE_TOO_LARGE', `An audience takes up to ${MAX_PARTS} parts of each kind.`);
  }
  for (const stage of request.lifecycleStages ?? []) {
    if (lifecycleStages.includes(stage)) continue;
    const message = `There is no lifecycle stage "${stage.slice(0, 60)}"; there are ${lifecycleStages.join(', ')}.`;
    throw inputError(`${field}.lifecycleStages`, 'UNKNOWN_STAGE', message);
  }
  const behavior = (b: BehaviorRequest, at: string): Behavior => normaliseBehavior(b, vocabulary, at);
  const nested = (a: AudienceRequest, at: string): Audience =>
    normaliseAudience(a, vocabulary, lifecycleStages, at, depth + 1) as Audience;
  return {
    where: where ? normaliseFilter(where, `${field}.where`) : null,
    lifecycleStages: request.lifecycleStages ?? [],
    did: (did ?? []).map((b, i) => behavior(b, `${field}.did[${i}]`)),
    didNot: (didNot ?? []).map((b, i) => behavior(b, `${field}.didNot[${i}]`)),
    anyOf: (anyOf ?? []).map((a, i) => nested(a, `${field}.anyOf[${i}]`)),
    except: except ? nested(except, `${field}.except`) : null,
  };
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
    within: request.within ? parseDuration(request.within, `${field}.within`) : null,
  };
}

/** A condition on `customer_key`. */
export function compileAudience(audience: Audience | null, scope: CompileScope): Sql {
  if (!audience) return sql`1`;
  const conditions: Sql[] = [];
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

/** A condition on events means: at least one event of the customer meets it. Traits are the customer's own. */
function compileAudienceFilter(filter: Filter, scope: CompileScope): Sql {
  if (!mentionsEvents(filter)) return compileFilter(filter);
  return sql`customer_key IN (SELECT customer_key FROM ${eventsTable(scope)} WHERE ${compileFilter(filter)})`;
}

function mentionsEvents(filter: Filter): boolean {
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
  return sql`SELECT customer_key FROM ${eventsTable(scope)} WHERE ${compileMatch(match, scope.vocabulary)}${since} GROUP BY customer_key HAVING count() >= ${param.uint64(atLeast)}${most}`;
}
