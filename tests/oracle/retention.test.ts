/** The retention statement on the real engine against the oracle, over random worlds. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import {
  normaliseRetention,
  RETENTION_ENTRIES,
  RETENTION_MODES,
} from '../../server/insights/retention/retention.query.ts';
import type { RetentionQuery, RetentionRequest } from '../../server/insights/retention/retention.query.ts';
import { retentionAnswer } from '../../server/insights/retention/retention.result.ts';
import type { AverageAnswer, CohortAnswer } from '../../server/insights/retention/retention.result.ts';
import { compileRetention, compileRetentionPeople } from '../../server/insights/retention/retention.sql.ts';
import type { RetentionGroup, RetentionPeople } from '../../server/insights/retention/retention.sql.ts';
import { runRetentionBreakdown } from '../../server/insights/retention/retention.service.ts';
import { startOfInterval, addIntervals } from '../../server/query/period.ts';
import type { Interval } from '../../server/query/period.ts';
import { sql } from '../../server/query/sql.ts';
import { testScope } from '../support/ask.ts';
import { testEngine } from '../support/engine.ts';
import { storeEvents } from '../support/events.ts';
import type { StoredEvent } from '../support/events.ts';
import { inTurn } from '../support/in-turn.ts';
import { compileScope } from '../support/compile-scope.ts';
import { times } from '../support/times.ts';
import { expectSetsToAgree } from './retention-sets.ts';
import { retentionGroupsOracle, retentionOracle } from './retention.ts';
import type { OracleCell, OracleEvent, OracleQuery } from './retention.ts';

let engine: Engine;
let worlds = 0;
beforeAll(async () => {
  engine = await testEngine();
});
afterAll(() => engine.close());

const ZONES = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kathmandu', 'America/Sao_Paulo'] as const;
/** Days around which a zone above changes its clocks. */
const DAYS = ['2017-10-15', '2018-02-18', '2025-03-30', '2025-10-26', '2026-03-08', '2025-12-31'] as const;
const selector = fc.record({ name: fc.constantFrom('a', 'b'), flagged: fc.boolean() });

const question = fc.record({
  day: fc.constantFrom(...DAYS),
  zone: fc.constantFrom(...ZONES),
  weekStart: fc.constantFrom('MONDAY' as const, 'SUNDAY' as const, 'SATURDAY' as const),
  interval: fc.constantFrom<Interval>('HOUR', 'DAY', 'DAY', 'WEEK', 'MONTH', 'QUARTER', 'YEAR'),
  rows: fc.integer({ min: 1, max: 7 }),
  periods: fc.integer({ min: 0, max: 7 }),
  brackets: fc.option(fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 3 }), { freq: 3 }),
  rolling: fc.boolean(),
  entry: fc.constantFrom(...RETENTION_ENTRIES),
  mode: fc.constantFrom(...RETENTION_MODES),
  minimumOccurrences: fc.constantFrom(1, 1, 2),
  start: selector,
  return: selector,
  /** The range ends this share of an interval before the last row does. */
  cut: fc.constantFrom(0, 0, 0.3),
  limit: fc.integer({ min: 1, max: 4 }),
  /** How much of the range is over; past 1 all of it. */
  now: fc.constantFrom(0.5, 0.9, 1, 1.5, 3),
  opensLists: fc.constantFrom(true, false),
  breaksDown: fc.constantFrom(true, false),
});
type Question = typeof question extends fc.Arbitrary<infer T> ? T : never;

const moments = fc.array(
  fc.record({
    customer: fc.integer({ min: 0, max: 4 }),
    event: fc.constantFrom('a', 'b', 'c'),
    flag: fc.boolean(),
    group: fc.constantFrom('', 'x', 'y', 'z'),
    /** Which interval, also before and after the rows; and where in it: edges are as likely as middles. */
    interval: fc.integer({ min: -2, max: 7 }),
    within: fc.constantFrom(0, 0, 0.25, 0.5, 0.99, -0.000001),
    revenue: fc.option(fc.integer({ min: -500, max: 1000 }).map((cents) => cents / 100)),
  }),
  { minLength: 0, maxLength: 60 },
);
type Moments = typeof moments extends fc.Arbitrary<infer T> ? T : never;

/** Worlds that are stored side by side. */
const WORLDS = 25;
const questions = fc.array(fc.tuple(question, moments), { minLength: WORLDS, maxLength: WORLDS });

