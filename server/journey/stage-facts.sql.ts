/**
 * The facts that stages are told from in the program (stage-of.ts), in SQL and of an arriving event: one an event that
 * is (part of) an order, has revenue, or is one of a signal that can still be in one of its windows; and first sight.
 * Knows no stages.
 */
import { arrivedOrder, isMatchOfEventsAlone, isNoFilter, isOfEventsAlone } from '../query/arrived-match.ts';
import type { ArrivedTest } from '../query/arrived-match.ts';
import { knownMatch } from '../query/known-match.ts';
import { customersTable, eventsTable, isOrder, orderKey, revenue } from '../query/events.ts';
import type { CompileScope } from '../query/events.ts';
import { compileFilter } from '../query/filter.ts';
import type { Filter } from '../query/filter.ts';
import { factAt, KINDS } from '../query/kept.ts';
import { wholeOf } from '../query/whole.ts';
import type { CustomerFacts, FactsPart, FactsQuery } from '../query/kept.ts';
import { and, int, join, or, param, sql } from '../query/sql.ts';
import type { Sql } from '../query/sql.ts';
import { planStages } from './conditions.ts';
import type { Signal, StagePlan } from './conditions.ts';
import { FACT_WIDTH, factKinds, KNOWN_BIT } from './fact-kinds.ts';
import type { FactKinds } from './fact-kinds.ts';
import { vocabularyOf } from './map.ts';
import type { JourneyMap } from './map.ts';
import { longest } from './mark-tests.ts';
import { narrowed, signalTest } from './signals.sql.ts';

/** What is to be told from the facts. */
export interface StageFactsFor {
  /** Which events the rules may see. */
  readonly where: Filter;
  /** The earliest instant of which stages are told; stands still or moves forward. */
  readonly earliestMs: number;
  /** Events from here on do not matter yet. */
  readonly untilMs: number;
}

/**
 * Null where facts cannot be kept: rules or `where` ask for traits or for the customer's id, which change for events
 * long past; or too many kinds of event.
 */
export function stageFacts(map: JourneyMap, asked: StageFactsFor, nowMs: number): FactsQuery | null {
  const plan = planStages(map);
  const kinds = factKinds(plan);
  const isOfEventsOnly =
    [asked.where, ...plan.orders].every(isOfEventsAlone) && plan.signals.every(isOfEvents);
  if (!kinds || plan.traits.length > 0 || !isOfEventsOnly) return null;
  const days = horizonDays(plan, nowMs - asked.earliestMs);
  const oldest = plan.signals.map((_, s) => oldestOf(plan, s, nowMs - days * DAY_MS));
  return {
    shape: JSON.stringify(['stages', plan.orders, plan.signals, wordsOf(map), asked.where, days]),
    width: FACT_WIDTH,
    isSet: false,
    sinceMs: -Infinity,
    untilMs: asked.untilMs,
    rows: (scope, part) => rows({ plan, kinds, oldest, where: asked.where }, scope, part),
    ofEvent: isNoFilter(asked.where) ? ofEvent(plan, kinds, oldest, map) : undefined,
  };
}

const DAY_MS = 86_400_000;

/** How far back stages are told, in days: few classes, so that answers about different ranges share their facts. */
const HORIZONS = [100, 400, 1600] as const;

function horizonDays(plan: StagePlan, backMs: number): number {
  const hasLimit = plan.signals.some((_, s) => Number.isFinite(oldestOf(plan, s, 0)));
  return hasLimit ? (HORIZONS.find((days) => days * DAY_MS >= backMs) ?? Infinity) : Infinity;
}

/** Events of the signal matter only after this: they have left all its windows by the horizon. */
function oldestOf(plan: StagePlan, s: number, horizonMs: number): number {
  const windows = plan.tracks.filter(({ signal }) => signal === s).map(({ window }) => window);
  if (plan.looksBack || plan.signals[s]?.kind !== 'match' || windows.includes(null)) return -Infinity;
  return horizonMs - Math.max(...windows.map((window) => (window ? longest(window) : 0)));
}

/** What the map says beside its rules that makes events what they are. */
function wordsOf(map: JourneyMap): object {
  return [map.orderEvents, map.returnEvents, map.stages.map(({ key, events }) => [key, events])];
}

/** What it says of an event stays so. */
function isOfEvents(signal: Signal): boolean {
  if (signal.kind === 'match') return isMatchOfEventsAlone(signal.match);
  return signal.kind !== 'revenue' || isOfEventsAlone(signal.where);
}

