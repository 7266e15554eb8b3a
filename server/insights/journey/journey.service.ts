/**
 * Answers journey questions: normalise, compile, run, read. Each of the four statements is run when a field
 * first needs it, and once: a list of people opens without counting everything else.
 */
import { rangeInWords, selectionInWords } from '../../query/in-words.ts';
import type { Sql } from '../../query/sql.ts';
import { answerMeta } from '../scope.ts';
import type { CustomerPage, InsightScope, Meta, PeoplePage } from '../scope.ts';
import { normaliseJourney } from './journey.query.ts';
import type { JourneyQuery, JourneyRequest } from './journey.query.ts';
import { namedResult, stageEventsResult, walkResult } from './journey.result.ts';
import type { Named, StageEvents, Walk } from './journey.result.ts';
import { compileNamed } from './journey.sql.ts';
import type { NameKind, NamedBy } from './journey.sql.ts';
import { compileStageEvents } from './stage-events.sql.ts';
import { compileMoveMembers, compileStageMembers, compileStopped, compileWalk } from './walk.sql.ts';
import type { Move } from './journey.row.ts';

export interface JourneyRun {
  readonly query: JourneyQuery;
  readonly walk: () => Promise<Walk & { readonly meta: Meta }>;
  /** What happened in each stage. */
  readonly events: () => Promise<readonly StageEvents[]>;
  /** The same by channel or by touchpoint. */
  readonly named: Readonly<Record<NameKind, () => Promise<readonly (readonly Named[])[]>>>;
}

export function readJourney(request: JourneyRequest, scope: InsightScope): JourneyRun {
  const lifecycleStages = scope.journeyMap.lifecycle.map(({ key }) => key);
  const query = normaliseJourney(request, scope.compile, lifecycleStages);
  return {
    query,
    walk: once(() => runWalk(query, scope)),
    events: once(() => runStageEvents(query, scope)),
    named: {
      channel: once(() => runNamed(query, 'channel', scope)),
      touchpoint: once(() => runNamed(query, 'touchpoint', scope)),
    },
  };
}

function once<T>(run: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | null = null;
  return () => (answer ??= run());
}

async function runWalk(query: JourneyQuery, scope: InsightScope): Promise<Walk & { readonly meta: Meta }> {
  const { engine, compile, journeyMap, signal } = scope;
  const answer = await engine.query(compileWalk(query, compile), { signal });
  return {
    ...walkResult(answer.rows, journeyMap.stages),
    meta: answerMeta(answer, journeyInWords(query), scope),
  };
}

async function runStageEvents(
  query: JourneyQuery,
  { engine, compile, journeyMap, signal }: InsightScope,
): Promise<readonly StageEvents[]> {
  const { rows } = await engine.query(compileStageEvents(query, compile), { signal });
  return stageEventsResult(rows, journeyMap.stages);
}

async function runNamed(
  query: JourneyQuery,
  kind: NameKind,
  { engine, compile, journeyMap, signal }: InsightScope,
): Promise<readonly (readonly Named[])[]> {
  const { rows } = await engine.query(compileNamed(query, kind, compile), { signal });
  return namedResult(rows, journeyMap.stages);
}

/** Whom a number of the answer stands for; stages by number. */
export type JourneyMembers =
  | { readonly inStage: number; readonly named: readonly NamedBy[] }
  | { readonly stoppedIn: number }
  | { readonly move: Move };

export function journeyMembers(
  query: JourneyQuery,
  members: JourneyMembers,
  page: PeoplePage,
  scope: InsightScope,
): Promise<CustomerPage> {
  return scope.people.connection(keysOf(query, members, scope), page, scope);
}

function keysOf(query: JourneyQuery, members: JourneyMembers, { compile }: InsightScope): Sql {
  if ('inStage' in members) return compileStageMembers(query, members.inStage, members.named, compile);
  if ('stoppedIn' in members) return compileStopped(query, members.stoppedIn, compile);
  return compileMoveMembers(query, members.move, compile);
}

function journeyInWords(query: JourneyQuery): string {
  return (
    `Customers by the journey stages of their events ${rangeInWords(query.range)}` +
    `${selectionInWords(query.where, query.audience)}; advanced are those with an event of a later stage of the ` +
    `journey map at or after their first event of the stage; a move leads from one stop of a customer to the next, ` +
    `events of one stage at one instant being one stop, and events of no stage are passed over.`
  );
}
