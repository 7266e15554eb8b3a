/** What could not be taken is listed with its reason, page by page and in groups, over the wire. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { utcText } from '../../server/query/sql.ts';
import { testEngine } from '../support/engine.ts';
import { ingest } from '../support/rejected.ts';
import { serveTest } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';

let engine: Engine;
let server: TestServer;
/** Rejected events are kept for 90 days. */
const yesterday = Date.now() - 86_400_000;

beforeAll(async () => {
  engine = await testEngine();
  server = await serveTest(engine);
});
afterAll(async () => {
  await server.close();
  await engine.close();
});

interface Page {
  readonly rejectedEvents: {
    readonly totalCount: number;
    readonly nodes: readonly { receivedAt: string; payload: { n: number } }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
  };
}

describe('the list', () => {
  it('is newest first, page by page, each once, though many came in the same millisecond', async () => {
    const rows = Array.from({ length: 95 }, (_, i) => ({
      reason: 'The event has no name.',
      source: `pages.csv row ${i}`,
      payload: JSON.stringify({ n: i }),
      received_at: utcText(yesterday + (i % 3)),
    }));
    await engine.insert('rejected_events', rows);
    const document = `query ($after: String) { rejectedEvents(first: 10, after: $after, search: "pages.csv") {
      totalCount nodes { receivedAt payload } pageInfo { hasNextPage endCursor } } }`;
    const seen: { receivedAt: string; payload: { n: number } }[] = [];
    let after: string | null = null;
    do {
      const { rejectedEvents: page }: Page = await server.query<Page>(document, { after });
      expect(page.totalCount).toBe(95);
      seen.push(...page.nodes);
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    } while (after !== null);
    expect(new Set(seen.map(({ payload }) => payload.n)).size).toBe(95);
    expect(seen.length).toBe(95);
    expect(seen.map(({ receivedAt }) => receivedAt)).toEqual(
      seen
        .map(({ receivedAt }) => receivedAt)
        .sort()
        .reverse(),
    );
  });

  it('groups a thousand equal mistakes in one line, which opens into them', async () => {
    const events = Array.from({ length: 40 }, (_, i) => ({
      event: 'view',
      customerId: ['null', 'NaN', '0', 'true'][i % 4],
      properties: { n: i },
    }));
    expect((await ingest(server, events)).rejected).toHaveLength(40);
    const { rejectedReasons } = await server.query<{
      rejectedReasons: { reason: string; count: number }[];
    }>('{ rejectedReasons { reason count lastAt } }');
    const group = 'customerId "…" is not an id.';
    expect(rejectedReasons.find(({ reason }) => reason === group)).toMatchObject({ count: 40 });
    const count = async (reason: string): Promise<unknown> =>
      await server.query(
        'query ($reason: String) { rejectedEvents(first: 0, reason: $reason) { totalCount } }',
        { reason },
      );
    expect(await count(group)).toEqual({ rejectedEvents: { totalCount: 40 } });
    expect(await count('customerId "NaN" is not an id.')).toEqual({ rejectedEvents: { totalCount: 10 } });
  });

  it('says what is wrong with what is asked', async () => {
    const ask = async (document: string, variables?: object): Promise<unknown> =>
      (await server.ask(document, variables)).errors?.map(({ extensions }) => extensions?.['problems']);
    const { rejectedEvents } = await server.query<{ rejectedEvents: { pageInfo: { endCursor: string } } }>(
      '{ rejectedEvents(first: 1) { pageInfo { endCursor } } }',
    );
    const after = rejectedEvents.pageInfo.endCursor;
    expect(
      await ask('query ($after: String) { rejectedEvents(after: $after, search: "x") { totalCount } }', {
        after,
      }),
    ).toMatchObject([[{ code: 'FOREIGN_CURSOR' }]]);
    expect(await ask('{ rejectedEvents(first: 5000) { totalCount } }')).toMatchObject([
      [{ code: 'BAD_PAGE' }],
    ]);
    expect(await ask('{ rejectedReasons(first: 0) { count } }')).toMatchObject([[{ code: 'BAD_PAGE' }]]);
  });
});
