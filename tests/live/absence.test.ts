/** Time is an event too: a live lifecycle moves when a rule of absence comes true, without any event. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { testEngine } from '../support/engine.ts';
import { watch } from '../support/live.ts';
import { serveTest } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';

const DAY_MS = 86_400_000;
const LIFECYCLE = `subscription { lifecycle(input: { range: { last: "P7D" } }, every: "PT0.1S") {
  stages(key: "new") { customers } } }`;

interface Answer {
  readonly lifecycle: { readonly stages: readonly { readonly customers: number }[] };
}

let engine: Engine;
let server: TestServer;
beforeAll(async () => {
  engine = await testEngine();
  server = await serveTest(engine);
});
afterAll(async () => {
  await server.close();
  await engine.close();
});

async function buys(customerId: string, atMs: number): Promise<void> {
  const event = { customerId, event: 'order_completed', time: new Date(atMs).toISOString(), revenue: 5 };
  await server.query('mutation ($events: [EventInput!]!) { ingest(events: $events) { accepted } }', {
    events: [event],
  });
}

it('tells that a customer is new no more, thirty days after the first order', async () => {
  const viewer = watch(server, LIFECYCLE, {});
  const seen: number[] = [];
  const newcomers = async (): Promise<number> => {
    const { lifecycle } = await viewer.next<Answer>();
    seen.push(lifecycle.stages[0]?.customers ?? -1);
    return seen.at(-1) ?? -1;
  };
  expect(await newcomers()).toBe(0);
  // Whose thirty days end in a while; and who stays new.
  await buys('ann', Date.now() - 30 * DAY_MS + 6000);
  await buys('ben', Date.now() - DAY_MS);
  while ((await newcomers()) < 2);
  expect(await newcomers()).toBe(1);
  await viewer.leave();
});
