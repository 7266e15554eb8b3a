/** One audience, said in four ways, narrows every analysis and list alike; so does a filter on traits. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { ANALYSES, openedList } from '../support/analyses.ts';
import type { Analysis } from '../support/analyses.ts';
import { testEngine } from '../support/engine.ts';
import { customer, storeEvents } from '../support/events.ts';
import { serveTest } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';
import { storeTraits } from '../support/traits.ts';

let engine: Engine;
let server: TestServer;
const HOUR = 3_600_000;
const START = Date.parse('2026-03-01T00:00:00Z');
const range = { from: '2026-03-01T00:00:00Z', to: '2026-05-01T00:00:00Z' };
const EVENTS = ['page_viewed', 'product_viewed', 'product_viewed', 'points_viewed', 'order_completed'];
const TIERS = ['gold', 'silver'];

/** Gold customers who viewed twice and are not lost. */
const AUDIENCE = {
  where: { property: 'tier', of: 'CUSTOMER', values: ['gold'] },
  did: [{ match: { events: ['product_viewed'] }, atLeast: 2 }],
  except: { anyOf: [{ did: [{ match: { channels: ['store'] } }] }] },
};
const sameAudience: Record<string, object> = {};
let members: string[] = [];

beforeAll(async () => {
  engine = await testEngine();
  server = await serveTest(engine);
  const ids = Array.from({ length: 60 }, (_, i) => `c${i}`);
  await storeEvents(
    engine,
    ids.map((id, i) => {
      const story = customer(i % 10 === 4 ? `${id}-web` : id);
      for (let k = 0; k < 2 + (i % 9); k += 1) {
        const event = EVENTS[(i * 7 + k * 3) % EVENTS.length] ?? '';
        const revenue = event === 'order_completed' ? { revenue: 10 + i } : {};
        const channel = ['web', 'app', 'web', i % 4 === 0 ? 'store' : 'web'][k % 4] ?? '';
        story.did(event, START + (i * 13 + k * k * 29) * HOUR, { channel, ...revenue });
      }
      return story;
    }),
  );
  await storeTraits(engine, Object.fromEntries(ids.map((id, i) => [id, { tier: TIERS[i % 2] }])));
  for (let i = 4; i < 60; i += 10) {
    await server.query(`mutation { identify(customerId: "c${i}", anonymousId: "c${i}-web") { id } }`);
  }
  const save = `mutation ($name: String!, $definition: AudienceInput!, $static: Boolean) {
    saveAudience(name: $name, definition: $definition, static: $static) { id members(first: 100) { nodes { id } } } }`;
  interface Saved {
    readonly saveAudience: {
      readonly id: string;
      readonly members: { readonly nodes: readonly { id: string }[] };
    };
  }
  const live = await server.query<Saved>(save, { name: 'live', definition: AUDIENCE });
  const kept = await server.query<Saved>(save, { name: 'kept', definition: AUDIENCE, static: true });
  members = live.saveAudience.members.nodes.map(({ id }) => id).sort();
  sameAudience['saved'] = { id: live.saveAudience.id };
  sameAudience['saved and static'] = { id: kept.saveAudience.id };
  sameAudience['the list of its members'] = { where: { property: 'customerId', values: members } };
  sameAudience['twice the other way round'] = { except: { except: AUDIENCE } };
});
afterAll(async () => {
  await server.close();
  await engine.close();
});

async function answer({ field, inputType, input, answer: wanted }: Analysis, more: object): Promise<unknown> {
  const document = `query ($input: ${inputType}) { ${field}(input: $input) { ${wanted} } }`;
  return server.query(document, { input: { ...input, range, ...more } });
}

it('the audience holds some customers and not all', () => {
  expect(members.length).toBeGreaterThan(5);
  expect(members.length).toBeLessThan(30);
  expect(members).toContain('c14');
});

describe.each(ANALYSES)('$field', (analysis) => {
  it('says the same of an audience however it is said, and something else of everybody', async () => {
    const inline = await answer(analysis, { audience: AUDIENCE });
    for (const audience of Object.values(sameAudience)) {
      expect(await answer(analysis, { audience })).toEqual(inline);
    }
    expect(await answer(analysis, {})).not.toEqual(inline);
  });
});

it.each(ANALYSES.filter(({ whereIsAudience }) => whereIsAudience))(
  '$field takes a filter on traits as the audience of that filter',
  async (analysis) => {
    const where = { property: 'tier', of: 'CUSTOMER', op: 'IS_NOT', values: ['gold'] };
    expect(await answer(analysis, { where })).toEqual(await answer(analysis, { audience: { where } }));
  },
);

it.each(ANALYSES.filter(({ lists }) => lists.length > 0))(
  '$field opens into members alone',
  async (analysis) => {
    const found = await Promise.all(analysis.lists.map((list) => people(analysis, list)));
    expect(found.flat()).not.toEqual([]);
    expect(found.flat().filter((id) => !members.includes(id))).toEqual([]);
  },
);

describe('lists of customers', () => {
  it.each(['LAST_SEEN', 'FIRST_SEEN', 'REVENUE', 'ORDERS'])(
    'by %s hold the members alone',
    async (orderBy) => {
      const query = `query ($input: CustomersInput!) { customers(input: $input, first: 100) { totalCount nodes { id } } }`;
      for (const audience of [AUDIENCE, ...Object.values(sameAudience)]) {
        const { customers } = await server.query<{
          customers: { totalCount: number; nodes: { id: string }[] };
        }>(query, {
          input: { audience, orderBy },
        });
        expect(customers.nodes.map(({ id }) => id).sort()).toEqual(members);
        expect(customers.totalCount).toBe(members.length);
      }
    },
  );
});

/** Ids in all lists of this kind. */
async function people({ field, inputType, input }: Analysis, list: string): Promise<string[]> {
  const document = `query ($input: ${inputType}) { ${field}(input: $input) { ${openedList(list, 100)} } }`;
  const found = await server.query<object>(document, { input: { ...input, range, audience: AUDIENCE } });
  return [...JSON.stringify(found).matchAll(/"id":"([^"]+)"/g)].map(([, id]) => id ?? '');
}
