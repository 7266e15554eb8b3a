/** A live query that fails: the last answer stands, is marked once it may be out of date, and is told anew after. */
import { createClient } from 'graphql-ws';
import { expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { askedThrough } from '../../server/engine/asked-through.ts';
import { EngineError } from '../../server/engine/port.ts';
import type { Engine } from '../../server/engine/port.ts';
import { testEngine } from '../support/engine.ts';
import { customer, storeEvents } from '../support/events.ts';
import { serveTest } from '../support/server.ts';
import { until } from '../support/until.ts';

const QUERY = `subscription { funnel(input: { steps: [{ match: { events: ["view"] } }], range: { last: "P7D" } }) { steps { customers } } }`;
const INGEST = 'mutation ($events: [EventInput!]!) { ingest(events: $events) { accepted } }';

/** An engine whose funnels fail as often as is asked for. */
function failingEngine(engine: Engine) {
  const state = { left: 0, failed: 0 };
  const failing = askedThrough(engine, async (query, options) => {
    if (state.left <= 0 || query.name !== 'funnel') return engine.query(query, options);
    state.left -= 1;
    state.failed += 1;
    throw new EngineError('UNAVAILABLE', 'away');
  });
  return { failing, state };
}

it('goes on after a failure, silently where it is short, and says so where it is long', async () => {
  const engine = await testEngine();
  const { failing, state } = failingEngine(engine);
  const server = await serveTest(failing, { answering: { cacheBytes: 0 } });
  await storeEvents(engine, [customer('ann').did('view', Date.now() - 60_000)]);
  const client = createClient({
    url: `${server.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
  });
  const told: { data?: unknown; errors?: unknown; extensions?: { stale?: unknown } }[] = [];
  client.subscribe(
    { query: QUERY },
    { next: (one) => told.push(one as never), error: () => {}, complete: () => {} },
  );
  const data = (customers: number): object => ({ funnel: { steps: [{ customers }] } });
  await until('it is told', () => told.length === 1);

  state.left = 1;
  await server.query(INGEST, { events: [{ event: 'view', customerId: 'bob' }] });
  await until('it is told the present', () => told.length === 2, 10_000);
  expect(state.failed).toBe(1);
  expect(told).toEqual([{ data: data(1) }, { data: data(2) }]);

  state.left = Infinity;
  await server.query(INGEST, { events: [{ event: 'other', customerId: 'bob' }] });
  await until('it is told that nobody knows', () => told.length === 3, 15_000);
  expect(told[2]).toMatchObject({ data: data(2), extensions: { stale: { code: 'UNAVAILABLE' } } });
  expect(told[2]?.errors).toBeUndefined();

  state.left = 0;
  await until('it is told that the same is still right', () => told.length === 4, 15_000);
  expect(told[3]).toEqual({ data: data(2) });
  await client.dispose();
  await server.close();
  await engine.close();
});

it('who comes while it fails is told that once, and then the answer', async () => {
  const engine = await testEngine();
  const { failing, state } = failingEngine(engine);
  const server = await serveTest(failing, { answering: { cacheBytes: 0 } });
  state.left = 3;
  const client = createClient({
    url: `${server.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
  });
  const answers = client.iterate({ query: QUERY });
  expect((await answers.next()).value).toMatchObject({ errors: [{ extensions: { code: 'UNAVAILABLE' } }] });
  expect((await answers.next()).value).toEqual({ data: { funnel: { steps: [{ customers: 0 }] } } });
  expect(state.failed).toBe(3);
  await client.dispose();
  await server.close();
  await engine.close();
});
