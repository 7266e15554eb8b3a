/** Whatever is read for a question, the answer is the same; and what was made to be read is read. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Engine, QueryAnswer } from '../../server/engine/port.ts';
import { sql } from '../../server/query/sql.ts';
import type { SqlQuery } from '../../server/query/statement.ts';
import { ANALYSES } from '../support/analyses.ts';
import { askOf } from '../support/ask.ts';
import { testEngine } from '../support/engine.ts';
import { storeEvents } from '../support/events.ts';
import type { StoredEvent } from '../support/events.ts';

const NOW = Date.parse('2026-03-10T12:00:00Z');
const DAY = 86_400_000;
const EVENTS = 20_000;
const NAMES = ['page_viewed', 'product_viewed', 'product_added', 'points_viewed'];

let engine: Engine;
beforeAll(async () => {
  engine = await testEngine();
  const [seed = 0] = fc.sample(fc.integer({ min: 1, max: 0x7fffffff }), 1);
  await storeEvents(engine, world(seed));
});
afterAll(() => engine.close());

/** Few orders among many events, some without revenue, some without an id, some taken back. */
function world(seed: number): StoredEvent[] {
  let state = seed;
  // Mulberry32.
  const below = (count: number): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % count;
  };
  const one = <T>(values: readonly T[]): T => values[below(values.length)] as T;
  return Array.from({ length: EVENTS }, (_, i) => {
    const isSale = below(30) === 0;
    return {
      id: `e${seed}-${i}`,
      customerId: `c${below(400)}`,
      event: isSale ? one(['order_completed', 'order_completed', 'order_refunded', 'upsell']) : one(NAMES),
      timeMs: NOW - below(80 * DAY),
      channel: one(['', 'web', 'store']),
      orderId: isSale ? one(['', `o${below(500)}`]) : '',
      sessionId: `s${below(2000)}`,
      revenue: isSale ? one([null, below(20_000) / 100, -below(3_000) / 100]) : null,
      properties: { country: one(['DE', 'CN']) },
    };
  });
}

/** The engine, told to read no projections where `isRaw`; hears what each statement read. */
function reading(isRaw: boolean, heard: Map<string, number> = new Map()): Engine {
  return Object.assign(Object.create(engine) as Engine, {
    async query<Row>(query: SqlQuery<Row>, ...rest: unknown[]): Promise<QueryAnswer<Row>> {
      const settled = isRaw && !query.sql.texts.some((text) => text.includes('SETTINGS'));
      const asked = settled
        ? { ...query, sql: sql`${query.sql} SETTINGS optimize_use_projections = 0` }
        : query;
      const answer = await engine.query(asked, ...(rest as []));
      heard.set(query.name, answer.stats.rowsRead);
      return answer;
    },
  });
}

const question = fc.record({
  days: fc.integer({ min: 1, max: 60 }),
  ago: fc.integer({ min: 0, max: 20 }),
  timeZone: fc.constantFrom('UTC', 'Asia/Kolkata', 'America/New_York'),
  where: fc.constantFrom(
    null,
    { property: 'channel', values: ['web'] },
    { property: 'country', values: ['DE'] },
  ),
  hasMergedIdentities: fc.boolean(),
});

it('says the same through projections as from the events themselves, in every analysis', async () => {
  const property = fc.asyncProperty(question, async ({ days, ago, timeZone, where, hasMergedIdentities }) => {
    const toMs = NOW - ago * DAY;
    const range = { from: new Date(toMs - days * DAY), to: new Date(toMs), timeZone };
    for (const { field, inputType, input, answer, takesWhere } of ANALYSES) {
      const document = `query ($input: ${inputType}) { ${field}(input: $input) { ${answer} } }`;
      const whole = { ...input, range, ...(takesWhere && where && { where }) };
      const ask = (isRaw: boolean) =>
        askOf(reading(isRaw), { now: NOW, hasMergedIdentities })(document, { input: whole });
      expect(await ask(false), field).toEqual(await ask(true));
    }
  });
  await fc.assert(property, { numRuns: 4, endOnFailure: true });
}, 240_000);

const SERIES = 'series { value }';
it.each([
  ['overview.sales', 'overview', 'OverviewInput!', {}, `revenue { ${SERIES} }`],
  ['overview.milestones', 'overview', 'OverviewInput!', {}, `newCustomers { ${SERIES} }`],
  ['metric', 'metric', 'MetricInput!', { measure: 'REVENUE' }, 'total'],
  ['metric', 'metric', 'MetricInput!', { measure: 'ORDERS' }, 'total'],
  ['metric', 'metric', 'MetricInput!', { measure: 'AVERAGE_ORDER_VALUE' }, 'total'],
  [
    'retention.sets',
    'retention',
    'RetentionInput!',
    { start: { events: ['order_completed'] } },
    'cohorts { size }',
  ],
])('reads little for %s of %s %s %o, joined ids or not', async (name, field, inputType, input, answer) => {
  const range = { from: new Date(NOW - 60 * DAY), to: new Date(NOW) };
  for (const hasMergedIdentities of [false, true]) {
    const heard = new Map<string, number>();
    const document = `query ($input: ${inputType}) { ${field}(input: $input) { ${answer} } }`;
    await askOf(reading(false, heard), { now: NOW, hasMergedIdentities })(document, {
      input: { ...input, range },
    });
    expect(heard.get(name)).toBeGreaterThan(0);
    expect(heard.get(name)).toBeLessThan(EVENTS / 2);
  }
});
