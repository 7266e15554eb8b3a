/**
 * Funnel cases as operations of the public API, and what they expect compared with its answer. Pure: writes
 * no number of its own.
 */
import type { ConformanceCase } from './case.ts';
import { compareTimeToConvert, compareTrend } from './funnel-chart-cases.ts';
import { compareSteps } from './funnel-step-cases.ts';
import type { StepAnswer, StepsExpectation } from './funnel-step-cases.ts';
import { compareNames, expectedName, groupName } from './group-names.ts';
import type { NamesExpectation } from './group-names.ts';
import { filtersOf, matchOf } from './selectors.ts';
import type { Condition, Selector } from './selectors.ts';

export interface FunnelCaseQuery {
  readonly kind: 'funnel' | 'funnelTrend' | 'timeToConvert';
  readonly steps: readonly (Selector & { readonly optional?: boolean; readonly occurrence?: string })[];
  readonly order?: string;
  readonly window: { readonly value: number; readonly unit: string };
  readonly from: string;
  readonly to: string;
  readonly filters?: readonly Condition[] | null;
  readonly exclusions?: readonly (Selector & { readonly fromStep: number; readonly toStep: number })[] | null;
  readonly breakdown?: {
    readonly property: string | readonly string[];
    readonly scope?: 'event' | 'customer';
    readonly attribution?: string;
    readonly attributionStep?: number;
    readonly limit?: number;
  };
  readonly interval?: string;
  readonly weekStart?: string;
  readonly fromStep?: number;
  readonly toStep?: number;
  readonly binCount?: number;
}

/** What the API allows. */
const MOST_GROUPS = 100;

const STEPS = 'steps { customers averageSeconds medianSeconds PEOPLE }';
const PEOPLE =
  'reached(first: 1000) { totalCount nodes { id } } dropped(first: 1000) { totalCount nodes { id } }';
const POINTS = `trend(interval: $interval, fromStep: $fromStep, toStep: $toStep) { start entered converted rate CUSTOMERS }`;
const CUSTOMERS =
  'convertedCustomers: customers(converted: true, first: 1000) { nodes { id } } droppedCustomers: customers(converted: false, first: 1000) { nodes { id } }';
const BINS = `timeToConvert(fromStep: $fromStep, toStep: $toStep, bins: $bins) { bins { from count } average count }`;

export function toOperation(testCase: ConformanceCase): {
  readonly document: string;
  readonly variables: object;
} {
  const query = testCase.query as unknown as FunnelCaseQuery;
  const input = funnelInput(query, testCase.timezone ?? 'UTC');
  const { fromStep, toStep, binCount: bins, interval } = query;
  // People only where the case names some: lists cost statements of their own.
  const expected = JSON.stringify(testCase.expect);
  const part = (text: string): string =>
    text
      .replace('PEOPLE', /AtStep|BeforeStep/.test(expected) ? PEOPLE : '')
      .replace('CUSTOMERS', /Customers"/.test(expected) ? CUSTOMERS : '');
  const series = (text: string): string => (query.breakdown ? `breakdown { values isOther ${text} }` : text);
  switch (query.kind) {
    case 'funnel':
      return {
        document: `query ($input: FunnelInput!) { funnel(input: $input) { ${series(part(STEPS))} } }`,
        variables: { input },
      };
    case 'funnelTrend':
      return {
        document: `query ($input: FunnelInput!, $interval: Interval!, $fromStep: Int, $toStep: Int) { funnel(input: $input) { ${series(part(POINTS))} } }`,
        variables: { input, interval: interval ?? 'DAY', fromStep: fromStep ?? 0, toStep },
      };
    case 'timeToConvert':
      return {
        document: `query ($input: FunnelInput!, $fromStep: Int, $toStep: Int, $bins: Int) { funnel(input: $input) { ${BINS} } }`,
        variables: { input, fromStep: fromStep ?? 0, toStep, bins },
      };
  }
}

export function compare(testCase: ConformanceCase, data: Record<string, unknown>): readonly string[] {
  const funnel = data['funnel'] as Record<string, unknown>;
  switch ((testCase.query as unknown as FunnelCaseQuery).kind) {
    case 'funnel':
      return funnel['breakdown']
        ? compareGroups(testCase, funnel['breakdown'] as readonly Group[])
        : compareSteps(testCase.expect, funnel['steps'] as readonly StepAnswer[], 'funnel');
    case 'funnelTrend':
      return compareTrend(testCase, funnel);
    case 'timeToConvert':
      return compareTimeToConvert(testCase, funnel);
  }
}

interface Group {
  readonly values: readonly string[];
  readonly isOther: boolean;
  readonly steps: readonly StepAnswer[];
}

interface GroupsExpectation extends NamesExpectation {
  readonly groups?: readonly ({ readonly value: string | readonly string[] } & StepsExpectation)[];
}

function compareGroups(testCase: ConformanceCase, groups: readonly Group[]): readonly string[] {
  const expected = testCase.expect as GroupsExpectation;
  const listed = expected.groups ?? [];
  const got = new Map(groups.map((group) => [groupName(group), group]));
  const isEmpty = (group: StepsExpectation): boolean => !group.steps?.some((step) => step?.count);
  const empty = listed.filter(isEmpty).map(({ value }) => expectedName(value));
  const problems = [...compareNames(expected, [...got.keys()], empty)];
  for (const group of listed) {
    const name = expectedName(group.value);
    const steps = got.get(name)?.steps;
    if (steps) problems.push(...compareSteps(group, steps, name));
    else if (!isEmpty(group)) problems.push(`expected a group ${name}, got ${[...got.keys()].join(', ')}`);
  }
  return problems;
}

function funnelInput(query: FunnelCaseQuery, timeZone: string): object {
  const { breakdown, exclusions, filters } = query;
  return {
    steps: query.steps.map(({ optional, occurrence, ...selector }) => ({
      match: matchOf(selector),
      ...(optional ? { optional } : {}),
      ...(occurrence ? { occurrence } : {}),
    })),
    range: { from: query.from, to: query.to, timeZone, weekStart: query.weekStart ?? 'SUNDAY' },
    window: duration(query.window),
    order: query.order ?? 'ORDERED',
    ...(filters?.length ? { where: filtersOf(filters) } : {}),
    ...(exclusions?.length
      ? {
          exclude: exclusions.map(({ fromStep, toStep, ...selector }) => ({
            match: matchOf(selector),
            fromStep,
            toStep,
          })),
        }
      : {}),
    ...(breakdown ? { breakdown: breakdownInput(breakdown) } : {}),
  };
}

function breakdownInput(breakdown: NonNullable<FunnelCaseQuery['breakdown']>): object {
  const { property, scope, attribution, attributionStep, limit } = breakdown;
  return {
    properties: typeof property === 'string' ? [property] : property,
    of: scope === 'customer' ? 'CUSTOMER' : 'EVENT',
    ...(attribution ? { attribution: attribution === 'ALL' ? 'ALL_STEPS' : attribution } : {}),
    ...(attributionStep === undefined ? {} : { step: attributionStep }),
    // Without one nothing is merged.
    limit: limit ?? MOST_GROUPS,
  };
}

function duration({ value, unit }: FunnelCaseQuery['window']): string {
  return unit === 'SECOND' || unit === 'MINUTE' || unit === 'HOUR'
    ? `PT${value}${unit[0]}`
    : `P${value}${unit[0]}`;
}
