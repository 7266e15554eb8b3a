// A report's question in one form, so that two can be compared: defaults of the API filled in, what says nothing
// left out. Pure.
import type { ReportKind } from '../api/generated.ts';
import { isRecord } from '../selection/match.ts';

/** A question as JSON. */
export type Question = Record<string, unknown>;

/** What the API takes where a question says nothing. */
const DEFAULTS: Record<ReportKind, Question> = {
  FUNNEL: { window: 'P14D', order: 'ORDERED' },
  RETENTION: {
    interval: 'WEEK',
    periods: 11,
    entry: 'FIRST_TIME',
    mode: 'ON',
    measure: 'CUSTOMERS',
    alignment: 'CALENDAR',
    minimumOccurrences: 1,
  },
  LIFECYCLE: { interval: 'DAY' },
  JOURNEY: {},
  PATHS: { node: 'TOUCHPOINT', maxSteps: 5, maxEdges: 50, sessionGap: 'PT30M' },
  ATTRIBUTION: { by: 'channel', models: ['LAST_TOUCH'], lookback: 'P30D' },
  OVERVIEW: { interval: 'DAY' },
  METRIC: { interval: 'DAY' },
  RFM: {},
  CUSTOMERS: { orderBy: 'LAST_SEEN' },
};

/** The same of the parts of a question; each key means one thing wherever it stands. */
const NESTED: Question = {
  of: 'EVENT',
  op: 'IS',
  optional: false,
  occurrence: 'ANY',
  atLeast: 1,
  attribution: 'FIRST_TOUCH',
  timeZone: 'UTC',
  weekStart: 'MONDAY',
};
const INSTANTS = ['from', 'to', 'at'];
const LISTS = [
  'events',
  'channels',
  'values',
  'all',
  'any',
  'did',
  'didNot',
  'lifecycleStages',
  'properties',
];

export const asRecord = (raw: unknown): Question => (isRecord(raw) ? raw : {});

/** The question with all that the API would fill in. */
export function filledIn(kind: ReportKind, question: unknown): Question {
  const given = Object.entries(asRecord(question)).filter(
    ([, value]) => value !== null && value !== undefined,
  );
  const filled = { ...DEFAULTS[kind], ...Object.fromEntries(given) };
  if (kind === 'RETENTION' && Array.isArray(filled['brackets']) && filled['brackets'].length)
    return { ...filled, periods: undefined };
  return filled;
}

/** Equal texts: the same is asked. */
export function questionText(kind: ReportKind, question: unknown): string {
  return JSON.stringify(plain(filledIn(kind, question), ''));
}

/** Keys in order; without what is empty or says what is said anyway. */
function plain(value: unknown, key: string): unknown {
  if (Array.isArray(value)) return value.map((item) => plain(item, ''));
  if (!isRecord(value)) {
    if (INSTANTS.includes(key) && typeof value === 'string') return Date.parse(value);
    return LISTS.includes(key) ? [value] : value;
  }
  const parts = Object.keys(value)
    .sort()
    .flatMap((name): [string, unknown][] => {
      const part = plain(value[name], name);
      const isNothing =
        part === null ||
        part === undefined ||
        part === NESTED[name] ||
        (Array.isArray(part) ? part.length === 0 : isRecord(part) && Object.keys(part).length === 0);
      return isNothing ? [] : [[name, part]];
    });
  return Object.fromEntries(parts);
}
