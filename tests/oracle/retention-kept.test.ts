/** Retention kept up to date against the statements run anew, over random worlds that change while time goes on. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import {
  normaliseRetention,
  RETENTION_ENTRIES,
  RETENTION_MODES,
} from '../../server/insights/retention/retention.query.ts';
import type { RetentionRequest } from '../../server/insights/retention/retention.query.ts';
import { compileRetention } from '../../server/insights/retention/retention.sql.ts';
import { compileRetentionSets, setsSuffice } from '../../server/insights/retention/sets.sql.ts';
import { addIntervals, startOfInterval } from '../../server/query/period.ts';
import type { Interval } from '../../server/query/period.ts';
import { compileScope } from '../support/compile-scope.ts';
import { testEngine } from '../support/engine.ts';
import type { StoredEvent } from '../support/events.ts';
import { inTurn } from '../support/in-turn.ts';
import { storeAndTell } from './arrivals.ts';
import type { Arrival } from './arrivals.ts';
import { KeptByHand } from './kept-by-hand.ts';

let engine: Engine;
let worlds = 0;
beforeAll(async () => {
  engine = await testEngine();
});
afterAll(() => engine.close());

const ZONES = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kathmandu', 'America/Sao_Paulo'] as const;
/** Days around which a zone above changes its clocks. */
const DAYS = ['2017-10-15', '2018-02-18', '2025-03-30', '2025-10-26', '2026-03-08', '2025-12-31'] as const;
/** About three intervals back. */
const LAST = { HOUR: 'PT3H', DAY: 'P3D', WEEK: 'P3W', MONTH: 'P3M', QUARTER: 'P9M', YEAR: 'P3Y' } as const;

const selector = fc.record({
  name: fc.constantFrom('a', 'b'),
  /** Only SQL can tell. */
  isFlagged: fc.constantFrom(false, false, false, true),
  /** Or: another event through one channel. */
  isWide: fc.constantFrom(false, false, true),
});

const question = fc.record({
  day: fc.constantFrom(...DAYS),
  zone: fc.constantFrom(...ZONES),
  weekStart: fc.constantFrom('MONDAY' as const, 'SUNDAY' as const, 'SATURDAY' as const),
  interval: fc.constantFrom<Interval>('HOUR', 'DAY', 'DAY', 'WEEK', 'MONTH', 'QUARTER', 'YEAR'),
  range: fc.constantFrom('last' as const, 'last' as const, 'from' as const, 'to' as const),
  periods: fc.integer({ min: 0, max: 7 }),
  brackets: fc.option(fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 3 }), { freq: 3 }),
  rolling: fc.constantFrom(false, false, true),
  entry: fc.constantFrom(...RETENTION_ENTRIES),
  mode: fc.constantFrom(...RETENTION_MODES),
  minimumOccurrences: fc.constantFrom(1, 1, 2),
  start: selector,
  return: selector,
  statement: fc.constantFrom('sets' as const, 'payments' as const, 'visits' as const),
  /** How far the clock is at each look, in intervals from the day. */
  looks: fc
    .array(fc.double({ min: 2.5, max: 7, noNaN: true }), { minLength: 4, maxLength: 4 })
    .map((looks) => looks.sort((a, b) => a - b)),
  readsAgain: fc.constantFrom(false, false, true),
});
type Question = typeof question extends fc.Arbitrary<infer T> ? T : never;

const moments = fc.array(
  fc.record({
    customer: fc.integer({ min: 0, max: 6 }),
    event: fc.constantFrom('a', 'a', 'b', 'c'),
    channel: fc.constantFrom('', 'web'),
    flag: fc.boolean(),
    /** Which interval; and where in it: edges are as likely as middles. */
    interval: fc.oneof(
      fc.integer({ min: 0, max: 6 }),
      fc.integer({ min: 0, max: 6 }),
      fc.integer({ min: -4, max: 7 }),
    ),
    within: fc.constantFrom(0, 0, 0.25, 0.5, 0.99, -0.000001),
    revenue: fc.option(fc.integer({ min: -50_000, max: 100_000 }).map((n) => n / 10_000)),
    /** Before which look it arrives. */
    arrives: fc.integer({ min: 0, max: 3 }),
  }),
  { minLength: 20, maxLength: 60 },
);
type Moments = typeof moments extends fc.Arbitrary<infer T> ? T : never;

/** Worlds that are stored side by side. */
const WORLDS = 20;
const questions = fc.array(fc.tuple(question, moments), { minLength: WORLDS, maxLength: WORLDS });

