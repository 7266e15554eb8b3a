/**
 * How a metric is kept up to date: each measure is read off what is counted of some facts by stretch of time. Pure;
 * undefined where only running the statement again is exact. Breakdowns are always run again.
 */
import type { CompileScope } from '../../query/events.ts';
import {
  edgesOf,
  eventFacts,
  HAS_REVENUE,
  IS_ORDER,
  isKept,
  saleFacts,
  sessionFacts,
  sightingFacts,
} from '../../query/figure-facts.ts';
import type { Selected } from '../../query/figure-facts.ts';
import { clockOf } from '../../query/interval-clock.ts';
import type { FactsQuery, Kept, Totals } from '../../query/kept.ts';
import { StretchTally } from '../../query/stretch-tally.ts';
import type { Figures } from '../../query/stretch-tally.ts';
import type { Measure, MetricQuery } from './metric.query.ts';
import { PREVIOUS } from './metric.rows.ts';
import type { MetricRow } from './metric.rows.ts';

type Quotient = Pick<MetricRow, 'numerator' | 'denominator'>;

/** What a measure is counted of, and how it is read off. */
interface Reading {
  readonly facts: (selected: Selected, scope: CompileScope) => FactsQuery;
  /** Bits that the kinds of facts must have. */
  readonly kinds?: number;
  readonly read: (figures: Figures) => Quotient;
}

const whole = (numerator: string | number): Quotient => ({ numerator: String(numerator), denominator: 1 });

const READINGS: Record<Measure, Reading> = {
  EVENTS: { facts: eventFacts, read: ({ facts }) => whole(facts) },
  CUSTOMERS: { facts: sightingFacts, read: ({ customers }) => whole(customers) },
  SESSIONS: { facts: sessionFacts, read: ({ keys }) => whole(keys) },
  ORDERS: { facts: saleFacts, kinds: IS_ORDER, read: ({ keys }) => whole(keys) },
  REVENUE: { facts: saleFacts, kinds: HAS_REVENUE, read: ({ amount }) => whole(amount) },
  AVERAGE_ORDER_VALUE: {
    facts: saleFacts,
    kinds: IS_ORDER,
    read: ({ amount, keys }) => ({ numerator: amount, denominator: String(keys) }),
  },
  EVENTS_PER_CUSTOMER: {
    facts: eventFacts,
    read: ({ facts, customers }) => ({ numerator: String(facts), denominator: String(customers) }),
  },
};

export function keptMetric(query: MetricQuery, scope: CompileScope): Kept<MetricRow> | undefined {
  if (!isKept(query, query.audience)) return undefined;
  const { intervals, range, measure } = query;
  const reading = READINGS[measure];
  const facts = reading.facts(query, scope);
  return {
    facts,
    shape: JSON.stringify(['metric', measure, intervals.interval, range.timeZone, range.weekStart]),
    edges: edgesOf(query),
    open: () => metricTotals(query, reading, facts.width),
  };
}

function metricTotals(query: MetricQuery, { kinds = 0, read }: Reading, width: 1 | 2 | 3): Totals<MetricRow> {
  const counts = (kind: number): boolean => (kind & kinds) === kinds;
  const tally = new StretchTally({ clock: clockOf(query), width, ...(kinds === 0 ? {} : { counts }) });
  return {
    count(facts, edges, weight) {
      tally.count(facts, edges, weight);
    },
    until(facts, edges, out) {
      tally.until(facts, edges, out);
    },
    rows(edges) {
      const [total, previous] = [tally.total(), tally.previous()];
      const rows: MetricRow[] = tally
        .intervals(edges)
        .map(({ position, of }) => ({ is_previous: 0, is_total: 0, position, ...read(of) }));
      if (total) rows.push({ is_previous: 0, is_total: 1, position: 0, ...read(total) });
      if (previous) {
        rows.push({ is_previous: 1, is_total: 0, position: PREVIOUS, ...read(previous) });
        rows.push({ is_previous: 1, is_total: 1, position: 0, ...read(previous) });
      }
      return rows;
    },
  };
}
