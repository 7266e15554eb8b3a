// A report's question to the address of the page that asks it, and back again to be sure that it is the very same.
// A question that no page can show wholly has no such address: it opens by itself. Pure.
import type {
  AttributionInput,
  FunnelInput,
  FunnelOrder,
  Interval,
  RangeInput,
  ReportKind,
  RetentionInput,
} from '../api/generated.ts';
import {
  brokenDown,
  checkFunnel,
  DEFAULTS as FUNNEL_DEFAULTS,
  funnelInput,
} from '../pages/funnels/funnel-state.ts';
import { checkCohorts, DEFAULTS as COHORT_DEFAULTS, retentionInput } from '../pages/cohorts/cohort-state.ts';
import {
  attributionInput,
  checkJourney,
  DEFAULTS as JOURNEY_DEFAULTS,
  pathsInput,
} from '../pages/journey/journey-state.ts';
import { audienceInput } from '../selection/audience.ts';
import { breakdownInput } from '../selection/breakdown.ts';
import { filterInput, matchInput } from '../selection/match.ts';
import { audienceFrom, breakdownFrom, conditionsFrom, listOf, matchFrom, rangeParams } from './from-input.ts';
import { asRecord, filledIn, questionText } from './question.ts';
import type { Question } from './question.ts';

/** Of a page's state what is only how it shows its answer, kept with a report beside its question. */
const SHOWN: Partial<Record<ReportKind, readonly string[]>> = {
  FUNNEL: ['series', 'trend', 'times', 'correlate'],
  RETENTION: ['show', 'series'],
  LIFECYCLE: ['history', 'moves', 'groups'],
  PATHS: ['paths'],
  ATTRIBUTION: ['credit'],
};

/** That part of a page's state. */
export function viewOf(kind: ReportKind, state: object): Question {
  return Object.fromEntries(Object.entries(state).filter(([key]) => SHOWN[kind]?.includes(key)));
}

export interface Reopened {
  path: string;
  params: Record<string, string | null>;
}

/** What all pages share, read from a question. */
interface Selected {
  params: Record<string, string | null>;
  input: { range: RangeInput; where?: FunnelInput['where']; audience?: FunnelInput['audience'] };
}

interface Page {
  path: string;
  /** The page's state, and the question that the page would ask with it; null where it cannot. */
  read: (question: Question, selected: Selected, view: Question) => { state: object; asks: object } | null;
  interval?: boolean;
}

const PAGES: Partial<Record<ReportKind, Page>> = {
  FUNNEL: {
    path: '/funnels',
    read(question, { input }) {
      const steps = listOf(question['steps']).map((step) => {
        const match = matchFrom(asRecord(step)['match']);
        const { occurrence, optional } = asRecord(step);
        return match && { ...match, occurrence, optional };
      });
      const exclude = listOf(question['exclude']).map((one) => ({
        ...asRecord(one),
        match: matchFrom(asRecord(one)['match']),
      }));
      const raw = {
        steps,
        exclude,
        order: question['order'] as FunnelOrder,
        window: question['window'],
        hold: listOf(question['holdConstant']),
        breakdown: breakdownFrom(question['breakdown']),
      };
      const state = { ...FUNNEL_DEFAULTS, ...checkFunnel(raw) };
      const asks = funnelInput(state, state.steps ?? [], input, (match) => match.label);
      return { state: raw, asks: state.breakdown ? brokenDown(asks, state.breakdown) : asks };
    },
  },
  RETENTION: {
    path: '/cohorts',
    read(question, { input, params }, view) {
      const start = matchFrom(question['start']);
      const back = question['return'] ? matchFrom(question['return']) : null;
      const byMeasure = { CUSTOMERS: 'rate', EVENTS: 'events', REVENUE: 'revenue' };
      const measure = question['measure'] as keyof typeof byMeasure;
      const fits = { CUSTOMERS: ['rate', 'customers'], EVENTS: ['events'], REVENUE: ['revenue', 'lifetime'] };
      const show = fits[measure].includes(String(view['show'])) ? view['show'] : byMeasure[measure];
      const raw = {
        start,
        back,
        show,
        interval: question['interval'],
        periods: question['periods'] ?? null,
        brackets: listOf(question['brackets']),
        alignment: question['alignment'],
        minimum: question['minimumOccurrences'],
        entry: question['entry'],
        mode: question['mode'],
        breakdown: breakdownFrom(question['breakdown']),
      };
      const state = { ...COHORT_DEFAULTS, ...checkCohorts(raw) };
      if (!start || (question['return'] && !back)) return null;
      const asks: RetentionInput = retentionInput(state, start, input, daysOf(params));
      return { state: raw, asks };
    },
  },
  LIFECYCLE: {
    path: '/lifecycle',
    interval: true,
    read(question, { input }) {
      const activity = matchFrom(question['activity']);
      const breakdown = breakdownFrom(question['breakdown']);
      const interval = question['interval'] as Interval;
      return {
        state: { activity, breakdown },
        asks: {
          ...input,
          interval,
          ...(activity && { activity: matchInput(activity) }),
          ...(breakdown && { breakdown: breakdownInput(breakdown, { touches: true }) }),
        },
      };
    },
  },
  JOURNEY: { path: '/journey', read: (_question, { input }) => ({ state: {}, asks: input }) },
  PATHS: {
    path: '/journey',
    read(question, { input }) {
      const { node, property, startAt, endAt, maxSteps, maxEdges, sessionGap, exclude, groups } = question;
      const raw = {
        ...{ node, property, startAt, endAt, steps: maxSteps, edges: maxEdges, gap: sessionGap },
        ...{ exclude: listOf(exclude), groups: listOf(groups) },
      };
      const asks = pathsInput({ ...JOURNEY_DEFAULTS, ...checkJourney(raw) }, input);
      return asks && { state: raw, asks };
    },
  },
  ATTRIBUTION: {
    path: '/journey',
    read(question, { input }) {
      const { by, lookback, models } = question;
      const conversion = matchFrom(question['conversion']);
      if (!conversion) return null;
      const raw = { conversion, by, lookback, models: listOf(models) };
      const state = { ...JOURNEY_DEFAULTS, ...checkJourney(raw) };
      const asks: AttributionInput = attributionInput(state, conversion, input);
      // the order of the models is the page's own
      const sameModels = [...(asks.models ?? [])].sort().join() === listOf(models).map(String).sort().join();
      return { state: raw, asks: sameModels ? { ...asks, models: listOf(models) } : asks };
    },
  },
  OVERVIEW: {
    path: '/overview',
    interval: true,
    read: (question, { input }) => ({ state: {}, asks: { ...input, interval: question['interval'] } }),
  },
  RFM: {
    path: '/customers',
    read: (_question, { input }) => ({ state: { view: 'value' }, asks: justCustomers(input) }),
  },
  CUSTOMERS: {
    path: '/customers',
    read(question, { input }) {
      const { search, orderBy } = question;
      return {
        state: { view: 'list', search: search ?? '', order: orderBy },
        asks: { ...justCustomers(input), ...(search !== '' && { search }), orderBy },
      };
    },
  },
};