interface World {
  readonly name: string;
  readonly asked: Question;
  readonly request: RetentionRequest;
  readonly looks: readonly number[];
  /** In order of arrival. */
  readonly events: readonly (StoredEvent & { readonly arrives: number })[];
}

test('is what the statements say at each look, in 40 worlds', async () => {
  let [told, rows] = [0, 0];
  const property = fc.asyncProperty(questions, async (all) => {
    const live = all.map(([asked, moments]) => new LiveWorld(worldOf(asked, moments)));
    for (let look = 0; look < 4; look += 1) {
      const arrived = await storeAndTell(
        engine,
        live.flatMap(({ world }) => world.events.filter(({ arrives }) => arrives === look)),
      );
      await inTurn(live, 4, (one) => one.look(look, arrived));
    }
    told += live.filter(({ isTold }) => isTold).length;
    rows += live.reduce((sum, world) => sum + world.rows, 0);
  });
  await fc.assert(property, { numRuns: 2, endOnFailure: true });
  expect(told).toBeGreaterThan(5);
  expect(rows).toBeGreaterThan(150);
});

class LiveWorld {
  /** Whether what arrived was taken in by the events themselves. */
  isTold = false;
  rows = 0;
  private kept: KeptByHand | null = null;

  constructor(readonly world: World) {}

  async look(look: number, stored: readonly Arrival[]): Promise<void> {
    const { asked, name, request, looks } = this.world;
    // Events of other worlds are of other names.
    const arrived = stored.filter(({ event }) => event.endsWith(`-${name}`));
    const scope = compileScope({ nowMs: looks[look] ?? 0 });
    const query = normaliseRetention(request, scope, []);
    const statement =
      asked.statement !== 'visits' && setsSuffice(query)
        ? compileRetentionSets(query, asked.statement === 'payments', scope)
        : compileRetention(query, scope);
    if (this.kept) {
      await this.kept.arrive(arrived);
      await this.kept.move([statement], scope);
    }
    const options = { isByRows: asked.readsAgain, ahead: arrived };
    this.kept ??= await KeptByHand.of(engine, [statement], scope, options);
    const [rows = []] = this.kept.rows();
    expect(rows).toEqual((await engine.query(statement)).rows);
    this.rows += rows.length;
    if (!this.kept.isTold || look < 3) return;
    this.isTold = true;
    const again = await KeptByHand.of(engine, [statement], scope);
    expect(this.kept.told()).toEqual(again.told());
  }
}

function worldOf(asked: Question, told: Moments): World {
  const world = `k${(worlds += 1)}`;
  const frame = { timeZone: asked.zone, weekStart: asked.weekStart };
  const firstMs = startOfInterval(Date.parse(`${asked.day}T06:00:00Z`), asked.interval, frame);
  const at = (k: number): number => addIntervals(firstMs, asked.interval, k, frame);
  const between = (k: number, part: number): number => Math.floor(at(k) + part * (at(k + 1) - at(k)));
  const events = told.map(({ customer, event, channel, flag, interval, within, revenue, arrives }, i) => ({
    id: `${world}-${i}`,
    customerId: `${world}-${customer}`,
    event: `${event}-${world}`,
    timeMs: between(interval, within),
    channel,
    orderId: '',
    sessionId: '',
    revenue,
    properties: { flag },
    arrives,
  }));
  const looks = asked.looks.map((look) => between(Math.floor(look), look % 1));
  const ends = { to: new Date(at(5) + 1), from: null, last: null }[asked.range];
  const range =
    asked.range === 'last' ? { last: LAST[asked.interval] } : { from: new Date(firstMs + 1), to: ends };
  return {
    name: world,
    asked,
    events,
    looks,
    request: {
      ...asked,
      start: matchOf(asked.start, world),
      return: matchOf(asked.return, world),
      range: { ...range, ...frame },
      alignment: asked.rolling && ['HOUR', 'DAY', 'WEEK'].includes(asked.interval) ? 'ROLLING' : 'CALENDAR',
    },
  };
}

function matchOf({ name, isFlagged, isWide }: Question['start'], world: string) {
  const one = {
    events: [`${name}-${world}`],
    ...(isFlagged ? { where: { property: 'flag', values: ['true'] } } : {}),
  };
  return isWide ? { anyOf: [one, { events: [`c-${world}`], channels: ['web'] }] } : one;
}
