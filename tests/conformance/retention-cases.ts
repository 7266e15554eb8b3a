/**
 * Retention cases as GraphQL: how each is asked, and what differs from what it expects. Renames and compares;
 * computes nothing.
 */
import type { ConformanceCase } from './case.ts';
import { compareNames, expectedName, groupName } from './group-names.ts';
import type { NamesExpectation } from './group-names.ts';
import { filtersOf, matchOf } from './selectors.ts';
import type { Condition, Selector } from './selectors.ts';

interface RetentionCaseQuery {
  readonly period: string;
  readonly periods?: number;
  readonly startEvent: Selector;
  readonly returnEvent: Selector;
  readonly mode?: string;
  readonly cumulative?: boolean;
  readonly minimumOccurrences?: number;
  readonly brackets?: readonly number[];
  readonly windowMode?: string;
  readonly weekStart?: string;
  readonly filters?: readonly Condition[];
  readonly breakdown?: {
    readonly property: string | readonly string[];
    readonly scope?: string;
    readonly limit?: number;
  };
  readonly from: string;
  readonly to: string;
}

type Matrix = readonly (readonly (number | null)[] | null)[];

/** Of one property, or of several. */
type Value = string | readonly string[];

interface RetentionExpectation extends NamesExpectation {
  readonly rows?: Matrix;
  readonly rowCount?: number;
  readonly dates?: readonly string[];
  readonly groups?: readonly { readonly value: Value; readonly rows: Matrix }[];
  readonly customersInCell?: readonly {
    readonly row: number;
    readonly column: number;
    readonly customers: readonly string[];
  }[];
  readonly appearances?: readonly {
    readonly row: number;
    readonly customer: string;
    readonly columns: readonly number[];
  }[];
}

interface Cohort {
  readonly start: string;
  readonly size: number;
  readonly cells: readonly {
    readonly customers: number;
    readonly returned?: { readonly nodes: readonly { readonly id: string }[] };
  }[];
}

interface Series {
  readonly values: readonly string[];
  readonly isOther: boolean;
  readonly cohorts: readonly Cohort[];
}

export function toOperation(testCase: ConformanceCase): { document: string; variables: object } {
  const query = testCase.query as unknown as RetentionCaseQuery;
  const { customersInCell, appearances } = testCase.expect as RetentionExpectation;
  const people = customersInCell || appearances ? 'returned(first: 1000) { nodes { id } }' : '';
  const cohorts = `cohorts { start size cells { customers ${people} } }`;
  const breakdown = query.breakdown ? `breakdown { values isOther ${cohorts} }` : '';
  return {
    document: `query ($input: RetentionInput!) { retention(input: $input) { ${cohorts} ${breakdown} } }`,
    variables: { input: inputOf(query, testCase.timezone ?? 'UTC') },
  };
}

function inputOf(query: RetentionCaseQuery, timeZone: string): object {
  return {
    start: matchOf(query.startEvent),
    return: matchOf(query.returnEvent),
    range: { from: query.from, to: query.to, timeZone, weekStart: query.weekStart ?? 'SUNDAY' },
    interval: query.period,
    periods: (query.periods ?? 1000) - 1,
    entry: query.mode ?? 'RECURRING',
    mode: query.cumulative ? 'ON_OR_AFTER' : 'ON',
    ...(query.minimumOccurrences ? { minimumOccurrences: query.minimumOccurrences } : {}),
    ...(query.brackets?.length ? { brackets: query.brackets } : {}),
    ...(query.windowMode ? { alignment: query.windowMode } : {}),
    ...(query.filters?.length ? { where: filtersOf(query.filters) } : {}),
    ...(query.breakdown ? { breakdown: breakdownOf(query.breakdown) } : {}),
  };
}

/** Without a limit every value stands apart in the cases. */
function breakdownOf({ property, scope, limit = 100 }: NonNullable<RetentionCaseQuery['breakdown']>): object {
  return { properties: [property].flat(), of: scope === 'customer' ? 'CUSTOMER' : 'EVENT', limit };
}

/** What differs; empty when the case holds. */
export function compare(testCase: ConformanceCase, data: Record<string, unknown>): readonly string[] {
  const expected = testCase.expect as RetentionExpectation;
  const answer = data['retention'] as { cohorts: readonly Cohort[]; breakdown?: readonly Series[] };
  const { cohorts, breakdown = [] } = answer;
  const groups = new Map(breakdown.map((s) => [groupName(s), s.cohorts]));
  const isEmpty = (rows: Matrix): boolean => !rows.flat().some((count) => count);
  const empty = (expected.groups ?? [])
    .filter(({ rows }) => isEmpty(rows))
    .map(({ value }) => expectedName(value));
  const dates = cohorts.map((cohort) => cohort.start.replace('.000Z', 'Z'));
  return [
    ...differences('rows', cohorts, expected.rows ?? []),
    ...unequal('rowCount', cohorts.length, expected.rowCount),
    ...unequal(
      'dates',
      dates,
      expected.dates?.map((date) => date.replace('.000Z', 'Z')),
    ),
    ...(expected.groups ?? []).flatMap(({ value, rows }) =>
      differences(expectedName(value), groups.get(expectedName(value)) ?? [], rows),
    ),
    ...compareNames(expected, [...groups.keys()], empty),
    ...(expected.customersInCell ?? []).flatMap(({ row, column, customers }) =>
      unequal(`cell ${row},${column}`, returned(cohorts, row, column), customers.map(String).sort()),
    ),
    ...(expected.appearances ?? []).flatMap(({ row, customer, columns }) => {
      const found = columns.map((_, column) =>
        returned(cohorts, row, column).includes(String(customer)) ? 1 : 0,
      );
      return unequal(`appearances of ${customer}`, found, columns);
    }),
  ];
}

function returned(cohorts: readonly Cohort[], row: number, column: number): readonly string[] {
  return (cohorts[row]?.cells[column]?.returned?.nodes ?? []).map((node) => node.id).sort();
}

/**
 * Only what is expected is compared: the leading part of the matrix, without its nulls. A group of zeros may be
 * absent, and so may the zero of a bracket that begins after the range.
 */
function differences(label: string, cohorts: readonly Cohort[], rows: Matrix): readonly string[] {
  return rows.flatMap((row, i) => {
    const found = cohorts[i]?.cells.map((cell) => cell.customers);
    const isEqual = (row ?? []).every((value, j) => value === null || (found?.[j] ?? 0) === value);
    return isEqual ? [] : [`${label} ${i}: ${JSON.stringify(found)}, not ${JSON.stringify(row)}`];
  });
}

function unequal(label: string, found: unknown, expected: unknown): readonly string[] {
  if (expected === undefined || JSON.stringify(found) === JSON.stringify(expected)) return [];
  return [`${label}: ${JSON.stringify(found)}, not ${JSON.stringify(expected)}`];
}
