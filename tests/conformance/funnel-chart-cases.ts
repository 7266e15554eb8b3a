/** Trends and times to convert compared with what a case states. */
import type { ConformanceCase } from './case.ts';
import { ids, isNear, isSame } from './funnel-step-cases.ts';
import { compareNames, expectedName, groupName } from './group-names.ts';
import type { NamesExpectation } from './group-names.ts';

interface Point {
  readonly start: string;
  readonly entered: number;
  readonly converted: number;
  readonly rate: number;
  readonly convertedCustomers?: { readonly nodes: readonly { readonly id: string }[] };
  readonly droppedCustomers?: { readonly nodes: readonly { readonly id: string }[] };
}

interface RowExpectation {
  readonly date?: string;
  readonly entered?: number;
  readonly converted?: number;
  /** Percent. */
  readonly rate?: number;
  readonly convertedCustomers?: readonly string[];
  readonly droppedCustomers?: readonly string[];
}

interface RowsExpectation {
  /** All rows in order; null: not asserted. */
  readonly rows?: readonly (RowExpectation | null)[];
  readonly rowsAt?: readonly RowExpectation[];
  readonly rowCount?: number;
}

interface TrendExpectation extends RowsExpectation, NamesExpectation {
  readonly groups?: readonly ({ readonly value: string | readonly string[] } & RowsExpectation)[];
}

interface TrendSeries {
  readonly values: readonly string[];
  readonly isOther: boolean;
  readonly trend: readonly Point[];
}

export function compareTrend(testCase: ConformanceCase, funnel: Record<string, unknown>): readonly string[] {
  const expected = testCase.expect as TrendExpectation;
  const points = (funnel['trend'] ?? []) as readonly Point[];
  const problems = [...compareSeries(expected, points, 'trend')];
  const series = (funnel['breakdown'] ?? []) as readonly TrendSeries[];
  const listed = expected.groups ?? [];
  const names = series.map(groupName);
  const isEmpty = ({ rows, rowsAt }: RowsExpectation): boolean =>
    ![...(rows ?? []), ...(rowsAt ?? [])].some((row) => row?.entered || row?.converted);
  const empty = listed.filter(isEmpty).map(({ value }) => expectedName(value));
  problems.push(...compareNames(expected, names, empty));
  for (const group of listed) {
    const name = expectedName(group.value);
    const found = series.find((one) => groupName(one) === name);
    if (found) problems.push(...compareSeries(group, found.trend, name));
    else if (!isEmpty(group)) problems.push(`expected a group ${name}, got ${names.join(', ')}`);
  }
  return problems;
}

function compareSeries(
  expected: RowsExpectation,
  points: readonly Point[],
  label: string,
): readonly string[] {
  const problems: string[] = [];
  if (expected.rows) problems.push(...compareRows(expected.rows, points, label));
  if (expected.rowCount !== undefined && points.length !== expected.rowCount) {
    problems.push(`${label}: expected ${expected.rowCount} rows, got ${points.length}`);
  }
  for (const row of expected.rowsAt ?? []) {
    const at = points.filter((point) => isAt(point, row.date));
    problems.push(...compareRows([row], at, label));
  }
  return problems;
}

function compareRows(
  rows: readonly (RowExpectation | null)[],
  points: readonly Point[],
  label: string,
): readonly string[] {
  if (rows.length !== points.length) return [`${label}: expected ${rows.length} rows, got ${points.length}`];
  return rows.flatMap((row, i) => {
    const point = points[i] as Point;
    if (!row) return [];
    const at = `${label} ${point.start}`;
    const problems: string[] = [];
    const note = (what: string, want: unknown, got: unknown): void => {
      problems.push(`${at} ${what}: expected ${JSON.stringify(want)}, got ${JSON.stringify(got)}`);
    };
    if (row.date !== undefined && !isAt(point, row.date)) note('start', row.date, point.start);
    if (row.entered !== undefined && point.entered !== row.entered)
      note('entered', row.entered, point.entered);
    if (row.converted !== undefined && point.converted !== row.converted) {
      note('converted', row.converted, point.converted);
    }
    if (row.rate !== undefined && !isNear(point.rate * 100, row.rate)) note('rate', row.rate, point.rate);
    for (const key of ['convertedCustomers', 'droppedCustomers'] as const) {
      const want = row[key];
      if (want && !isSame(want, point[key])) note(key, want, ids(point[key]));
    }
    return problems;
  });
}

function isAt(point: Point, date: string | undefined): boolean {
  return date !== undefined && Date.parse(point.start) === Date.parse(date);
}

export function compareTimeToConvert(
  testCase: ConformanceCase,
  funnel: Record<string, unknown>,
): readonly string[] {
  const expected = testCase.expect as {
    readonly bins?: readonly (readonly [number, number])[];
    readonly averageSeconds?: number | null;
  };
  const got = funnel['timeToConvert'] as {
    readonly bins: readonly { readonly from: number; readonly count: number }[];
    readonly average: number | null;
  };
  const problems: string[] = [];
  const bins = got.bins.map(({ from, count }) => [from, count]);
  if (expected.bins && JSON.stringify(expected.bins.map(([a, b]) => [a, b])) !== JSON.stringify(bins)) {
    problems.push(`bins: expected ${JSON.stringify(expected.bins)}, got ${JSON.stringify(bins)}`);
  }
  if (expected.averageSeconds !== undefined && !isNear(got.average, expected.averageSeconds)) {
    problems.push(`average: expected ${expected.averageSeconds}, got ${got.average}`);
  }
  return problems;
}
