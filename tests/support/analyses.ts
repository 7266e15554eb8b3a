/**
 * Every analysis there is, as one line of a table: a question that has an answer on the retail map, and what to
 * ask of the answer. For tests of what must hold for all of them.
 */

export interface Analysis {
  /** The field of Query. */
  readonly field: string;
  readonly inputType: string;
  /** The question without range, `where` and `audience`. */
  readonly input: Readonly<Record<string, unknown>>;
  /** Everything but `meta`. */
  readonly answer: string;
  /** Lists that one number each opens into, up to where `(first: ..., after: ...) { ... }` is to stand. */
  readonly lists: readonly string[];
  readonly takesWhere: boolean;
  /** Whether a filter on traits says the same as `where` and as an audience; not where `where` limits events alone. */
  readonly whereIsAudience: boolean;
}

const buys = { events: ['order_completed'] };
const views = { events: ['product_viewed'] };
const POINTS = 'series { start value }';
const STEPS = 'steps { index customers droppedOff medianSeconds averageSeconds }';
const KPIS =
  'revenue orders averageOrderValue customers newCustomers activeCustomers conversionRate repeatPurchaseRate churnRate';

export const ANALYSES: readonly Analysis[] = [
  {
    field: 'funnel',
    inputType: 'FunnelInput!',
    input: { steps: [{ match: views }, { match: buys }], breakdown: { properties: ['channel'] } },
    answer: `${STEPS} conversionRate breakdown { values ${STEPS} } trend(interval: WEEK) { start entered converted }
      timeToConvert { count average bins { from count } } previous { ${STEPS} }`,
    lists: [
      'steps(index: 1) { reached',
      'steps(index: 1) { dropped',
      'trend(interval: YEAR) { customers(converted: true',
    ],
    takesWhere: true,
    whereIsAudience: true,
  },
  {
    field: 'retention',
    inputType: 'RetentionInput!',
    input: { start: views, return: buys, interval: 'MONTH', periods: 2, measure: 'REVENUE' },
    answer: 'cohorts { start size cells { period customers value lifetimeValue } } average { period rate }',
    lists: ['cohorts(start: "2026-03-01T00:00:00Z") { members'],
    takesWhere: true,
    whereIsAudience: true,
  },
  {
    field: 'lifecycle',
    inputType: 'LifecycleInput!',
    input: { interval: 'MONTH' },
    answer: `stages { stage { key } customers share revenue change } history { at stages { stage customers } }
      transitions { from to customers } growth { start new returning resurrecting dormant }`,
    lists: [
      'stages(key: "prospect") { members',
      'transitions(from: "", to: "prospect") { members',
      'growth { members(status: NEW',
    ],
    takesWhere: true,
    whereIsAudience: false,
  },
  {
    field: 'metric',
    inputType: 'MetricInput!',
    input: { measure: 'EVENTS_PER_CUSTOMER', interval: 'WEEK', breakdown: { properties: ['event'] } },
    answer: `total previous ${POINTS} breakdown { values total ${POINTS} }`,
    lists: [],
    takesWhere: true,
    whereIsAudience: true,
  },
  {
    field: 'overview',
    inputType: 'OverviewInput!',
    input: { interval: 'WEEK' },
    answer: KPIS.split(' ')
      .map((kpi) => `${kpi} { value previous change ${POINTS} }`)
      .join(' '),
    lists: [],
    takesWhere: true,
    whereIsAudience: true,
  },
  {
    field: 'journey',
    inputType: 'JourneyInput!',
    input: {},
    answer: `stages { stage { key } customers events revenue advanceRate channels { name events } }
      flows { from to customers moves }`,
    lists: [
      'stages(key: "consideration") { members',
      'stages(key: "consideration") { stopped',
      'flows(from: "consideration", to: "purchase") { members',
    ],
    takesWhere: true,
    whereIsAudience: true,
  },
  {
    field: 'paths',
    inputType: 'PathsInput!',
    input: { node: 'EVENT', sessionGap: 'P3D' },
    answer: 'nodes { step name paths customers ended } edges { step from to paths customers averageSeconds }',
    lists: ['edges(step: 1, from: "product_viewed", to: "order_completed") { members'],
    takesWhere: true,
    whereIsAudience: true,
  },
  {
    field: 'attribution',
    inputType: 'AttributionInput!',
    input: { conversion: buys, models: ['LINEAR', 'MARKOV'] },
    answer: 'conversions revenue rows { name touches customers credit { model conversions revenue } }',
    lists: [],
    takesWhere: true,
    whereIsAudience: true,
  },
  {
    field: 'rfm',
    inputType: 'RfmInput!',
    input: {},
    answer: 'segments { name customers share revenue } cells { recency frequency customers averageMonetary }',
    lists: ['segments(name: "dormant") { members', 'cells(recency: 1, frequency: 1) { members'],
    takesWhere: false,
    whereIsAudience: false,
  },
];

/** One of `lists` with its first page asked for: ids and how many there are. */
export function openedList(list: string, first: number): string {
  const hasArguments = !list.endsWith(')') && /\([^)]*$/.test(list);
  const opened = hasArguments ? `${list}, first: ${first})` : `${list}(first: ${first})`;
  return `${opened} { totalCount nodes { id } }${' }'.repeat(list.split('{').length - 1)}`;
}
