/** A number opens into its people alone: one step, one cell, one stage, one move is asked, not all of them. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { testEngine } from '../support/engine.ts';
import { serveTest } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';

let engine: Engine;
let server: TestServer;
const DAY = 86_400_000;
const at = (days: number) => new Date(Date.now() - days * DAY).toISOString();

beforeAll(async () => {
  engine = await testEngine();
  server = await serveTest(engine);
  await server.query(`mutation ($events: [EventInput!]!) { ingest(events: $events) { accepted } }`, {
    events: [
      { event: 'product_viewed', customerId: 'ann', time: at(3) },
      { event: 'order_completed', customerId: 'ann', revenue: 30, time: at(2) },
      { event: 'product_viewed', customerId: 'bob', time: at(2) },
      { event: 'order_completed', customerId: 'eve', revenue: 10, time: at(400) },
    ],
  });
});
afterAll(async () => {
  await server.close();
  await engine.close();
});

const PEOPLE = '{ totalCount nodes { id } }';
const only = (id: string) => ({ totalCount: 1, nodes: [{ id }] });

it('opens one step of a funnel', async () => {
  const answer = await server.query<{ funnel: { steps: object[] } }>(`{ funnel(input: {
    range: { last: "P7D" }, steps: [{ match: { events: ["product_viewed"] } }, { match: { events: ["order_completed"] } }]
  }) { steps(index: 1) { index reached ${PEOPLE} dropped ${PEOPLE} } } }`);
  expect(answer.funnel.steps).toEqual([{ index: 1, reached: only('ann'), dropped: only('bob') }]);
});

it('opens one cell of a cohort', async () => {
  const input = `{ start: { events: ["order_completed"] }, range: { last: "P7D" }, interval: DAY, periods: 2 }`;
  const all = await server.query<{ retention: { cohorts: { start: string; size: number }[] } }>(
    `{ retention(input: ${input}) { cohorts { start size } } }`,
  );
  const { start } = all.retention.cohorts.find((cohort) => cohort.size > 0) ?? {};
  const answer = await server.query<{ retention: { cohorts: object[] } }>(
    `query ($start: DateTime) { retention(input: ${input}) {
      cohorts(start: $start) { start cells(period: 1) { period returned ${PEOPLE} lost ${PEOPLE} } }
    } }`,
    { start },
  );
  const cell = { period: 1, returned: { totalCount: 0, nodes: [] }, lost: only('ann') };
  expect(answer.retention.cohorts).toEqual([{ start, cells: [cell] }]);
});

it('opens one stage of one group of the lifecycle, and of the rest', async () => {
  const answer = await server.query<{ lifecycle: object }>(`{ lifecycle(
    input: { range: { last: "P7D" }, breakdown: { properties: ["event"], limit: 1 } }
  ) {
    one: breakdown(values: ["product_viewed"]) { values stages(key: "new") { members ${PEOPLE} } }
    rest: breakdown(values: []) { isOther stages(key: "lost") { members ${PEOPLE} } }
    none: breakdown(values: ["nothing"]) { values }
  } }`);
  expect(answer.lifecycle).toEqual({
    one: [{ values: ['product_viewed'], stages: [{ members: only('ann') }] }],
    rest: [{ isOther: true, stages: [{ members: only('eve') }] }],
    none: [],
  });
});

it('opens one stage and one move of the lifecycle', async () => {
  const answer = await server.query<{ lifecycle: object }>(`{ lifecycle(input: { range: { last: "P7D" } }) {
    stages(key: "lost") { customers members ${PEOPLE} }
    stayed: transitions(from: "lost", to: "lost") { members ${PEOPLE} }
    unseen: transitions(from: "", to: "new") { from members ${PEOPLE} }
  } }`);
  expect(answer.lifecycle).toEqual({
    stages: [{ customers: 1, members: only('eve') }],
    stayed: [{ members: only('eve') }],
    unseen: [{ from: null, members: only('ann') }],
  });
});
