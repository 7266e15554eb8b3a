/** Answers a paths question: normalise, validate, find what is shown, count, read. */
import type { QueryAnswer } from '../../engine/port.ts';
import { spanInWords } from '../../query/duration.ts';
import { rangeInWords, selectionInWords } from '../../query/in-words.ts';
import { assertValid } from '../../query/problem.ts';
import { answerMeta } from '../scope.ts';
import type { CustomerPage, InsightScope, Meta, PeoplePage } from '../scope.ts';
import { normalisePaths } from './paths.query.ts';
import type { PathsQuery, PathsRequest } from './paths.query.ts';
import { pathGraph, shownOf } from './paths.result.ts';
import type { PathGraphAnswer } from './paths.result.ts';
import { compileCounts, compileLargest, compileMembers, compileNodeMembers } from './paths.sql.ts';
import type { EdgeRef, ShownPaths } from './paths.sql.ts';
import { pathsRules } from './paths.validate.ts';
import type { Ties } from './walks.sql.ts';

export interface PathsRun extends PathGraphAnswer, ShownPaths {
  readonly meta: Meta;
}

/** Reads a request with the scope's words and clock; throws InputError with every problem found. */
export function readPaths(request: PathsRequest, scope: InsightScope): PathsQuery {
  const stages = scope.journeyMap.lifecycle.map((stage) => stage.key);
  const query = normalisePaths(request, scope.compile, stages);
  assertValid(query, pathsRules(scope.compile.vocabulary));
  return query;
}

export async function runPaths(request: PathsRequest, scope: InsightScope): Promise<PathsRun> {
  const query = readPaths(request, scope);
  const options = { signal: scope.signal };
  const first = await scope.engine.query(compileLargest(query, 'UNKNOWN', scope.compile), options);
  const ties: Ties = first.rows.some(({ step }) => step === 0) ? 'SOME' : 'UNKNOWN';
  const largest =
    ties === 'UNKNOWN'
      ? first
      : await scope.engine.query(compileLargest(query, ties, scope.compile), options);
  const shown = shownOf(query, largest.rows);
  const counts = await scope.engine.query(compileCounts({ query, shown, ties }, scope.compile), options);
  const statements = ties === 'UNKNOWN' ? [largest, counts] : [first, largest, counts];
  const meta = answerMeta(together(statements), pathsInWords(query), scope);
  return { ...pathGraph(counts.rows), query, shown, ties, meta };
}

/** The people behind an edge. */
export function edgeMembers(
  asked: ShownPaths,
  edge: EdgeRef,
  page: PeoplePage,
  scope: InsightScope,
): Promise<CustomerPage> {
  const keys = compileMembers(asked, edge, scope.compile);
  return scope.people.connection(keys, page, scope);
}

/** The people behind a node. */
export function nodeMembers(
  asked: ShownPaths,
  node: { readonly step: number; readonly name: string },
  page: PeoplePage,
  scope: InsightScope,
): Promise<CustomerPage> {
  return scope.people.connection(compileNodeMembers(asked, node, scope.compile), page, scope);
}

/** What the statements of one answer took. */
function together(answers: readonly QueryAnswer<unknown>[]): QueryAnswer<unknown> {
  const total = (of: keyof QueryAnswer<unknown>['stats']): number =>
    answers.reduce((sum, { stats }) => sum + stats[of], 0);
  return {
    rows: [],
    stats: { rowsRead: total('rowsRead'), bytesRead: total('bytesRead'), elapsedMs: total('elapsedMs') },
    text: answers.map(({ text }) => text).join(';\n\n'),
    isCached: answers.every(({ isCached }) => isCached ?? false),
  };
}

const NODES = {
  TOUCHPOINT: 'touchpoints (the path of a page view, the name of a screen, else the event)',
  EVENT: 'event names',
  STAGE: 'journey stages (events of no stage left out)',
  CHANNEL: 'channels (events without one left out)',
} as const;

function pathsInWords(query: PathsQuery): string {
  const { startAt, endAt, groups, exclude, minPaths, maxPaths } = query;
  const nodes =
    query.node === 'PROPERTY'
      ? `the values of "${query.property}" (events without it left out)`
      : NODES[query.node];
  const longest = endAt === null ? 'first' : startAt === null ? 'last' : 'outermost';
  const parts = [
    `Paths of customers over ${nodes} of ${query.match.label}, ${rangeInWords(query.range)}`,
    ...(groups.length > 0
      ? [`grouped by ${groups.length} ${groups.length === 1 ? 'pattern' : 'patterns'}`]
      : []),
    ...(exclude.length > 0 ? [`without ${exclude.join(', ')}`] : []),
    `a new path after more than ${spanInWords(query.sessionGap)}, equal neighbours taken as one`,
    ...(startAt === null ? [] : [`from the first "${startAt}"`]),
    ...(endAt === null ? [] : [`up to the first "${endAt}"`]),
    `the ${longest} ${query.maxSteps} nodes of each, the ${query.maxEdges} largest edges` +
      (minPaths === null ? '' : ` of at least ${minPaths} paths`) +
      (maxPaths === null ? '' : ` of at most ${maxPaths} paths`),
  ];
  return `${parts.join('; ')}${selectionInWords(query.where, query.audience)}.`;
}
