/** From sending an event to the live Overview's new answer over WebSocket, against asking for it once. */
import { watch } from '../support/live.ts';
import { serveTest } from '../support/server.ts';
import { print } from './line.ts';
import { median } from './measure.ts';
import { goingOn } from './product.ts';
import { openCopiedStore } from './store-copy.ts';

const ROUNDS = 20;
/** Rounds do not count until the answers are kept. */
const WARM_MS = 15_000;
const FIELDS =
  'overview(input: $input, every: "PT0.25S") { orders { value } revenue { value } activeCustomers { value } }';
const INGEST = 'mutation ($events: [EventInput!]!) { ingest(events: $events) { accepted } }';

interface Answer {
  readonly overview: { readonly orders: { readonly value: number } };
}

export async function benchLive(events: number): Promise<void> {
  const store = await openCopiedStore(events);
  const server = await serveTest(store.engine, { now: goingOn(Date.now()) });
  const input = { range: { last: 'P30D' } };
  const viewer = watch(server, `subscription ($input: OverviewInput!) { ${FIELDS} }`, { input });
  let { orders } = (await viewer.next<Answer>()).overview;
  const told: number[] = [];
  const asked: number[] = [];
  const warmAt = performance.now() + WARM_MS;
  for (let i = 0; told.length < ROUNDS; i += 1) {
    const event = {
      event: 'order_completed',
      customerId: `bench-${i}`,
      orderId: `${Date.now()}-${i}`,
      revenue: 1,
    };
    const begun = performance.now();
    await server.query(INGEST, { events: [event] });
    for (const before = orders.value; orders.value === before;)
      ({ orders } = (await viewer.next<Answer>()).overview);
    const took = performance.now() - begun;
    const again = performance.now();
    await server.query(`query ($input: OverviewInput!) { ${FIELDS.replace(', every: "PT0.25S"', '')} }`, {
      input,
    });
    if (begun < warmAt) continue;
    told.push(took);
    asked.push(performance.now() - again);
  }
  told.sort((a, b) => a - b);
  print({
    name: 'live overview, one event',
    events,
    oursMs: median(told),
    slowestMs: told.at(-1),
    baseline: 'the query asked once over HTTP',
    baselineMs: median(asked),
  });
  await viewer.leave();
  await server.close();
  await store.close();
}
