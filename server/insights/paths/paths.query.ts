/**
 * The paths question in its normal form: every default filled in. Pure; knows neither how it is compiled nor
 * what the clock says.
 */
import { normaliseAudience } from '../../query/audience.ts';
import type { Audience, AudienceRequest } from '../../query/audience.ts';
import { parseDuration } from '../../query/duration.ts';
import type { Span } from '../../query/duration.ts';
import { normaliseMatch } from '../../query/event-match.ts';
import type { EventMatch, EventMatchRequest } from '../../query/event-match.ts';
import type { CompileScope } from '../../query/events.ts';
import { normaliseFilter } from '../../query/filter.ts';
import type { Filter, FilterRequest } from '../../query/filter.ts';
import { resolveRange } from '../../query/time-range.ts';
import type { RangeRequest, TimeRange } from '../../query/time-range.ts';

export const PATH_NODE_KINDS = ['TOUCHPOINT', 'EVENT', 'STAGE', 'CHANNEL', 'PROPERTY'] as const;
export type PathNodeKind = (typeof PATH_NODE_KINDS)[number];

export interface PathsRequest {
  readonly range: RangeRequest;
  readonly node?: PathNodeKind | null;
  readonly property?: string | null;
  readonly startAt?: string | null;
  readonly endAt?: string | null;
  readonly maxSteps?: number | null;
  readonly maxEdges?: number | null;
  readonly minPaths?: number | null;
  readonly maxPaths?: number | null;
  readonly groups?: readonly string[] | null;
  readonly exclude?: readonly string[] | null;
  readonly sessionGap?: string | null;
  readonly match?: EventMatchRequest | null;
  readonly where?: FilterRequest | null;
  readonly audience?: AudienceRequest | null;
}

export interface PathsQuery {
  readonly range: TimeRange;
  readonly node: PathNodeKind;
  /** Names the nodes when `node` is PROPERTY, else null. */
  readonly property: string | null;
  readonly startAt: string | null;
  readonly endAt: string | null;
  /** Nodes of a path, at most. */
  readonly maxSteps: number;
  readonly maxEdges: number;
  readonly minPaths: number | null;
  readonly maxPaths: number | null;
  /** Patterns, the first that matches names the node. */
  readonly groups: readonly string[];
  /** Names of nodes, after grouping. */
  readonly exclude: readonly string[];
  readonly sessionGap: Span;
  readonly match: EventMatch;
  readonly where: Filter;
  readonly audience: Audience | null;
}

export const DEFAULT_STEPS = 5;
export const DEFAULT_EDGES = 50;
export const DEFAULT_GAP = 'PT30M';

export const MAX_STEPS = 50;
export const MAX_EDGES = 1000;
export const MAX_PATHS = 1_000_000_000;
export const MAX_GROUPS = 50;
export const MAX_EXCLUDED = 200;
/** Characters of a pattern or a node's name. */
export const MAX_NAME = 1024;

/** Stands for the middle of long paths that have both a start and an end. */
export const MIDDLE = '...';
/** The name of the node of all that is left out; no event has it. */
export const OTHER = '';

/** Fills in defaults; throws InputError for what cannot be read. Limits are checked in paths.validate.ts. */
export function normalisePaths(
  request: PathsRequest,
  scope: Pick<CompileScope, 'nowMs' | 'vocabulary'>,
  lifecycleStages: readonly string[],
): PathsQuery {
  return {
    range: resolveRange(request.range, scope.nowMs, 'range'),
    node: request.node ?? 'TOUCHPOINT',
    property: request.property ?? null,
    startAt: request.startAt ?? null,
    endAt: request.endAt ?? null,
    maxSteps: request.maxSteps ?? DEFAULT_STEPS,
    maxEdges: request.maxEdges ?? DEFAULT_EDGES,
    minPaths: request.minPaths ?? null,
    maxPaths: request.maxPaths ?? null,
    groups: request.groups ?? [],
    exclude: request.exclude ?? [],
    sessionGap: parseDuration(request.sessionGap ?? DEFAULT_GAP, 'sessionGap'),
    match: normaliseMatch(request.match, scope.vocabulary, 'match'),
    where: normaliseFilter(request.where, 'where'),
    audience: normaliseAudience(request.audience, scope.vocabulary, lifecycleStages, 'audience'),
  };
}
