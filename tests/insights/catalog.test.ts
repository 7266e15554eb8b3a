/** The catalogue and the journey map: on the real engine, through the schema. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { askOf } from '../support/ask.ts';
import { testEngine } from '../support/engine.ts';
import { customer, storeEvents } from '../support/events.ts';
import { storeTraits } from '../support/traits.ts';

let engine: Engine;

beforeAll(async () => {
  engine = await testEngine();
});
afterAll(() => engine.close());

const ask = <T>(source: string) => askOf(engine)<T>(source);

it('is empty before anything arrived', async () => {
  const all = '{ catalog { events { name } channels firstEventAt lastEventAt totalEvents totalCustomers } }';
  expect(await ask(all)).toEqual({
    catalog: {
      events: [],
      channels: [],
      firstEventAt: null,
      lastEventAt: null,
      totalEvents: 0,
      totalCustomers: 0,
    },
  });
});

describe('with events', () => {
  beforeAll(async () => {
    await storeEvents(engine, [
      customer('ann')
        .did('product_viewed', '2026-01-01T10:00Z', { channel: 'web', category: 'shoes', size: 38 })
        .did('product_viewed', '2026-01-02T10:00Z', { channel: 'app', category: 'hats', 'odd.`name"': true })
        .did('order_completed', '2026-01-03T10:00Z', { channel: 'web', orderId: 'o1', revenue: 9.5 }),
      customer('bob').did('danced', '2026-01-04T10:00Z', { category: 'shoes' }),
    ]);
    await storeTraits(engine, { ann: { tier: 'gold', age: 40 }, bob: { tier: 'silver' } });
  });

  it('counts events, most frequent first, with their journey stage', async () => {
    expect(
      await ask(
        '{ catalog { events { name stage count lastSeen } channels firstEventAt lastEventAt totalEvents totalCustomers } }',
      ),
    ).toEqual({
      catalog: {
        events: [
          { name: 'product_viewed', stage: 'consideration', count: 2, lastSeen: '2026-01-02T10:00:00.000Z' },
          { name: 'danced', stage: null, count: 1, lastSeen: '2026-01-04T10:00:00.000Z' },
          { name: 'order_completed', stage: 'purchase', count: 1, lastSeen: '2026-01-03T10:00:00.000Z' },
        ],
        channels: ['web', 'app'],
        firstEventAt: '2026-01-01T10:00:00.000Z',
        lastEventAt: '2026-01-04T10:00:00.000Z',
        totalEvents: 4,
        totalCustomers: 2,
      },
    });
  });

  it('lists properties of events and traits of customers with their types', async () => {
    const { catalog } = await ask<{ catalog: Record<string, { name: string }[]> }>(`{ catalog {
      all: properties { name type count }
      order: properties(event: "order_completed") { name type count }
      traits: properties(of: CUSTOMER) { name type count } } }`);
    expect(catalog['all']).toEqual(
      expect.arrayContaining([
        { name: 'channel', type: 'text', count: 3 },
        { name: 'category', type: 'text', count: 3 },
        { name: 'size', type: 'number', count: 1 },
      ]),
    );
    expect(catalog['order']).toEqual([
      { name: 'channel', type: 'text', count: 1 },
      { name: 'revenue', type: 'number', count: 1 },
      { name: 'orderId', type: 'text', count: 1 },
    ]);
    expect(catalog['traits']).toEqual([
      { name: 'tier', type: 'text', count: 2 },
      { name: 'age', type: 'number', count: 1 },
    ]);
  });

  it('finds values, most frequent first, whatever their case', async () => {
    expect(
      await ask(`{ catalog {
        all: values(property: "category") found: values(property: "category", search: "HA")
        one: values(property: "category", first: 1) built: values(property: "channel")
        tier: values(property: "tier", of: CUSTOMER) none: values(property: "nothing") } }`),
    ).toEqual({
      catalog: {
        all: ['shoes', 'hats'],
        found: ['hats'],
        one: ['shoes'],
        built: ['web', 'app'],
        tier: ['gold', 'silver'],
        none: [],
      },
    });
  });
});

it('shows the journey map with its rules', async () => {
  const { journeyMap } = await ask<{ journeyMap: { lifecycle: object[] } }>(
    '{ journeyMap { stages { key events } lifecycle { key name color description rule isLost } } }',
  );
  expect(journeyMap.lifecycle[1]).toEqual({
    key: 'lost',
    name: 'Lost',
    color: '#a8442f',
    description: 'No order for a year.',
    rule: { noOrderFor: 'P365D' },
    isLost: true,
  });
});