test('agrees with the oracle in every cell, value, mean and list of people, in random worlds', async () => {
  const property = fc.asyncProperty(questions, async (all) => {
    const told = all.map(([asked, moments]) => worldOf(asked, moments));
    await storeEvents(
      engine,
      told.flatMap(({ world, events }) => events.map((event, i) => stored(event, world, i))),
    );
    await inTurn(told, 5, check);
  });
  await fc.assert(property, { numRuns: times(7), endOnFailure: true });
}, 300_000);

interface World {
  readonly world: string;
  readonly asked: Question;
  readonly events: readonly OracleEvent[];
  readonly firstMs: number;
  readonly lastMs: number;
}

function worldOf(asked: Question, told: Moments): World {
  const world = `w${(worlds += 1)}`;
  const frame = { timeZone: asked.zone, weekStart: asked.weekStart };
  const firstMs = startOfInterval(Date.parse(`${asked.day}T06:00:00Z`), asked.interval, frame);
  const at = (k: number): number => addIntervals(firstMs, asked.interval, k, frame);
  const events = told.map((moment): OracleEvent => {
    const [from, to] = [at(moment.interval), at(moment.interval + 1)];
    const timeMs = Math.floor(from + moment.within * (to - from));
    return { ...moment, customer: `${world}-${moment.customer}`, timeMs };
  });
  const lastMs = Math.round(at(asked.rows) - asked.cut * (at(asked.rows) - at(asked.rows - 1)));
  return { world, asked, events, firstMs, lastMs };
}

function stored(event: OracleEvent, world: string, i: number): StoredEvent {
  return {
    id: `${world}-${i}`,
    customerId: event.customer,
    event: event.event,
    timeMs: event.timeMs,
    channel: '',
    orderId: '',
    sessionId: '',
    revenue: event.revenue,
    properties: { world, flag: event.flag, ...(event.group ? { group: event.group } : {}) },
  };
}

async function check({ world, asked, events, firstMs, lastMs }: World): Promise<void> {
  const request = requestOf(asked, world, firstMs, lastMs);
  const query = normaliseRetention(request, compileScope(), []);
  const oracle: OracleQuery = { ...query, start: asked.start, return: asked.return };
  const expected = retentionOracle(oracle, events);
  const { rows } = await engine.query(compileRetention(query, compileScope()));
  const nowMs = Math.round(firstMs + asked.now * (lastMs - firstMs));
  const { cohorts, average } = retentionAnswer({ ...query, measure: 'REVENUE' }, rows, nowMs);
  expect(cohorts.map((c) => c.cells.map((cell) => [cell.customers, cents(cell.value)]))).toEqual(
    expected.map((r) => r.map((cell) => [cell.customers.length, cents(cell.revenue)])),
  );
  const counted = retentionAnswer({ ...query, measure: 'EVENTS' }, rows, 0).cohorts;
  expect(counted.map((c) => c.cells.map((cell) => cell.value))).toEqual(
    expected.map((r) => r.map((cell) => cell.events)),
  );
  expect(cohorts.map((c) => c.cells.map((cell) => rounded(cell.lifetimeValue ?? 0)))).toEqual(
    expected.map((r) => lifetimes(r).map(rounded)),
  );
  expectMeans(cohorts, average);
  await expectSetsToAgree(engine, { ...query, measure: 'CUSTOMERS' }, rows, nowMs);
  if (query.alignment === 'CALENDAR') expectComplete(query, cohorts, nowMs);
  if (asked.opensLists) await expectPeople(query, expected);
  if (asked.breaksDown) await expectGroups(query, oracle, events, asked.limit);
}

const cents = (value: number): string => (value + 0).toFixed(2).replace('-0.00', '0.00');

const rounded = (value: number): number => Math.round(value * 1e6) / 1e6 + 0;

/** What the members of a row spent up to and with each column, for each of them. */
function lifetimes(row: readonly OracleCell[]): readonly number[] {
  const size = row[0]?.customers.length ?? 0;
  return row.map((_, column) => {
    const spent = row.slice(0, column + 1).reduce((sum, cell) => sum + cell.revenue, 0);
    return size === 0 ? 0 : spent / size;
  });
}

/** A column is over when every interval of it is, and within the range. */
function expectComplete(query: RetentionQuery, cohorts: readonly CohortAnswer[], nowMs: number): void {
  const ends = [...query.rows.slice(1), query.rowsEndMs];
  cohorts.forEach((row, position) => {
    const complete = row.cells.map(({ period }) => {
      const last = query.columns.slice(0, period).reduce((sum, size) => sum + size, 0);
      return (ends[position + last] ?? Infinity) <= Math.min(nowMs, query.range.toMs);
    });
    expect(row.cells.map((cell) => cell.complete)).toEqual(complete);
  });
}

