/** The journey on the real engine, through the schema: stories, bad input, lists behind numbers, live, limits. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { retailMap } from '../../server/journey/retail.ts';
import { int, sql } from '../../server/query/sql.ts';
import { askOf } from '../support/ask.ts';
import { testEngine } from '../support/engine.ts';
import { customer, storeEvents } from '../support/events.ts';
import { watch } from '../support/live.ts';
import { serveTest } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';

const now = '2026-06-01T00:00:00Z';
const range = { from: '2026-01-01T00:00:00Z', to: now };
const stories = [
  customer('ann')
    .did('page_viewed', '2026-01-05T10:00Z', { channel: 'web', path: '/sale/' })
    .did('product_viewed', '2026-01-05T10:01Z', { channel: 'web' })
    .did('newsletter_read', '2026-01-05T10:02Z', { channel: 'email' })
    .did('product_added', '2026-01-05T10:05Z', { channel: 'app' })
    .did('product_viewed', '2026-01-06T10:00Z', { channel: 'app' })
    .did('order_completed', '2026-01-06T10:10Z', { channel: 'store', revenue: 20, orderId: 'o1' })
    .did('order_completed', '2026-01-06T10:10Z', { channel: 'store', revenue: 5, orderId: 'o1' })
    .did('order_completed', '2026-01-08T10:10Z', { channel: 'store', revenue: 30, orderId: 'o2' }),
  // Bought before the look and not after it: stopped at both.
  customer('bob')
    .did('order_completed', '2026-02-01T10:00Z', { channel: 'web', revenue: 10 })
    .did('product_viewed', '2026-02-02T10:00Z'),
  customer('eve').did('page_viewed', '2026-02-02T10:00Z', { channel: 'web', path: '/' }),
];
const NUMBERS = `stages { stage { key } customers events revenue advanceRate medianSecondsToAdvance }
  flows { from to customers moves medianSeconds }`;
const PEOPLE = '{ totalCount nodes { id } }';
const question = (fields: string) => `query ($input: JourneyInput!) { journey(input: $input) { ${fields} } }`;

describe('the journey', () => {
  let engine: Engine;
  let ask: ReturnType<typeof askOf>;
  beforeAll(async () => {
    engine = await testEngine();
    ask = askOf(engine, { now });
    await storeEvents(engine, stories);
  });
  afterAll(() => engine.close());

  const stage = (key: string, ...numbers: (number | null)[]) => {
    const [customers, events, revenue, advanceRate, medianSecondsToAdvance] = numbers;
    return { stage: { key }, customers, events, revenue, advanceRate, medianSecondsToAdvance };
  };
  const flow = (from: string, to: string, ...numbers: number[]) => {
    const [customers, moves, medianSeconds] = numbers;
    return { from, to, customers, moves, medianSeconds };
  };

  it('has every stage of the map, and moves forwards, backwards and in loops', async () => {
    expect(await ask(question(NUMBERS), { input: { range } })).toEqual({
      journey: {
        stages: [
          stage('awareness', 2, 2, 0, 0.5, 60),
          stage('consideration', 2, 3, 0, 0.5, 240),
          stage('decision', 1, 1, 0, 1, 86_700),
          stage('purchase', 2, 4, 65, 0, null),
          stage('loyalty', 0, 0, 0, 0, null),
          stage('advocacy', 0, 0, 0, 0, null),
        ],
        flows: [
          flow('awareness', 'consideration', 1, 1, 60),
          flow('consideration', 'decision', 1, 1, 240),
          flow('consideration', 'purchase', 1, 1, 600),
          flow('decision', 'consideration', 1, 1, 86_100),
          flow('purchase', 'consideration', 1, 1, 86_400),
          flow('purchase', 'purchase', 1, 1, 172_800),
        ],
      },
    });
  });

  it('tells channels and touchpoints of a stage, most events first', async () => {
    const name = (of: string, customers: number, events: number, revenue = 0) => ({
      name: of,
      customers,
      events,
      revenue,
    });
    const named = '{ name customers events revenue }';
    const fields = `awareness: stages(key: "awareness") { channels ${named} touchpoints ${named} }
      purchase: stages(key: "purchase") { channels ${named} touchpoints ${named} }`;
    expect(await ask(question(fields), { input: { range } })).toEqual({
      journey: {
        awareness: [{ channels: [name('web', 2, 2)], touchpoints: [name('/', 1, 1), name('/sale', 1, 1)] }],
        purchase: [
          {
            channels: [name('store', 1, 3, 55), name('web', 1, 1, 10)],
            touchpoints: [name('order_completed', 2, 4, 65)],
          },
        ],
      },
    });
  });

  it('opens each number into its people, and pages them', async () => {
    const fields = `
      consideration: stages(key: "consideration") { members ${PEOPLE} stopped ${PEOPLE} }
      purchase: stages(key: "purchase") { page: stopped(first: 1) { totalCount pageInfo { hasNextPage endCursor } nodes { id } } }
      back: flows(from: "decision", to: "consideration") { members ${PEOPLE} }
      out: flows(from: "purchase") { to members ${PEOPLE} }`;
    const only = (id: string) => ({ totalCount: 1, nodes: [{ id }] });
    const { journey } = await ask<{
      journey: { purchase: { page: { pageInfo: { endCursor: string } } }[] } & Record<string, unknown>;
    }>(question(fields), { input: { range } });
    expect(journey).toMatchObject({
      consideration: [{ members: { totalCount: 2 }, stopped: only('bob') }],
      purchase: [{ page: { totalCount: 2, pageInfo: { hasNextPage: true }, nodes: [{ id: 'bob' }] } }],
      back: [{ members: only('ann') }],
      out: [
        { to: 'consideration', members: only('bob') },
        { to: 'purchase', members: only('ann') },
      ],
    });
    const after = journey.purchase[0]?.page.pageInfo.endCursor;
    expect(
      await ask(
        question(
          `stages(key: "purchase") { stopped(first: 1, after: "${after}") { nodes { id } pageInfo { hasNextPage } } }`,
        ),
        { input: { range } },
      ),
    ).toEqual({
      journey: { stages: [{ stopped: { nodes: [{ id: 'ann' }], pageInfo: { hasNextPage: false } } }] },
    });
  });

  it('narrows to events that pass a filter and to an audience, and says so', async () => {
    const of = (more: object) =>
      ask<{
        journey: { stages: { customers: number }[]; flows: object[]; meta: { definition: string } };
      }>(question('stages { customers } flows { from } meta { definition asOf rowsRead sql }'), {
        input: { range, ...more },
      });
    const web = await of({ where: { property: 'channel', values: ['web'] } });
    expect(web.journey.stages.map(({ customers }) => customers)).toEqual([2, 1, 0, 1, 0, 0]);
    expect(web.journey.meta.definition).toMatch(/only events that pass the filter/);
    const buyers = await of({ audience: { did: [{ match: { events: ['order_completed'] } }] } });
    expect(buyers.journey.stages.map(({ customers }) => customers)).toEqual([1, 2, 1, 2, 0, 0]);
    expect(buyers.journey.meta.definition).toMatch(/customers in the audience/);
    const nobody = await of({ range: { from: '2020-01-01T00:00:00Z', to: '2020-01-02T00:00:00Z' } });
    expect(nobody.journey.stages.map(({ customers }) => customers)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(nobody.journey.flows).toEqual([]);
  });

  it('follows the map: stages renamed, in another order, with events that never came', async () => {
    const [awareness, consideration, ...rest] = retailMap.stages;
    if (!awareness || !consideration) throw new Error('the retail map has stages');
    const stages = [
      { ...consideration, key: 'looking', name: 'Looking' },
      awareness,
      { ...awareness, key: 'dreams', events: ['nobody_does_this'] },
      ...rest,
    ];
    const answer = await askOf(engine, { now, journeyMap: { ...retailMap, stages } })<{
      journey: { stages: { stage: { key: string; name: string }; customers: number }[]; flows: object[] };
    }>(question('stages { stage { key name } customers } flows(from: "awareness") { to moves }'), {
      input: { range },
    });
    expect(answer.journey.stages.slice(0, 3)).toEqual([
      { stage: { key: 'looking', name: 'Looking' }, customers: 2 },
      { stage: { key: 'awareness', name: 'Awareness' }, customers: 2 },
      { stage: { key: 'dreams', name: 'Awareness' }, customers: 0 },
    ]);
    expect(answer.journey.flows).toEqual([{ to: 'looking', moves: 1 }]);
  });

  it.each([
    [
      'a range that ends before it starts',
      { range: { from: now, to: range.from } },
      'input.range',
      'BAD_RANGE',
    ],
    ['a range of nothing', { range: {} }, 'input.range', 'BAD_RANGE'],
    ['a range that is no duration', { range: { last: 'soon' } }, 'input.range.last', 'BAD_DURATION'],
    [
      'a time zone that is none',
      { range: { last: 'P7D', timeZone: 'Mars/Olympus' } },
      'input.range.timeZone',
      'BAD_TIME_ZONE',
    ],
    ['a filter on nothing', { range, where: {} }, 'input.where', 'BAD_FILTER'],
    [
      'an unknown stage of an audience',
      { range, audience: { lifecycleStages: ['rich'] } },
      'input.audience.lifecycleStages',
      'UNKNOWN_STAGE',
    ],
  ])('refuses %s', async (_, input, field, code) => {
    const refused = ask(question('stages { customers }'), { input });
    await expect(refused).rejects.toMatchObject({
      cause: { originalError: { problems: [{ field: expect.stringContaining(field) as string, code }] } },
    });
  });

  it.each([
    ['stages(key: "nirvana") { customers }', 'key', 'UNKNOWN_STAGE'],
    ['flows(from: "nirvana") { moves }', 'from', 'UNKNOWN_STAGE'],
    ['flows(to: "nirvana") { moves }', 'to', 'UNKNOWN_STAGE'],
    ['stages(key: "purchase") { stopped(first: -1) { totalCount } }', 'first', 'BAD_PAGE'],
    ['stages(key: "purchase") { stopped(after: "x") { totalCount } }', 'after', 'BAD_CURSOR'],
  ])('refuses %s', async (fields, field, code) => {
    await expect(ask(question(fields), { input: { range } })).rejects.toMatchObject({
      cause: { originalError: { problems: [{ field, code }] } },
    });
  });
});

it('counts customers with 100,000 events, and 60 channels, in full', async () => {
  const engine = await testEngine();
  const events = 100_000;
  await engine.command(
    'test.fill',
    sql`INSERT INTO events (customer_id, event, time, channel, event_id)
      SELECT concat('c', toString(number % 3)), if(intDiv(number, 3) % 2 = 0, 'product_viewed', 'product_added'),
        toDateTime64('2026-01-01 00:00:00', 3, 'UTC') + toIntervalSecond(intDiv(number, 3)),
        concat('channel', toString(intDiv(number, 6) % 60)), toString(number)
      FROM numbers(${int(3 * events)})`,
  );
  const { journey } = await askOf(engine, { now })<{
    journey: { stages: { customers: number; events: number; channels: object[] }[]; flows: object[] };
  }>(
    question(`stages { customers events advanceRate medianSecondsToAdvance channels { events } }
      flows { from to customers moves medianSeconds }`),
    { input: { range } },
  );
  expect(journey.stages[1]).toMatchObject({
    customers: 3,
    events: 150_000,
    advanceRate: 1,
    medianSecondsToAdvance: 1,
  });
  expect(journey.stages[1]?.channels).toHaveLength(50);
  expect(journey.flows).toEqual([
    { from: 'consideration', to: 'decision', customers: 3, moves: 150_000, medianSeconds: 1 },
    { from: 'decision', to: 'consideration', customers: 3, moves: 149_997, medianSeconds: 1 },
  ]);
  await engine.close();
});

describe('over the wire', () => {
  let engine: Engine;
  let server: TestServer;
  const at = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
  const ingest = (events: object[]) =>
    server.query(`mutation ($events: [EventInput!]!) { ingest(events: $events) { accepted } }`, { events });
  beforeAll(async () => {
    engine = await testEngine();
    server = await serveTest(engine);
    await ingest([
      { event: 'product_viewed', anonymousId: 'visitor', time: at(60) },
      { event: 'order_completed', customerId: 'ann', revenue: 9, time: at(30) },
    ]);
  });
  afterAll(async () => {
    await server.close();
    await engine.close();
  });

  it('is live, and walks joined ids as one customer', async () => {
    const fields = `flows { from to members { nodes { id } } } consideration: stages(key: "consideration") { stopped { totalCount } }`;
    const viewer = watch(server, `subscription { journey(input: { range: { last: "P1D" } }) { ${fields} } }`);
    expect(await viewer.next()).toEqual({
      journey: { flows: [], consideration: [{ stopped: { totalCount: 1 } }] },
    });
    await server.query(`mutation { identify(customerId: "ann", anonymousId: "visitor") { id } }`);
    await ingest([{ event: 'points_viewed', customerId: 'ann', time: at(1) }]);
    const move = (from: string, to: string) => ({ from, to, members: { nodes: [{ id: 'ann' }] } });
    const flows = [move('consideration', 'purchase'), move('purchase', 'loyalty')];
    let answer = await viewer.next<{ journey: { flows: object[] } }>();
    // The join and the event may be told one after the other.
    if (answer.journey.flows.length < flows.length) answer = await viewer.next();
    expect(answer).toEqual({ journey: { flows, consideration: [{ stopped: { totalCount: 0 } }] } });
    await viewer.leave();
  });
});
