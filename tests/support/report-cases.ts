/** A report of each kind, and each of its tables: what its rows are in the API's answer to the same question. */

export type Values = Record<string, unknown>;

export const range = { from: '2026-03-01T00:00:00Z', to: '2026-04-01T00:00:00Z' };
const orders = { events: ['order_completed'] };
const steps = [{ match: { events: ['product_viewed'] } }, { match: orders }];
const breakdown = { properties: ['channel', 'shop'], limit: 1 };
export const FORMULA = '=HYPERLINK("http://evil.example","x")';

/** Each kind of report, each of its tables: what its rows are in the answer to the same question. */
export interface ReportCase {
  readonly kind: string;
  readonly input: object;
  readonly part?: string;
  readonly asked: string;
  readonly rows: (answer: never) => readonly Values[];
}
interface List {
  readonly [name: string]: readonly Values[];
}
const POINTS = 'series { start value complete }';
const STEPS =
  'steps { index label customers rate rateFromPrevious droppedOff medianSeconds averageSeconds p90Seconds }';
const CELLS = 'cohorts { start size cells { period customers rate value lifetimeValue complete } }';
const KPIS =
  'revenue orders averageOrderValue customers newCustomers activeCustomers conversionRate repeatPurchaseRate churnRate';
const lifecycle = { range, interval: 'WEEK', at: range.to };
const flat = (list: readonly Values[], inner: string): Values[] =>
  list.flatMap(({ [inner]: within, ...outer }) =>
    (within as Values[]).map((entry) => ({ ...outer, ...entry })),
  );
const groups = (list: readonly Values[], inner: string): Values[] =>
  flat(list, inner).map(({ values, ...rest }) => {
    const [channel = null, shop = null] = values as string[];
    return { breakdown_channel: channel, breakdown_shop: shop, ...rest };
  });
const named = (list: readonly Values[]): Values[] =>
  list.map(({ stage, ...rest }) => {
    const { key, name } = stage as Values;
    return { stage: key, name, ...rest };
  });