/** Of the rows that are complete in a column: all who returned, by all members. */
function expectMeans(cohorts: readonly CohortAnswer[], average: readonly AverageAnswer[]): void {
  const periods = [...new Set(cohorts.flatMap((row) => row.cells.map(({ period }) => period)))];
  const wanted = periods
    .sort((a, b) => a - b)
    .flatMap((period) => {
      const whole = cohorts.filter((row) => row.cells[period]?.complete);
      const total = (of: (row: CohortAnswer) => number) => whole.reduce((sum, row) => sum + of(row), 0);
      const size = total((row) => row.size);
      if (size === 0) return [];
      const returned = total((row) => row.cells[period]?.customers ?? 0);
      return [{ period, rate: returned / size }];
    });
  expect(average.map(({ period, rate }) => ({ period, rate }))).toEqual(wanted);
  for (const { rate, low, high } of average) expect(low <= rate && rate <= high).toBe(true);
}

async function expectPeople(query: RetentionQuery, expected: readonly OracleCell[][]): Promise<void> {
  const row = expected.findIndex((cells) => (cells[0]?.customers.length ?? 0) > 0 && cells.length > 1);
  const cells = expected[row];
  if (!cells) return;
  const period = cells.length - 1;
  const members = cells[0]?.customers ?? [];
  const returned = cells[period]?.customers ?? [];
  expect(await people(query, 'members', row, 0)).toEqual(members);
  expect(await people(query, 'returned', row, period)).toEqual(returned);
  expect(await people(query, 'lost', row, period)).toEqual(members.filter((m) => !returned.includes(m)));
}

async function expectGroups(
  asked: RetentionQuery,
  oracle: OracleQuery,
  events: readonly OracleEvent[],
  limit: number,
): Promise<void> {
  const expected = retentionGroupsOracle(oracle, events, limit);
  const breakdown = { properties: ['group'], of: 'EVENT' as const, limit };
  const query: RetentionQuery = { ...asked, breakdown, measure: 'EVENTS' };
  const series = await runRetentionBreakdown(query, testScope(engine, { now: 0 }));
  const found = series.map((group) => ({
    value: group.isOther ? null : group.values[0],
    cells: group.cohorts.map((row) => row.cells.map((cell) => [cell.customers, cell.value])),
  }));
  expect(found).toEqual(
    expected.map(({ value, cells }) => ({
      value,
      cells: cells.map((row) => row.map((cell) => [cell.customers.length, cell.events])),
    })),
  );
  const last = series.at(-1);
  const members = expected.at(-1)?.cells.map((row) => row[0]?.customers ?? []) ?? [];
  const row = members.findIndex((customers) => customers.length > 0);
  if (last) expect(await people(query, 'members', row, 0, last.group)).toEqual(members[row]);
}

async function people(
  query: RetentionQuery,
  who: RetentionPeople,
  row: number,
  period: number,
  group: RetentionGroup | null = null,
) {
  const keys = compileRetentionPeople(query, who, { cohort: row, period, group }, compileScope());
  const { rows } = await engine.query<{ id: string }>({
    name: 'test_people',
    sql: sql`SELECT DISTINCT customer_id AS id FROM events WHERE customer_key IN (${keys}) ORDER BY id`,
  });
  return rows.map((found) => found.id);
}

function requestOf(asked: Question, world: string, fromMs: number, toMs: number): RetentionRequest {
  const match = ({ name, flagged }: { name: string; flagged: boolean }) => ({
    events: [name],
    ...(flagged ? { where: { property: 'flag', values: ['true'] } } : {}),
  });
  const canRoll = ['HOUR', 'DAY', 'WEEK'].includes(asked.interval);
  return {
    start: match(asked.start),
    return: match(asked.return),
    range: { from: new Date(fromMs), to: new Date(toMs), timeZone: asked.zone, weekStart: asked.weekStart },
    interval: asked.interval,
    periods: asked.periods,
    brackets: asked.brackets,
    alignment: asked.rolling && canRoll ? 'ROLLING' : 'CALENDAR',
    minimumOccurrences: asked.minimumOccurrences,
    entry: asked.entry,
    mode: asked.mode,
    where: { property: 'world', values: [world] },
  };
}
