/** What a wall of live queries asks, and how many customers each answer counts: all count who does everything. */
import { FUNNELS, ORDER } from './questions.ts';

export interface LiveQuestion {
  readonly name: string;
  /** What follows `query` or `subscription`: one field, given `$input`. */
  readonly field: string;
  readonly variables: { readonly input: object };
  /** Customers that the answer counts; rises by as many as do everything for the first time. */
  readonly counted: (answer: unknown) => number;
}

const MONTH = { last: 'P30D' };
const WEEK = { last: 'P7D' };

interface Kpis {
  readonly [kpi: string]: { readonly value: number };
}

interface Steps {
  readonly steps: readonly { readonly customers: number }[];
}

function overview(name: string, kpi: string, rest: string, input: object = {}): LiveQuestion {
  return {
    name,
    field: `($input: OverviewInput!) { overview(input: $input) { ${kpi} { value } ${rest} } }`,
    variables: { input: { range: MONTH, ...input } },
    counted: (answer) => (answer as Kpis)[kpi]?.value ?? NaN,
  };
}

function funnel(name: string, steps: readonly string[], range: object, rest = ''): LiveQuestion {
  return {
    name,
    field: `($input: FunnelInput!) { funnel(input: $input) { steps { customers medianSeconds } ${rest} } }`,
    variables: {
      input: { steps: steps.map((event) => ({ match: { events: [event] } })), range, window: 'P7D' },
    },
    counted: (answer) => (answer as Steps).steps.at(-1)?.customers ?? NaN,
  };
}

function retention(name: string, returns: object, range: object, interval: string): LiveQuestion {
  return {
    name,
    field: `($input: RetentionInput!) { retention(input: $input) { cohorts { start size cells { period customers } } } }`,
    variables: { input: { start: { events: [ORDER] }, return: returns, range, interval, periods: 8 } },
    counted: (answer) => {
      const { cohorts } = answer as { readonly cohorts: readonly { readonly size: number }[] };
      return cohorts.reduce((sum, { size }) => sum + size, 0);
    },
  };
}

export const LIVE_QUESTIONS: readonly LiveQuestion[] = [
  overview('overview: activity', 'activeCustomers', ''),
  overview(
    'overview: sales by day',
    'customers',
    'revenue { value series { start value } } orders { value }',
  ),
  overview('overview: new customers', 'newCustomers', 'averageOrderValue { value }'),
  overview('overview: activity by hour', 'activeCustomers', 'orders { series { value } }', {
    range: WEEK,
    interval: 'HOUR',
  }),
  {
    name: 'metric: customers who order',
    field: '($input: MetricInput!) { metric(input: $input) { total series { start value } } }',
    variables: { input: { measure: 'CUSTOMERS', match: { events: [ORDER] }, range: MONTH } },
    counted: (answer) => (answer as { readonly total: number }).total,
  },
  funnel('funnel of 3 steps', FUNNELS[3], MONTH),
  funnel('funnel of 4 steps', ['product_viewed', 'product_added', 'checkout_started', ORDER], MONTH),
  funnel('funnel of 6 steps', FUNNELS[6], MONTH),
  funnel('funnel of 3 steps by day', FUNNELS[3], WEEK, 'trend(interval: DAY) { start entered converted }'),
  retention('retention by week', {}, { last: 'P56D' }, 'WEEK'),
  retention('retention by month', { events: [ORDER] }, { from: '2025-09-01T00:00:00Z' }, 'MONTH'),
  {
    name: 'lifecycle stages',
    field: '($input: LifecycleInput!) { lifecycle(input: $input) { stages { stage { key } customers } } }',
    variables: { input: {} },
    counted: (answer) => {
      const { stages } = answer as { readonly stages: readonly { readonly customers: number }[] };
      return stages.reduce((sum, { customers }) => sum + customers, 0);
    },
  },
];