interface Kinds {
  readonly plan: StagePlan;
  readonly kinds: FactKinds;
  /** By signal. */
  readonly oldest: readonly number[];
  readonly where: Filter;
}

function rows({ plan, kinds, oldest, where }: Kinds, scope: CompileScope, part: FactsPart): Sql {
  const orders = plan.orders.map((filter, n) => ({
    bit: kinds.orders[n] ?? 0,
    test: narrowed(isOrder(scope.vocabulary), filter),
    since: -Infinity,
  }));
  const signals = plan.signals.flatMap((signal, s) => {
    const test = signalTest(signal, scope);
    return test ? [{ bit: kinds.signals[s] ?? 0, test, since: oldest[s] ?? -Infinity }] : [];
  });
  const all = [...orders, ...signals];
  const kind = [sql`0`, ...all.map(({ bit, test }) => sql`(${test}) * ${int(bit)}`)];
  const relevant = or([
    sql`has_revenue`,
    ...all.map(({ test, since }) => (since > 0 ? and([test, sql`time > ${param.time(since)}`]) : test)),
  ]);
  const events = [...inPart(sql`time`, part), relevant, compileFilter(where)];
  return sql`SELECT customer_key, ${fact(sql`time`, join(kind, sql` + `))} AS fact, ${wholeOf(orderKey)} AS beside_1, reinterpretAsInt64(${revenue}) AS beside_2
FROM ${eventsTable(scope)} WHERE ${and(events)}
UNION ALL
SELECT customer_key, ${fact(sql`first_seen`, int(KNOWN_BIT))}, toInt64(0), toInt64(0)
FROM ${customersTable(scope)} WHERE ${and(inPart(sql`first_seen`, part))}`;
}

function fact(time: Sql, kind: Sql): Sql {
  return sql`toInt64(toUnixTimestamp64Milli(${time}) * ${int(KINDS)} + ${kind})`;
}

function inPart(time: Sql, { sinceMs, untilMs, whose }: FactsPart): readonly Sql[] {
  return [
    ...(sinceMs > 0 ? [sql`${time} >= ${param.time(sinceMs)}`] : []),
    ...(Number.isFinite(untilMs) ? [sql`${time} < ${param.time(untilMs)}`] : []),
    whose,
  ];
}

function ofEvent(
  plan: StagePlan,
  kinds: FactKinds,
  oldest: readonly number[],
  map: JourneyMap,
): FactsQuery['ofEvent'] {
  const vocabulary = vocabularyOf(map);
  const isOne = [
    ...plan.orders.map((filter, n) => {
      const test = isNoFilter(filter) ? arrivedOrder(vocabulary) : null;
      return { bit: kinds.orders[n] ?? 0, test, since: -Infinity };
    }),
    ...plan.signals.flatMap((signal, s) => {
      const told = { bit: kinds.signals[s] ?? 0, since: oldest[s] ?? -Infinity };
      if (signal.kind === 'match') return [{ ...told, test: knownMatch(signal.match, vocabulary) }];
      if (signal.kind !== 'revenue') return [];
      const isPaid: ArrivedTest = ({ hasRevenue }) => hasRevenue;
      return [{ ...told, test: isNoFilter(signal.where) ? isPaid : null }];
    }),
  ];
  const tests = isOne.flatMap(({ bit, test, since }) => (test ? [{ bit, test, since }] : []));
  if (tests.length < isOne.length) return undefined;
  return (event, known, out) => {
    const { timeMs, orderKey: order, amount } = event;
    if (!(firstSight(known) <= timeMs)) out.push(factAt(timeMs, KNOWN_BIT), 0, 0);
    let kind = 0;
    let matters = event.hasRevenue;
    for (const { bit, test, since } of tests) {
      if (!test(event)) continue;
      kind += bit;
      matters ||= timeMs > since;
    }
    if (matters) out.push(factAt(timeMs, kind), order, amount);
  };
}

/** NaN where nothing tells it. */
function firstSight({ values, begin, end }: CustomerFacts): number {
  for (let i = begin; i < end; i += FACT_WIDTH) {
    const first = values[i] as number;
    const at = Math.floor(first / KINDS);
    if (((first - at * KINDS) & KNOWN_BIT) !== 0) return at;
  }
  return NaN;
}
