/** Attribution, asked of the schema: literal stories, literal credit. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { askOf } from '../support/ask.ts';
import { testEngine } from '../support/engine.ts';
import { customer, storeEvents } from '../support/events.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await testEngine();
  await storeEvents(engine, [
    customer('three')
      .did('visit', '2026-01-01T00:00Z', { channel: 'search' })
      .did('visit', '2026-01-02T00:00Z', { channel: 'mail' })
      .did('visit', '2026-01-03T00:00Z', { channel: 'social' })
      .did('purchase', '2026-01-04T00:00Z', { channel: 'web', revenue: 100 }),
  ]);
});
afterAll(() => engine.close());

it('runs', async () => {
  const a = await askOf(engine, { now: '2026-06-01T00:00:00Z' })(
    `query ($input: AttributionInput!) { attribution(input: $input) { conversions revenue meta { definition } rows { name touches customers credit { model conversions revenue share } } } }`,
    { input: { conversion: { events: ['purchase'] }, touchpoints: { events: ['visit'] }, range: { from: '2026-01-01T00:00:00Z', to: '2026-02-01T00:00:00Z' }, models: ['LAST_TOUCH', 'FIRST_TOUCH', 'LINEAR', 'POSITION_BASED', 'TIME_DECAY', 'MARKOV'] } },
  );
  console.log(JSON.stringify(a, null, 1));
  expect(1).toBe(1);
});
