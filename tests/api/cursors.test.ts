/** Cursors go on with their own list only, while the clock goes on and events arrive between pages. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { ANALYSES } from '../support/analyses.ts';
import { askOf } from '../support/ask.ts';
import { testEngine } from '../support/engine.ts';
import { customer, storeEvents } from '../support/events.ts';

let engine: Engine;
const HOUR = 3_600_000;
const NOW = Date.parse('2026-03-10T12:00:00Z');
const CUSTOMERS = 12;

beforeAll(async () => {
  engine = await testEngine();
  await storeEvents(
    engine,
    Array.from({ length: CUSTOMERS }, (_, i) => {
      const story = customer(`c${i}`).did('product_viewed', NOW - 60 * HOUR, { channel: 'web' });
      // Every other buys.
      if (i % 2 === 1) story.did('order_completed', NOW - 59.9 * HOUR, { revenue: 10 });
      return story.did('page_viewed', NOW - 58 * HOUR);
    }),
  );
});
afterAll(() => engine.close());

interface Page {
  readonly totalCount: number;
  readonly nodes: readonly { readonly id: string }[];
  readonly pageInfo: { readonly endCursor: string | null; readonly hasNextPage: boolean };
}
const PAGE = '{ totalCount nodes { id } pageInfo { endCursor hasNextPage } }';

interface List {
  readonly name: string;
  readonly input: object;
  readonly page: (args: string) => string;
  readonly inputType: string;
}

const LISTS: readonly List[] = [
  ...ANALYSES.flatMap(({ field, inputType, input, lists }) =>
    lists.map((list): List => {
      const isOpen = /\([^)]*$/.test(list);
      const closing = ' }'.repeat((list.match(/\{/g) ?? []).length);
      const page = (args: string): string =>
        `${field}(input: $input) { ${list}${isOpen ? ', ' : '('}${args}) ${PAGE}${closing} }`;
      return { name: `${field} ${list}`, inputType, page, input: { ...input, range: { last: 'P7D' } } };
    }),
  ),
  ...['LAST_SEEN', 'FIRST_SEEN', 'REVENUE', 'ORDERS'].map((orderBy): List => ({
    name: `customers by ${orderBy}`,
    inputType: 'CustomersInput!',
    input: { orderBy, audience: { did: [{ match: { events: ['page_viewed'] }, within: 'P7D' }] } },
    page: (args) => `customers(input: $input, ${args}) ${PAGE}`,
  })),
];

/** The page, wherever it stands in the answer. */
function pageIn(value: unknown): Page | null {
  if (typeof value !== 'object' || value === null) return null;
  if ('pageInfo' in value) return (value as Page).nodes.length > 0 ? (value as Page) : null;
  return Object.values(value).reduce<Page | null>((found, part) => found ?? pageIn(part), null);
}

async function ask({ inputType, input, page }: List, args: string, now = NOW): Promise<Page> {
  const document = `query ($input: ${inputType}) { ${page(args)} }`;
  const found = pageIn(await askOf(engine, { now })(document, { input }));
  if (!found) throw new Error('nobody on the page');
  return found;
}

async function codeOf(answer: Promise<unknown>): Promise<string> {
  const error = await answer.then(
    () => new Error('no error'),
    (e: unknown) => e as Error,
  );
  const { originalError } = (error.cause ?? {}) as {
    originalError?: { problems?: readonly { code: string }[] };
  };
  return originalError?.problems?.map(({ code }) => code).join() ?? error.message;
}

