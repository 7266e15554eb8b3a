/** Sets of every width, bits and lists, with customers' first sights, against single visits. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { normaliseRetention, RETENTION_MODES } from '../../server/insights/retention/retention.query.ts';
import type { RetentionRequest } from '../../server/insights/retention/retention.query.ts';
import { compileRetention } from '../../server/insights/retention/retention.sql.ts';
import { compileScope } from '../support/compile-scope.ts';
import { testEngine } from '../support/engine.ts';
import { storeEvents } from '../support/events.ts';
import { expectSetsToAgree } from './retention-sets.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await testEngine();
  // Strides without a common measure: every customer has gaps of many lengths, around changes of clocks too.
  const events = Array.from({ length: 900 }, (_, i) => ({
    id: `e${i}`,
    customerId: `c${(i * 7) % 307}`,
    event: ['a', 'b', 'c'][i % 3] ?? 'c',
    timeMs: Date.parse('2025-03-01') + ((i * 40_503_001_337) % (480 * 86_400_000)),
    channel: '',
    orderId: '',
    sessionId: '',
    properties: {},
    revenue: i % 2 === 0 ? (i % 50) - 5 : null,
  }));
  await storeEvents(engine, events);
});
afterAll(() => engine.close());

test('agrees with single visits over few rows and many, whatever enters and returns', async () => {
  const ask = async (request: Partial<RetentionRequest>) => {
    const range = { from: new Date('2025-06-15'), to: new Date('2026-06-20'), timeZone: 'Europe/Berlin' };
    const query = normaliseRetention({ start: {}, range, ...request }, compileScope(), []);
    const { rows } = await engine.query(compileRetention(query, compileScope()));
    await expectSetsToAgree(engine, query, rows, Date.parse('2026-06-20'));
    return rows.length;
  };
  const counts: number[] = [];
  for (const interval of ['MONTH', 'WEEK', 'DAY'] as const) {
    for (const entry of ['FIRST_TIME', 'FIRST_IN_RANGE', 'RECURRING'] as const) {
      for (const mode of RETENTION_MODES) {
        counts.push(await ask({ interval, entry, mode }));
        counts.push(await ask({ interval, entry, mode, start: { events: ['a'] }, return: {}, periods: 60 }));
      }
    }
  }
  const range = { from: new Date('2025-08-20'), to: new Date('2026-01-20'), timeZone: 'Asia/Kathmandu' };
  counts.push(await ask({ range, interval: 'DAY', entry: 'RECURRING', return: { events: ['b'] } }));
  expect(Math.min(...counts)).toBeGreaterThan(0);
}, 120_000);
