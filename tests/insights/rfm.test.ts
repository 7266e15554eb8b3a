import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { askOf } from '../support/ask.ts';
import { testEngine } from '../support/engine.ts';
import { customer, storeEvents } from '../support/events.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await testEngine();
  await storeEvents(engine, [
    customer('looker').did('visit', '2026-01-01T00:00Z'),
    ...[1, 2, 3, 4, 5].map((i) => customer(`c${i}`).did('purchase', `2026-02-0${i}T00:00Z`, { revenue: i })),
  ]);
});
afterAll(() => engine.close());
it('runs', async () => {
  const a = await askOf(engine, { now: '2026-06-01T00:00:00Z' })(
    `{ rfm(input: {}) { meta { definition } segments { name customers share revenue members { totalCount nodes { id rfm { recencyDays frequency monetary r f m segment } } } }
      cells(recency: 5) { recency frequency customers averageMonetary members { nodes { id } } } } }`,
  );
  console.log(JSON.stringify(a, null, 1));
});