describe('cursors', () => {
  it.each(LISTS)('of $name go on where the page before ended, minutes later too', async (list) => {
    const first = await ask(list, 'first: 3');
    const next = await ask(list, `first: 100, after: "${first.pageInfo.endCursor}"`, NOW + 5 * 60_000);
    const ids = [...first.nodes, ...next.nodes].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toHaveLength(first.totalCount);
    expect(ids.length).toBeGreaterThanOrEqual(CUSTOMERS / 2);
    expect(next.pageInfo.hasNextPage).toBe(false);
  });

  it('belong to one list each', async () => {
    const cursors = await Promise.all(
      LISTS.map(async (list) => (await ask(list, 'first: 1')).pageInfo.endCursor),
    );
    const twice = LISTS.filter((_, i) => cursors.filter((cursor) => cursor === cursors[i]).length > 1);
    expect(twice.map(({ name }) => name)).toEqual([]);
    for (const [i, list] of LISTS.entries()) {
      const foreign = cursors[(i + 1) % LISTS.length];
      expect(await codeOf(ask(list, `after: "${foreign}"`))).toBe('FOREIGN_CURSOR');
    }
  });

  it('belong to one question', async () => {
    const [list] = LISTS.slice(-1);
    if (!list) throw new Error('no list');
    const { endCursor } = (await ask(list, 'first: 1')).pageInfo;
    const others = [{ search: 'c' }, { audience: { did: [{ match: { events: ['order_completed'] } }] } }, {}];
    for (const other of others) {
      const changed = { ...list, input: { orderBy: 'ORDERS', ...other } };
      expect(await codeOf(ask(changed, `after: "${endCursor}"`))).toBe('FOREIGN_CURSOR');
    }
  });

  it.each(['', 'x', 'bogus', 'WyJhIl0', '🙂', 'null', '../..'])(
    'that are none, as %j, are refused',
    async (after) => {
      for (const list of LISTS.slice(-1)) {
        const code = await codeOf(ask(list, `after: ${JSON.stringify(after)}`));
        expect(['BAD_CURSOR', 'FOREIGN_CURSOR']).toContain(code);
      }
    },
  );

  it.each([-1, 1001, 1_000_000_000])('do not reach %d at once', async (first) => {
    for (const list of [...LISTS.slice(0, 1), ...LISTS.slice(-1)]) {
      expect(await codeOf(ask(list, `first: ${first}`))).toBe('BAD_PAGE');
    }
  });
});

describe("cursors of a customer's events", () => {
  const events = (id: string, args: string): string =>
    `{ customer(id: "${id}") { events(${args}) ${PAGE} } }`;
  const page = async (id: string, args: string): Promise<Page> => {
    const { customer: found } = await askOf(engine, { now: NOW })<{ customer: { events: Page } }>(
      events(id, args),
    );
    return found.events;
  };

  it('go on among events of one instant, and while newer and older ones arrive', async () => {
    const many = Array.from({ length: 7 }, (_, i) => ({ id: `tie-${i}` }));
    const story = customer('tied');
    for (const { id } of many) story.did('page_viewed', NOW - 10 * HOUR, { id });
    await storeEvents(engine, [story]);
    const seen: string[] = [];
    for (let after = ''; seen.length < 20;) {
      const found = await page('tied', `first: 2${after}`);
      seen.push(...found.nodes.map(({ id }) => id));
      if (!found.pageInfo.hasNextPage) break;
      if (seen.length === 2) {
        const late = customer('tied').did('page_viewed', NOW - HOUR, { id: 'newer' });
        await storeEvents(engine, [late.did('page_viewed', NOW - 20 * HOUR, { id: 'older' })]);
      }
      after = `, after: "${found.pageInfo.endCursor}"`;
    }
    expect(seen).toEqual([...many.map(({ id }) => id).reverse(), 'older']);
  });

  it('belong to one customer and one match', async () => {
    const { endCursor } = (await page('c1', 'first: 1')).pageInfo;
    const after = `after: "${endCursor}"`;
    expect((await page('c1', after)).nodes).toHaveLength(2);
    expect(await codeOf(page('c2', after))).toBe('FOREIGN_CURSOR');
    expect(await codeOf(page('c1', `${after}, match: { events: ["page_viewed"] }`))).toBe('FOREIGN_CURSOR');
    expect(await codeOf(page('c1', 'after: "garbage"'))).toBe('BAD_CURSOR');
  });
});

describe('pages of customers', () => {
  it('name nobody twice while customers come and go on', async () => {
    const list = LISTS.find(({ name }) => name === 'customers by LAST_SEEN');
    if (!list) throw new Error('no list');
    const first = await ask(list, 'first: 4');
    const shown = first.nodes.map(({ id }) => id);
    // One of the page and somebody new are seen again.
    await storeEvents(engine, [
      customer(shown[0] ?? '').did('page_viewed', NOW - HOUR),
      customer('newcomer').did('page_viewed', NOW - HOUR),
    ]);
    const next = await ask(list, `first: 100, after: "${first.pageInfo.endCursor}"`);
    expect(next.totalCount).toBe(first.totalCount + 1);
    const ids = next.nodes.map(({ id }) => id);
    expect(ids.filter((id) => shown.includes(id) || id === 'newcomer')).toEqual([]);
    expect(ids).toHaveLength(first.totalCount - 4);
  });
});