const justCustomers = ({ audience }: Selected['input']): object => (audience ? { audience } : {});
/** Questions about customers alone have no range: any will do to read the rest. */
const ANY_RANGE = { last: 'P30D' };

/** The address of the page that asks the very question; null where no page can. */
export function reopened(
  kind: ReportKind,
  asked: unknown,
  view: unknown,
  storeZone: string,
): Reopened | null {
  const page = PAGES[kind];
  if (!page) return null;
  const question = filledIn(kind, asked);
  const isRanged = kind !== 'RFM' && kind !== 'CUSTOMERS';
  const selected = selectedOf({ ...(isRanged ? {} : { range: ANY_RANGE }), ...question }, storeZone);
  const read = selected && page.read(question, selected, asRecord(view));
  if (!read || questionText(kind, read.asks) !== questionText(kind, asked)) return null;
  const state = { ...viewOf(kind, asRecord(view)), ...read.state };
  const range = isRanged
    ? selected.params
    : { ...selected.params, range: null, from: null, to: null, tz: null };
  const by = page.interval ? String(question['interval']).toLowerCase() : null;
  if (by === 'year') return null;
  return {
    path: page.path,
    params: { ...range, by, q: Object.keys(state).length ? JSON.stringify(state) : null },
  };
}

function selectedOf({ range, where, audience }: Question, storeZone: string): Selected | null {
  const params = rangeParams(range, storeZone);
  const conditions = conditionsFrom(where);
  const who = audienceFrom(audience);
  if (!params || !who || !conditions?.every(({ of }) => of === 'EVENT')) return null;
  const bar = [...conditions, ...who.traits];
  const isEverybody = !who.audience.saved && who.audience.stages.length + who.audience.did.length === 0;
  const events = filterInput(conditions);
  const customers = audienceInput(who.audience, filterInput(who.traits));
  return {
    params: {
      ...params,
      where: bar.length ? JSON.stringify(bar) : null,
      who: isEverybody ? null : JSON.stringify(who.audience),
    },
    input: {
      range: asRecord(range) as RangeInput,
      ...(events && { where: events }),
      ...(customers && { audience: customers }),
    },
  };
}

const PRESET_DAYS: Readonly<Record<string, number>> = { '7d': 7, '30d': 30, '90d': 90, '12m': 365 };

/** Length of the range in days, as the page counts it. */
function daysOf({ range, from, to }: Record<string, string | null>): number {
  if (range) return PRESET_DAYS[range] ?? 30;
  return Math.round((Date.parse(to ?? '') - Date.parse(from ?? '')) / 86_400_000) + 1;
}

/** True where both show an answer alike; what one of them does not speak of is left to the other. */
export function sameView(kept: unknown, shown: Question): boolean {
  const before = asRecord(kept);
  return Object.entries(shown).every(
    ([key, value]) => !(key in before) || JSON.stringify(before[key]) === JSON.stringify(value),
  );
}
