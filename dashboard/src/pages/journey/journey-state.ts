// What the journey page asks about paths and credit, as it stands in the address, and as the API takes it. Pure.
import type { AttributionInput, AttributionModel, PathNodeKind, PathsInput } from '../../api/generated.ts';
import { readWindow } from '../../selection/iso-duration.ts';
import { checkMatch, checkWord, matchInput } from '../../selection/match.ts';
import type { Match } from '../../selection/match.ts';

export const NODE_KINDS = [
  'TOUCHPOINT',
  'EVENT',
  'STAGE',
  'CHANNEL',
  'PROPERTY',
] as const satisfies readonly PathNodeKind[];
export const STEP_COUNTS = [2, 3, 4, 5, 6, 7, 8, 10, 12, 15, 20] as const;
export const EDGE_COUNTS = [10, 20, 30, 50, 100, 200, 500] as const;
export const GAPS = ['PT5M', 'PT15M', 'PT30M', 'PT1H', 'PT4H', 'P1D', 'P7D', 'P30D'] as const;
export const MODELS = [
  'FIRST_TOUCH',
  'LAST_TOUCH',
  'LINEAR',
  'POSITION_BASED',
  'TIME_DECAY',
  'MARKOV',
] as const satisfies readonly AttributionModel[];
export const LOOKBACKS = ['P1D', 'P7D', 'P14D', 'P30D', 'P60D', 'P90D', 'P180D', 'P365D'] as const;
export const CREDIT_MEASURES = ['conversions', 'revenue', 'share'] as const;
export const PATH_VIEWS = ['flow', 'list'] as const;
/** As many names as the page lets one leave out or group; the API takes more. */
export const MOST_NAMES = 40;
/** The server's limit on visits. */
export const MOST_VISITS = 1_000_000_000;
const LONGEST_NAME = 200;

export interface JourneyState {
  node: PathNodeKind;
  /** Names the steps when they are of a property. */
  property: string | null;
  startAt: string | null;
  endAt: string | null;
  steps: number;
  edges: number;
  gap: string;
  exclude: string[];
  groups: string[];
  /** The events that take part; null: any. */
  match: Match | null;
  /** Only links of at least, and at most, so many visits. */
  fewest: number | null;
  most: number | null;
  paths: (typeof PATH_VIEWS)[number];
  /** Null: the store's purchase. */
  conversion: Match | null;
  /** What may earn credit; null: any event before the conversion. */
  touchpoints: Match | null;
  /** The event property, or built-in, that names what earns credit. */
  by: string;
  lookback: string;
  models: AttributionModel[];
  credit: (typeof CREDIT_MEASURES)[number];
}

export const DEFAULTS: JourneyState = {
  node: 'TOUCHPOINT',
  property: null,
  startAt: null,
  endAt: null,
  steps: 5,
  edges: 30,
  gap: 'PT30M',
  exclude: [],
  groups: [],
  match: null,
  fewest: null,
  most: null,
  paths: 'flow',
  conversion: null,
  touchpoints: null,
  by: 'channel',
  lookback: 'P30D',
  models: [...MODELS],
  credit: 'conversions',
};

const checkName = (raw: unknown): string | null =>
  typeof raw === 'string' && raw !== '' && raw.length <= LONGEST_NAME ? raw : null;
const checkNames = (raw: unknown): string[] =>
  Array.isArray(raw) ? [...new Set(raw.flatMap((entry) => checkName(entry) ?? []))].slice(0, MOST_NAMES) : [];

const checkDuration = (raw: unknown): string | undefined =>
  typeof raw === 'string' && readWindow(raw) ? raw : undefined;
const checkVisits = (raw: unknown): number | null =>
  Number.isInteger(raw) && Number(raw) >= 1 && Number(raw) <= MOST_VISITS ? Number(raw) : null;

