/** An import that is cancelled leaves nothing, however far it was. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { requestCancellation } from '../../server/ingest/import/imports-log.ts';
import { ImportDesk as Imports } from '../../server/ingest/import/import-desk.ts';
import { ownTurn } from '../../server/ingest/turns/turn-within.ts';
import type { Turn } from '../../server/ingest/turns/turn-within.ts';
import { pino } from 'pino';
import { sql } from '../../server/query/sql.ts';
import { openImportDesk } from '../support/import-desk.ts';
import type { ImportDesk } from '../support/import-desk.ts';
import { balance, storePrint } from '../support/store-print.ts';

let desk: ImportDesk;
beforeAll(async () => {
  desk = await openImportDesk();
});
afterAll(() => desk.close());

const FILE =
  'event_id,user_id,event,time\nx-1,ann,view,2026-01-01\nx-2,bob,view,2026-01-02\n,,view,2026-01-02\n';

async function newestImport(): Promise<number> {
  const { rows } = await desk.engine.query<{ id: string }>({
    name: 'test.newest_import',
    sql: sql`SELECT import_id AS id FROM imports FINAL ORDER BY started_at DESC LIMIT 1`,
  });
  return Number(rows[0]?.id);
}

async function listed() {
  const imports = new Imports({ engine: desk.engine, log: pino({ level: 'silent' }) });
  return (await imports.list(1, null)).imports[0];
}

it('while it is read', async () => {
  const before = await storePrint(desk.engine);
  const result = await desk.importText('read.csv', FILE, {
    admit: async (work) => {
      await requestCancellation(desk.engine, await newestImport());
      return work();
    },
  });
  expect(result).toMatchObject({ isUndone: true, accepted: 0 });
  expect(await storePrint(desk.engine)).toEqual(before);
  expect(await listed()).toMatchObject({
    state: 'undone',
    problem: 'It was cancelled; nothing of it is kept.',
  });
});

it('while it is stored', async () => {
  const before = await storePrint(desk.engine);
  const turn: Turn = {
    async alone(work) {
      const done = await ownTurn(desk.engine).alone(work);
      await requestCancellation(desk.engine, await newestImport());
      return done;
    },
    engine: ownTurn(desk.engine).engine,
    hasOthers: false,
    during: (work) => ownTurn(desk.engine).during(work),
  };
  const result = await desk.importText('stored.csv', FILE, { turn });
  expect(result).toMatchObject({ isUndone: true, accepted: 2 });
  expect(await storePrint(desk.engine)).toEqual(before);
  expect(await listed()).toMatchObject({ state: 'undone', accepted: 2 });
  expect(await balance(desk.engine)).toMatchObject({ events: 0, removed: 2 });
  expect(await desk.importText('stored.csv', FILE)).toMatchObject({ isUndone: false, accepted: 2 });
});
