/** What goes with converting, through the schema on the real engine. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { pValue } from '../../server/insights/funnel/association.ts';
import { askOf } from '../support/ask.ts';
import { testEngine } from '../support/engine.ts';
import { customer, storeEvents } from '../support/events.ts';
import { storeTraits } from '../support/traits.ts';

interface Correlation {
  readonly property: string;
  readonly value: string;
  readonly lift: number;
  readonly oddsRatio: number;
  readonly pValue: number;
  readonly withValue: number;
  readonly converted: number;
}

let engine: Engine;
beforeAll(async () => {
  engine = await testEngine();
  // Twenty enter: of ten by the app eight buy, of ten by the web two. All buy in the store, whatever they carry there.
  const people = Array.from({ length: 20 }, (_, i) => {
    const isApp = i < 10;
    const buys = isApp ? i < 8 : i < 12;
    const story = customer(`c${i}`)
      // Looked at before, on another channel: not how the customer entered.
      .did('view', '2026-01-01T09:00Z', { channel: 'fax', size: 'none' })
      .did('view', '2026-01-20T10:00Z', {
        channel: isApp ? 'app' : 'web',
        campaign: isApp ? 'spring' : 'none',
        visit: `v${i}`,
        everywhere: 'same',
        ...(i === 0 ? { rare: 'yes' } : {}),
      });
    // Who buys looks again on the way there, by fax: not how they entered either.
    return buys
      ? story
          .did('view', '2026-01-20T12:00Z', { channel: 'fax', campaign: 'late' })
          .did('buy', '2026-01-21T10:00Z', { channel: 'store', coupon: 'yes' })
      : story;
  });
  await storeEvents(engine, people);
  const traits = Object.fromEntries(
    Array.from({ length: 20 }, (_, i) => [
      `c${i}`,
      { tier: i % 2 === 0 ? 'gold' : 'silver', email: `${i}@x.org` },
    ]),
  );
  await storeTraits(engine, traits);
});
afterAll(() => engine.close());

async function correlations(more = '', input: object = {}): Promise<readonly Correlation[]> {
  const steps = [{ match: { events: ['view'] } }, { match: { events: ['buy'] } }];
  const range = { from: '2026-01-10T00:00:00Z', to: '2026-02-01T00:00:00Z' };
  const answer = await askOf(engine, { now: '2026-03-01T00:00:00Z' })<{
    funnel: { correlations: readonly Correlation[] };
  }>(
    `query ($input: FunnelInput!) { funnel(input: $input) { correlations${more} { property value lift oddsRatio pValue withValue converted } } }`,
    { input: { steps, range, ...input } },
  );
  return answer.funnel.correlations;
}

const TABLE = { withConverted: 8, withLost: 2, withoutConverted: 2, withoutLost: 8 };

test('tells which values on the entering event go with converting', async () => {
  const rows = await correlations();
  expect(rows.map(({ property, value }) => `${property}=${value}`).sort()).toEqual([
    'campaign=none',
    'campaign=spring',
    'channel=app',
    'channel=web',
  ]);
  const app = rows.find(({ value }) => value === 'app');
  expect(app).toEqual({
    property: 'channel',
    value: 'app',
    lift: 8 / 10 / (10 / 20),
    oddsRatio: 16,
    pValue: pValue(TABLE),
    withValue: 10,
    converted: 8,
  });
  expect(rows.find(({ value }) => value === 'web')).toMatchObject({ oddsRatio: 1 / 16, converted: 2 });
});

test('tells traits, leaving out what nearly everybody has alone', async () => {
  const rows = await correlations('(of: CUSTOMER)');
  expect(rows.map(({ property, value }) => `${property}=${value}`).sort()).toEqual([
    'tier=gold',
    'tier=silver',
  ]);
  expect(rows[0]).toMatchObject({ withValue: 10, converted: 5, oddsRatio: 1, lift: 1, pValue: 1 });
});

test('asking for fewer changes no number', async () => {
  const all = await correlations();
  expect(await correlations('(limit: 2)')).toEqual(all.slice(0, 2));
});

test.each(['STRICT', 'ANY'])('in the order %s too', async (order) => {
  const [first] = await correlations('', { order });
  expect(first).toMatchObject({ withValue: 10 });
});

test('has nothing to say where nobody or everybody converts', async () => {
  expect(await correlations('', { steps: [{ match: { events: ['view'] } }] })).toEqual([]);
  const never = [{ match: { events: ['view'] } }, { match: { events: ['flown'] } }];
  expect(await correlations('', { steps: never })).toEqual([]);
  expect(await correlations('', { steps: [{ match: { events: ['flown'] } }, ...never] })).toEqual([]);
});

test('refuses a limit that is none', async () => {
  await expect(correlations('(limit: 0)')).rejects.toThrow(/limit/);
});