/** The parts that can be used of what stood in the address. */
export function checkJourney(raw: Record<string, unknown>): Partial<JourneyState> {
  const node = checkWord(raw['node'], NODE_KINDS);
  const steps = STEP_COUNTS.find((count) => count === raw['steps']);
  const edges = EDGE_COUNTS.find((count) => count === raw['edges']);
  const gap = checkDuration(raw['gap']);
  const paths = checkWord(raw['paths'], PATH_VIEWS);
  const by = checkName(raw['by']);
  const lookback = checkDuration(raw['lookback']);
  const models = MODELS.filter((model) => checkNames(raw['models']).includes(model));
  const credit = checkWord(raw['credit'], CREDIT_MEASURES);
  return {
    ...(node && { node }),
    property: checkName(raw['property']),
    startAt: checkName(raw['startAt']),
    endAt: checkName(raw['endAt']),
    ...(steps && { steps }),
    ...(edges && { edges }),
    ...(gap && { gap }),
    exclude: checkNames(raw['exclude']),
    groups: checkNames(raw['groups']),
    match: checkMatch(raw['match']),
    fewest: checkVisits(raw['fewest']),
    most: checkVisits(raw['most']),
    ...(paths && { paths }),
    conversion: checkMatch(raw['conversion']),
    touchpoints: checkMatch(raw['touchpoints']),
    ...(by !== null && { by }),
    ...(lookback && { lookback }),
    ...(models.length && { models }),
    ...(credit && { credit }),
  };
}

/** What a change of the kind of step leaves of the rest: names of one kind mean nothing in another. */
export function withNode(node: PathNodeKind): Partial<JourneyState> {
  return { node, property: null, startAt: null, endAt: null, exclude: [], groups: [] };
}

/** What the whole page is about: the range and the filters. */
type About = Pick<PathsInput, 'range' | 'where' | 'audience'>;

/** What builds the question about paths, and what the question about credit; the rest is how it is looked at. */
const PATH_PARTS = [
  'node',
  'property',
  'startAt',
  'endAt',
  'steps',
  'edges',
  'gap',
  'exclude',
  'groups',
  'match',
  'fewest',
  'most',
] as const satisfies readonly (keyof JourneyState)[];
const CREDIT_PARTS = [
  'conversion',
  'touchpoints',
  'by',
  'lookback',
  'models',
] as const satisfies readonly (keyof JourneyState)[];

/** The builder's parts as they were before anybody chose; null when they are. */
export function startOver(state: JourneyState, of: 'paths' | 'credit'): Partial<JourneyState> | null {
  const parts: readonly (keyof JourneyState)[] = of === 'paths' ? PATH_PARTS : CREDIT_PARTS;
  const changed = parts.filter((part) => JSON.stringify(state[part]) !== JSON.stringify(DEFAULTS[part]));
  return changed.length ? Object.fromEntries(changed.map((part) => [part, DEFAULTS[part]])) : null;
}

/** The question about paths; null while the property that names the steps is not chosen. */
export function pathsInput(state: JourneyState, about: About): PathsInput | null {
  const { node, property, startAt, endAt, exclude, groups, match, fewest, most } = state;
  if (node === 'PROPERTY' && property === null) return null;
  return {
    ...about,
    node,
    ...(node === 'PROPERTY' && { property }),
    ...(startAt !== null && { startAt }),
    ...(endAt !== null && { endAt }),
    maxSteps: state.steps,
    maxEdges: state.edges,
    sessionGap: state.gap,
    ...(exclude.length > 0 && { exclude }),
    ...(groups.length > 0 && { groups }),
    ...(match && { match: matchInput(match) }),
    ...(fewest !== null && { minPaths: fewest }),
    ...(most !== null && { maxPaths: most }),
  };
}

/** The question about credit. */
export function attributionInput(state: JourneyState, conversion: Match, about: About): AttributionInput {
  return {
    conversion: matchInput(conversion),
    ...(state.touchpoints && { touchpoints: matchInput(state.touchpoints) }),
    by: state.by,
    models: state.models,
    lookback: state.lookback,
    ...about,
  };
}
