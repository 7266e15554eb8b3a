/**
 * Paths cases as GraphQL: how each is asked, and what differs from what it expects. Renames and compares;
 * computes nothing.
 */
import type { ConformanceCase } from './case.ts';
import { filtersOf } from './selectors.ts';
import type { Condition } from './selectors.ts';

interface PathsCaseQuery {
  readonly maxSteps?: number;
  readonly startEvent?: string;
  readonly endEvent?: string;
  readonly include?: readonly ('$pageview' | '$screen' | 'custom')[];
  readonly includeEvents?: readonly string[];
  readonly exclude?: readonly string[];
  readonly groupings?: readonly string[];
  readonly minEdgeCount?: number;
  readonly maxEdgeCount?: number;
  readonly edgeLimit?: number;
  readonly sessionGapSeconds?: number;
  readonly filters?: readonly Condition[];
  readonly from: string;
  readonly to: string;
}

interface ExpectedEdge {
  readonly step: number;
  readonly from: string;
  readonly to: string;
  readonly count: number;
  readonly averageSeconds?: number;
  readonly customers?: readonly string[];
}

interface PathsExpectation {
  readonly edges?: readonly ExpectedEdge[];
  readonly complete?: boolean;
  readonly edgeCount?: number;
  readonly nodes?: readonly {
    readonly step: number;
    readonly node: string;
    readonly into?: number | null;
    readonly onward?: number;
    readonly dropoff?: number;
  }[];
}

interface Edge {
  readonly step: number;
  readonly from: string;
  readonly to: string;
  readonly paths: number;
  readonly averageSeconds: number | null;
  readonly members?: { readonly nodes: readonly { readonly id: string }[] };
}

interface Graph {
  readonly nodes: readonly {
    readonly step: number;
    readonly name: string;
    readonly isOther: boolean;
    readonly paths: number;
    readonly ended: number;
  }[];
  readonly edges: readonly Edge[];
}

/** The source shows addresses as they are; of ours only the path is. */
const PAGE = '$current_url';
const rename = (property: string): string => (property === PAGE ? 'path' : property);

/** The case with the page of a page view in our property for it. */
export function renamed(testCase: ConformanceCase): ConformanceCase {
  return {
    ...testCase,
    events: testCase.events.map(({ properties, ...sent }) => ({
      ...sent,
      properties: Object.fromEntries(
        Object.entries(properties ?? {}).map(([key, value]) => [rename(key), value]),
      ),
    })),
  };
}

export function toOperation(testCase: ConformanceCase): { document: string; variables: object } {
  const query = testCase.query as unknown as PathsCaseQuery;
  const { edges = [] } = testCase.expect as PathsExpectation;
  const members = edges.some((edge) => edge.customers) ? 'members(first: 1000) { nodes { id } }' : '';
  return {
    document: `query ($input: PathsInput!) { paths(input: $input) {
      nodes { step name isOther paths ended } edges { step from to paths averageSeconds ${members} } } }`,
    variables: { input: inputOf(query, testCase.timezone ?? 'UTC') },
  };
}

function inputOf(query: PathsCaseQuery, timeZone: string): object {
  return {
    range: { from: query.from, to: query.to, timeZone },
    maxSteps: query.maxSteps,
    maxEdges: query.edgeLimit,
    minPaths: query.minEdgeCount || undefined,
    maxPaths: query.maxEdgeCount || undefined,
    startAt: query.startEvent || undefined,
    endAt: query.endEvent || undefined,
    groups: query.groupings,
    exclude: query.exclude,
    sessionGap: query.sessionGapSeconds === undefined ? undefined : `PT${query.sessionGapSeconds}S`,
    match: includedOf(query),
    where: query.filters?.length
      ? filtersOf(query.filters.map((filter) => ({ ...filter, property: rename(filter.property) })))
      : undefined,
  };
}

/** Events of one of the kinds, or of one of the names; undefined where all take part. */
function includedOf({ include, includeEvents }: PathsCaseQuery): object | undefined {
  if (!include && !includeEvents) return undefined;
  const views = ['$pageview', '$screen'];
  const kinds = (include ?? []).map((kind) =>
    kind === 'custom'
      ? { where: { not: { property: 'event', op: 'IS', values: views } } }
      : { events: [kind] },
  );
  const names = includeEvents?.length ? [{ events: includeEvents }] : [];
  const all = [...kinds, ...names];
  return all.length > 0 ? { anyOf: all } : { where: { property: 'event', op: 'IS_NOT_SET' } };
}

/** What differs; empty when the case holds. Nodes and edges of the rest are no source's. */
export function compare(testCase: ConformanceCase, data: Record<string, unknown>): readonly string[] {
  const expected = testCase.expect as PathsExpectation;
  const { nodes, edges } = data['paths'] as Graph;
  const named = edges.filter(({ from, to }) => from !== '' && to !== '');
  const count = expected.edgeCount ?? (expected.complete ? (expected.edges ?? []).length : named.length);
  return [
    ...(count === named.length ? [] : [`${named.length} edges, not ${count}: ${JSON.stringify(named)}`]),
    ...(expected.edges ?? []).flatMap((edge) => edgeDifferences(edge, named)),
    ...(expected.nodes ?? []).flatMap(({ step, node, into, onward, dropoff }) => {
      const found = nodes.find((at) => !at.isOther && at.step === step && at.name === node);
      const { paths = 0, ended = 0 } = found ?? {};
      const at = `${step} ${node}`;
      return [
        ...unequal(`${at}: into`, paths, into ?? undefined),
        ...unequal(`${at}: onward`, paths - ended, onward),
        ...unequal(`${at}: dropoff`, ended, dropoff),
      ];
    }),
  ];
}

function edgeDifferences(expected: ExpectedEdge, edges: readonly Edge[]): readonly string[] {
  const { from, to } = expected;
  const label = `${expected.step} ${from} to ${to}`;
  const edge = edges.find((e) => e.step === expected.step && e.from === from && e.to === to);
  if (!edge) return [`${label}: absent from ${JSON.stringify(edges)}`];
  const { averageSeconds } = expected;
  const isNear =
    averageSeconds === undefined ||
    (edge.averageSeconds !== null && Math.abs(edge.averageSeconds - averageSeconds) < 0.011);
  const people = expected.customers?.map(String).sort();
  return [
    ...unequal(label, edge.paths, expected.count),
    ...(isNear ? [] : [`${label}: ${edge.averageSeconds} seconds, not ${averageSeconds}`]),
    ...unequal(`${label}: customers`, edge.members?.nodes.map(({ id }) => id).sort(), people),
  ];
}

function unequal(label: string, found: unknown, expected: unknown): readonly string[] {
  if (expected === undefined || JSON.stringify(found) === JSON.stringify(expected)) return [];
  return [`${label}: ${JSON.stringify(found)}, not ${JSON.stringify(expected)}`];
}
