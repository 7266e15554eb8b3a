/** A whole import is taken back: everything is as before it, and the file can come again. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openImportDesk } from '../support/import-desk.ts';
import type { ImportDesk } from '../support/import-desk.ts';
import { serveTest } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';
import { balance, storePrint } from '../support/store-print.ts';
import { watch } from '../support/live.ts';

let desk: ImportDesk;
let server: TestServer;
beforeEach(async () => {
  desk = await openImportDesk();
  server = await serveTest(desk.engine);
  await ingest(known);
});
afterEach(async () => {
  await server.close();
  await desk.close();
});

const known = [
  { id: 'a-1', customerId: 'ann', event: 'view', time: '2026-01-01T10:00:00Z', channel: 'web' },
  { id: 'a-2', customerId: 'ann', event: 'buy', time: '2026-01-03T10:00:00Z', revenue: 10.5, orderId: 'o1' },
  { id: 'b-1', customerId: 'bob', event: 'view', time: '2026-01-02T10:00:00Z', channel: 'app' },
];
const FILE = `event_id,user_id,event,time,revenue
a-1,ann,view,2026-01-01T10:00:00Z,
a-0,ann,view,2025-12-01T10:00:00Z,
a-9,ann,buy,2026-02-01T10:00:00Z,3.25
c-1,cid,buy,2026-02-02T10:00:00Z,7
,,view,2026-02-02T10:00:00Z,
`;

async function ingest(events: readonly object[]): Promise<{ accepted: number; duplicates: number }> {
  const document =
    'mutation ($events: [EventInput!]!) { ingest(events: $events) { accepted duplicates rejected { reason } } }';
  return (await server.query<{ ingest: { accepted: number; duplicates: number } }>(document, { events }))
    .ingest;
}

async function undo(id: string): Promise<boolean> {
  const { undoImport } = await server.query<{ undoImport: boolean }>(
    'mutation ($id: ID!) { undoImport(id: $id) }',
    { id },
  );
  return undoImport;
}

const LIST =
  'imports(first: 10) { totalCount nodes { id file state rows accepted duplicates rejected progress problem finishedAt } }';
async function list(): Promise<readonly Record<string, unknown>[]> {
  const { imports } = await server.query<{ imports: { nodes: Record<string, unknown>[] } }>(`{ ${LIST} }`);
  return imports.nodes;
}

it('leaves the store as it was, to the digit, and takes the file again', async () => {
  const before = await storePrint(desk.engine);
  const first = await desk.importText('new.csv', FILE);
  expect(first).toMatchObject({ rows: 5, accepted: 3, duplicates: 1, rejected: 1 });
  const between = await storePrint(desk.engine);
  const second = await desk.importText('new.csv', FILE);
  expect(second).toMatchObject({ accepted: 0, duplicates: 4, rejected: 1 });

  expect(await undo(second.id)).toBe(true);
  expect(await storePrint(desk.engine)).toEqual(between);
  expect(await undo(first.id)).toBe(true);
  expect(await storePrint(desk.engine)).toEqual(before);
  expect(await undo(first.id)).toBe(false);
  // accepted + duplicates + rejected = sent: 3 by call, 5 by each import.
  expect(await balance(desk.engine)).toEqual({ events: 3, removed: 3, duplicates: 5, rejected: 2 });

  expect(await desk.importText('new.csv', FILE)).toMatchObject({ accepted: 3, duplicates: 1, rejected: 1 });
  expect(await storePrint(desk.engine)).toEqual(between);
  expect(await list()).toMatchObject([
    { state: 'DONE', accepted: 3, duplicates: 1, rejected: 1, rows: 5, progress: 1, problem: null },
    { id: second.id, state: 'UNDONE', accepted: 0, duplicates: 4 },
    { id: first.id, state: 'UNDONE', accepted: 3, duplicates: 1 },
  ]);
});

it('is in the next answer, and lets the events come by any way', async () => {
  const overview =
    'query { overview(input: { range: { from: "2025-01-01T00:00:00Z", to: "2027-01-01T00:00:00Z" } }) { revenue { value } } }';
  const revenue = async (): Promise<number> =>
    (await server.query<{ overview: { revenue: { value: number } } }>(overview)).overview.revenue.value;
  const { id } = await desk.importText('new.csv', FILE);
  expect(await revenue()).toBe(20.75);
  const again = { id: 'c-1', customerId: 'cid', event: 'buy', time: '2026-02-02T10:00:00Z', revenue: 7 };
  expect(await ingest([again])).toMatchObject({ accepted: 0, duplicates: 1 });
  await undo(id);
  expect(await revenue()).toBe(10.5);
  expect(await ingest([again])).toMatchObject({ accepted: 1, duplicates: 0 });
  expect(await revenue()).toBe(17.5);
});

it('says no where there is nothing to take back', async () => {
  expect(await undo('12345')).toBe(false);
  expect(await undo('what')).toBe(false);
  const { data } = await server.ask('mutation { cancelImport(id: "12345") }');
  expect(data).toEqual({ cancelImport: false });
});

it('is seen live', async () => {
  const viewer = watch(server, `subscription { imports(every: "PT0.1S") { nodes { file state accepted } } }`);
  expect(await viewer.next()).toEqual({ imports: { nodes: [] } });
  const { id } = await desk.importText('seen.csv', FILE);
  const until = async (state: string): Promise<void> => {
    for (;;) {
      const { imports } = await viewer.next<{ imports: { nodes: { file: string; state: string }[] } }>();
      if (imports.nodes[0]?.state === state && imports.nodes[0].file.endsWith('seen.csv')) return;
    }
  };
  await until('DONE');
  await undo(id);
  await until('UNDONE');
  await viewer.leave();
});

it('tells why a file failed, and pages through many', async () => {
  await desk.importText('one.csv', FILE);
  await desk.importText('broken.ndjson', '{"user_id":"u","event":"e","time":"2026-01-01"}\n').catch(() => {});
  await expect(desk.importText('cut.csv.gz', Buffer.from('1f8b08', 'hex'))).rejects.toThrow();
  const first = await server.query<{
    imports: { nodes: { file: string }[]; pageInfo: { endCursor: string } };
  }>('{ imports(first: 1) { nodes { file } pageInfo { hasNextPage endCursor } } }');
  const { imports } = await server.query<{ imports: { nodes: { file: string }[] } }>(
    'query ($after: String) { imports(first: 5, after: $after) { nodes { file } pageInfo { hasNextPage } } }',
    { after: first.imports.pageInfo.endCursor },
  );
  const files = [...first.imports.nodes, ...imports.nodes].map(({ file }) => file.split('/').at(-1));
  expect(files).toEqual(['broken.ndjson', 'one.csv']);
});
