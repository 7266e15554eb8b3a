/**
 * Growth cases as GraphQL: how each is asked, and what differs from what it expects. Renames and compares;
 * computes nothing.
 */
import type { ConformanceCase } from './case.ts';
import { filtersOf, matchOf } from './selectors.ts';
import type { Condition, Selector } from './selectors.ts';

const STATUSES = ['new', 'returning', 'resurrecting', 'dormant'] as const;
type Status = (typeof STATUSES)[number];

interface GrowthCaseQuery {
  readonly event?: string | null;
  readonly select?: Selector;
  readonly interval: string;
  readonly weekStart?: string;
  readonly filters?: readonly Condition[];
  readonly from: string;
  readonly to: string;
}

type GrowthExpectation = Partial<Record<Status, readonly (number | null)[]>> & {
  readonly dates?: readonly string[];
  readonly customers?: readonly {
    readonly date: string;
    readonly status: Status;
    readonly customers?: readonly string[];
    readonly count?: number;
  }[];
};

type Members = { readonly totalCount: number; readonly nodes: readonly { readonly id: string }[] };
type Point = { readonly start: string } & Record<Status, number> & Record<`${Status}Members`, Members>;

export function toOperation(testCase: ConformanceCase): { document: string; variables: object } {
  const query = testCase.query as unknown as GrowthCaseQuery;
  const members = STATUSES.map(
    (status) =>
      `${status}Members: members(status: ${status.toUpperCase()}, first: 1000) { totalCount nodes { id } }`,
  );
  const people = (testCase.expect as GrowthExpectation).customers?.length ? members.join(' ') : '';
  return {
    document: `query ($input: LifecycleInput!) { lifecycle(input: $input) { growth { start ${STATUSES.join(' ')} ${people} } } }`,
    variables: { input: inputOf(query, testCase.timezone ?? 'UTC') },
  };
}

function inputOf(query: GrowthCaseQuery, timeZone: string): object {
  return {
    activity: matchOf(query.select ?? { event: query.event ?? null }),
    range: { from: query.from, to: query.to, timeZone, weekStart: query.weekStart ?? 'SUNDAY' },
    interval: query.interval,
    ...(query.filters?.length ? { where: filtersOf(query.filters) } : {}),
  };
}

/** What differs; empty when the case holds. */
export function compare(testCase: ConformanceCase, data: Record<string, unknown>): readonly string[] {
  const { dates, customers = [], ...expected } = testCase.expect as GrowthExpectation;
  const points = (data['lifecycle'] as { growth: readonly Point[] }).growth;
  const found = points.map(({ start }) => start.replace('.000Z', 'Z'));
  return [
    ...unequal('dates', found, dates),
    ...STATUSES.flatMap((status) =>
      unequal(
        status,
        // What is null is not asserted.
        points.map((point, i) => (expected[status]?.[i] === null ? null : point[status])),
        expected[status],
      ),
    ),
    ...customers.flatMap(({ date, status, customers: wanted, count }) => {
      const members = points[found.indexOf(date)]?.[`${status}Members`];
      const ids = members?.nodes.map(({ id }) => id).sort();
      return [
        ...unequal(`${status} customers on ${date}`, ids, wanted?.map(String).sort()),
        ...unequal(`${status} on ${date}`, members?.totalCount, count),
      ];
    }),
  ];
}

function unequal(label: string, found: unknown, expected: unknown): readonly string[] {
  if (expected === undefined || JSON.stringify(found) === JSON.stringify(expected)) return [];
  return [`${label}: ${JSON.stringify(found)}, not ${JSON.stringify(expected)}`];
}
