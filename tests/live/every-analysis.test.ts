/** Every analysis is live by writing `subscription` for `query`: the answer at once, and again when data arrive. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { ANALYSES } from '../support/analyses.ts';
import { testEngine } from '../support/engine.ts';
import { watch } from '../support/live.ts';
import { serveTest } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';

let engine: Engine;
let server: TestServer;
const range = { from: '2026-03-01T00:00:00Z', to: '2026-05-01T00:00:00Z' };

/** Sees a product so many times, then buys it the day after. */
async function arrives(customerId: string, views: number): Promise<void> {
  const moment = (event: string, time: string) => ({ customerId, channel: 'web', event, time });
  const events = [
    ...Array.from({ length: views }, (_, i) => moment('product_viewed', `2026-03-02T10:0${i}:00Z`)),
    moment('cart_viewed', '2026-03-02T10:30:00Z'),
    { ...moment('order_completed', '2026-03-03T10:00:00Z'), revenue: 25, orderId: customerId },
  ];
  const { ingest } = await server.query<{ ingest: { accepted: number } }>(
    'mutation ($events: [EventInput!]!) { ingest(events: $events) { accepted } }',
    { events },
  );
  expect(ingest.accepted).toBe(views + 2);
}

beforeAll(async () => {
  engine = await testEngine();
  server = await serveTest(engine);
  await arrives('ann', 1);
});
afterAll(async () => {
  await server.close();
  await engine.close();
});

describe.each(ANALYSES)('$field', ({ field, inputType, input, answer }) => {
  it('is live', async () => {
    const selection = `($input: ${inputType}) { ${field}(input: $input) { ${answer} } }`;
    const variables = { input: { ...input, range } };
    const viewer = watch(server, `subscription ${selection}`, variables);
    const first = await viewer.next();
    expect(first).toEqual(await server.query(`query ${selection}`, variables));
    await arrives(`somebody new for ${field}`, 3);
    const second = await viewer.next();
    expect(second).not.toEqual(first);
    expect(second).toEqual(await server.query(`query ${selection}`, variables));
    await viewer.leave();
  });
});

it('has every analysis that the schema has live', async () => {
  const { __schema } = await server.query<{
    __schema: { subscriptionType: { fields: readonly { name: string }[] } };
  }>('{ __schema { subscriptionType { fields { name } } } }');
  const live = __schema.subscriptionType.fields.map(({ name }) => name);
  const others = [
    'annotations',
    'targets',
    'audienceEntered',
    'audienceEntries',
    'events',
    'imports',
    'ingestion',
    'lifecycleChanged',
  ];
  const analyses = live.filter((name) => !others.includes(name));
  expect(ANALYSES.map(({ field }) => field).sort()).toEqual(analyses.sort());
});
