/** What is erased leaves the disk too, and stands in no log. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { ensureBuilt } from '../../scripts/build.mjs';
import { startEmbedded } from '../../server/engine/embedded/supervisor.ts';
import { migrate } from '../../server/engine/migrations.ts';
import { sql } from '../../server/query/sql.ts';
import { serveTest } from '../support/server.ts';

const WHO = 'erika-mustermann-4711';

/** Files below the folder that have the text as it is. */
function filesWith(folder: string, text: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => {
    const path = join(folder, file);
    return statSync(path, { throwIfNoEntry: false })?.isFile() && readFileSync(path).includes(text);
  });
}

it('stands in no file of the store and in no line of the log', async () => {
  await ensureBuilt('engine');
  const dataDir = mkdtempSync(join(tmpdir(), 'waymark-erased-'));
  const store = await startEmbedded({ dataDir, memoryBytes: 2 * 1024 ** 3 });
  await migrate(store.connection);
  let lines = '';
  const log = pino(
    { level: 'trace' },
    new Writable({ write: (line, _, done) => ((lines += String(line)), done()) }),
  );
  const server = await serveTest(store.engine, { log });
  const others = Array.from({ length: 20 }, (_, i) => ({
    customerId: `other-${i}`,
    event: 'view',
    time: '2026-01-01T00:00:00Z',
  }));
  const events = [
    ...others,
    { customerId: WHO, event: 'view', time: '2026-01-01T00:00:00Z' },
    { customerId: WHO, event: '' },
  ];
  await server.query('mutation ($events: [EventInput!]!) { ingest(events: $events) { accepted } }', {
    events,
  });
  await server.query('mutation ($id: ID!) { identify(customerId: $id, anonymousId: "cookie-1") { id } }', {
    id: WHO,
  });
  expect(filesWith(dataDir, WHO).length).toBeGreaterThan(3);

  await server.query('mutation ($id: ID!) { eraseCustomer(id: $id) }', { id: WHO });
  const left = async (): Promise<string> => {
    const { rows } = await store.engine.query<{ parts: string }>({
      name: 'test.parts',
      sql: sql`SELECT (SELECT count() FROM system.mutations WHERE NOT is_done)
  + (SELECT count() FROM system.parts WHERE database = currentDatabase() AND (NOT active OR has_lightweight_delete)) AS parts`,
    });
    return rows[0]?.parts ?? '';
  };
  await expect.poll(left, { timeout: 60_000 }).toBe('0');
  await expect.poll(() => filesWith(dataDir, WHO), { timeout: 60_000 }).toEqual([]);
  expect(lines).not.toContain(WHO);
  await server.close();
  await store.close();
  rmSync(dataDir, { recursive: true });
});