export const CASES: Record<string, ReportCase> = {
  funnel: { kind: 'FUNNEL', input: { steps, range }, asked: STEPS, rows: ({ steps: of }: List) => of ?? [] },
  'funnel by value': {
    kind: 'FUNNEL',
    input: { steps, range, breakdown },
    asked: `breakdown { values isOther ${STEPS} }`,
    rows: ({ breakdown: of = [] }: List) => groups(of, 'steps'),
  },
  retention: {
    kind: 'RETENTION',
    input: { start: orders, range, interval: 'WEEK', periods: 3, measure: 'REVENUE' },
    asked: CELLS,
    rows: ({ cohorts = [] }: List) => flat(cohorts, 'cells'),
  },
  'retention by value': {
    kind: 'RETENTION',
    input: { start: orders, range, interval: 'WEEK', periods: 1, breakdown },
    part: 'average',
    asked: 'breakdown { values isOther average { period rate low high value } }',
    rows: ({ breakdown: of = [] }: List) => groups(of, 'average'),
  },
  lifecycle: {
    kind: 'LIFECYCLE',
    input: lifecycle,
    asked: 'stages { stage { key name } customers share revenue change }',
    rows: ({ stages = [] }: List) => named(stages),
  },
  'lifecycle by value': {
    kind: 'LIFECYCLE',
    input: { ...lifecycle, breakdown },
    asked: 'breakdown { values isOther stages { stage { key name } customers share revenue change } }',
    rows: ({ breakdown: of = [] }: List) =>
      groups(of, 'stages').map(({ stage, customers, share, revenue, change, ...rest }) => {
        const { key, name } = stage as Values;
        return { ...rest, stage: key, name, customers, share, revenue, change };
      }),
  },
  'lifecycle over time': {
    kind: 'LIFECYCLE',
    input: lifecycle,
    part: 'history',
    asked: 'history { at stages { stage customers } }',
    rows: ({ history = [] }: List) => flat(history, 'stages'),
  },
  'lifecycle moves': {
    kind: 'LIFECYCLE',
    input: lifecycle,
    part: 'transitions',
    asked: 'transitions { from to customers }',
    rows: ({ transitions = [] }: List) => transitions,
  },
  'lifecycle growth': {
    kind: 'LIFECYCLE',
    input: lifecycle,
    part: 'growth',
    asked: 'growth { start new returning resurrecting dormant complete }',
    rows: ({ growth = [] }: List) => growth,
  },
  journey: {
    kind: 'JOURNEY',
    input: { range },
    asked: 'stages { stage { key name } customers events revenue advanceRate medianSecondsToAdvance }',
    rows: ({ stages = [] }: List) => named(stages),
  },
  'journey flows': {
    kind: 'JOURNEY',
    input: { range },
    part: 'flows',
    asked: 'flows { from to customers moves medianSeconds }',
    rows: ({ flows = [] }: List) => flows,
  },
  paths: {
    kind: 'PATHS',
    input: { range, node: 'EVENT', sessionGap: 'P3D' },
    asked: 'edges { step from to paths customers averageSeconds medianSeconds }',
    rows: ({ edges = [] }: List) => edges,
  },
  'paths nodes': {
    kind: 'PATHS',
    input: { range, node: 'EVENT', sessionGap: 'P3D' },
    part: 'nodes',
    asked: 'nodes { step name isOther paths customers ended }',
    rows: ({ nodes = [] }: List) => nodes,
  },
  attribution: {
    kind: 'ATTRIBUTION',
    input: { conversion: orders, range, models: ['LINEAR', 'MARKOV'] },
    asked: 'rows { name touches customers credit { model conversions revenue share } }',
    rows: ({ rows = [] }: List) => flat(rows, 'credit'),
  },
  overview: {
    kind: 'OVERVIEW',
    input: { range },
    asked: KPIS.replaceAll(/\w+/g, '$& { value previous change }'),
    rows: (answer: Values) => KPIS.split(' ').map((kpi) => ({ kpi, ...(answer[kpi] as Values) })),
  },
  'overview over time': {
    kind: 'OVERVIEW',
    input: { range, interval: 'WEEK' },
    part: 'series',
    asked: KPIS.replaceAll(/\w+/g, `$& { ${POINTS} }`),
    rows: (answer: Values) =>
      KPIS.split(' ').flatMap((kpi) => flat([{ kpi, ...(answer[kpi] as Values) }], 'series')),
  },
  metric: {
    kind: 'METRIC',
    input: { measure: 'REVENUE', range },
    asked: POINTS,
    rows: ({ series = [] }: List) => series,
  },
  'metric by value': {
    kind: 'METRIC',
    input: { measure: 'AVERAGE_ORDER_VALUE', range, interval: 'WEEK', breakdown },
    asked: `breakdown { values isOther ${POINTS} }`,
    rows: ({ breakdown: of = [] }: List) => groups(of, 'series'),
  },
  rfm: {
    kind: 'RFM',
    input: { at: range.to },
    asked: 'segments { name customers share revenue }',
    rows: ({ segments = [] }: List) => segments,
  },
  'rfm cells': {
    kind: 'RFM',
    input: { at: range.to },
    part: 'cells',
    asked: 'cells { recency frequency customers averageMonetary }',
    rows: ({ cells = [] }: List) => cells,
  },
  customers: {
    kind: 'CUSTOMERS',
    input: { orderBy: 'REVENUE' },
    asked: 'nodes { id lifecycleStage { key } orders revenue firstSeen lastSeen traits }',
    rows: ({ nodes = [] }: List) =>
      nodes.map(({ lifecycleStage, ...rest }) => ({
        ...rest,
        lifecycleStage: (lifecycleStage as Values)['key'],
      })),
  },
};
