/** Ids that are surely new are told from memory, and no id is ever counted twice for it. */
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { silentLog } from '../../server/engine/log.ts';
import type { Engine } from '../../server/engine/port.ts';
import { hashId } from '../../server/ingest/ids/id-hash.ts';
import { AbsentIds } from '../../server/ingest/ids/absent-ids.ts';
import { createIngestion } from '../../server/ingest/ingest.service.ts';
import type { Ingestion } from '../../server/ingest/ingest.service.ts';
import { ownTurn } from '../../server/ingest/turns/turn-within.ts';
import { param, sql } from '../../server/query/sql.ts';
import { testEngine } from '../support/engine.ts';
import { until } from '../support/until.ts';

const NOW = Date.UTC(2026, 5, 1, 12);
let engine: Engine;
beforeEach(async () => {
  engine = await testEngine();
});
afterEach(() => engine.close());

let [made, asked] = [0, 0];
/** The engine, counting how often it is asked whether ids are known. */
const counting = (): Engine =>
  Object.assign(Object.create(engine) as Engine, {
    query: (...args: Parameters<Engine['query']>) => {
      if (args[0].name === 'ingest.known_ids') asked += 1;
      return engine.query(...args);
    },
  });

const events = (count: number) =>
  Array.from({ length: count }, () => ({
    id: `id-${(made += 1)}`,
    customerId: 'somebody',
    event: 'view',
    time: new Date(NOW),
  }));
const send = (to: Ingestion, some: ReturnType<typeof events>) => to.accept(some);

/** Resolves once a new event is taken without a look into the engine. */
async function learned(ingestion: Ingestion): Promise<void> {
  await until('a new id is told from memory', async () => {
    const before = asked;
    await send(ingestion, events(1));
    return asked === before;
  });
}

async function storedOnce(): Promise<void> {
  const { rows } = await engine.query<{ all: string; ids: string }>({
    name: 'test.once',
    sql: sql`SELECT count() AS all, uniqExact(event_id) AS ids FROM events`,
  });
  expect(rows[0]?.all).toBe(rows[0]?.ids);
}

it('hashes as the engine does', async () => {
  const hash = { high: 0, low: 0 };
  const text = fc.string({ unit: 'grapheme', maxLength: 60 });
  const texts = ['', 'a', '1234567', '12345678', 'ü'.repeat(5000), ...fc.sample(text, 500)];
  const { rows } = await engine.query<{ hash: string }>({
    name: 'test.hash',
    sql: sql`SELECT sipHash64(arrayJoin(${param.strings(texts)})) AS hash`,
  });
  const ours = texts.map((one) => {
    hashId(one, hash);
    return String((BigInt(hash.high) << 32n) | BigInt(hash.low));
  });
  expect(ours).toEqual(rows.map((row) => row.hash));
});

it('asks the engine of new ids no more, once it has learned what is stored, but of all others', async () => {
  const ingestion = await createIngestion({ engine: counting(), log: silentLog, now: () => NOW });
  const first = events(50);
  await send(ingestion, first);
  await learned(ingestion);
  const before = asked;
  const second = events(500);
  expect(await send(ingestion, second)).toMatchObject({ accepted: 500, duplicates: 0 });
  expect(asked).toBe(before);
  expect(await send(ingestion, [...first, ...second, ...events(7)])).toMatchObject({
    accepted: 7,
    duplicates: 550,
  });
  await ingestion.close();
  await storedOnce();
});

it('knows what another program stored meanwhile, in turns', async () => {
  const one = await createIngestion({ engine: counting(), log: silentLog, now: () => NOW });
  const other = await createIngestion({ engine, log: silentLog, now: () => NOW });
  await learned(one);
  const some = events(30);
  expect(await send(other, some)).toMatchObject({ accepted: 30 });
  expect(await send(one, some)).toMatchObject({ accepted: 0, duplicates: 30 });
  const more = events(30);
  expect(await send(one, more)).toMatchObject({ accepted: 30 });
  expect(await send(other, more)).toMatchObject({ accepted: 0, duplicates: 30 });
  await Promise.all([one.close(), other.close()]);
  await storedOnce();
});

it('knows what was stored alone in the same program', async () => {
  const own = counting();
  const turns = ownTurn(own);
  const ingestion = await createIngestion({ engine: own, log: silentLog, now: () => NOW, turns });
  await learned(ingestion);
  const some = events(20);
  await turns.alone(() =>
    turns.engine.insert(
      'events',
      some.map(({ id, customerId, event }) => ({
        event_id: id,
        customer_id: customerId,
        event,
        time: '2026-06-01 12:00:00.000',
        properties: {},
      })),
    ),
  );
  expect(await send(ingestion, some)).toMatchObject({ accepted: 0, duplicates: 20 });
  await ingestion.close();
  await storedOnce();
});

it('takes for possible what is claimed while it learns, and what it never heard the end of', async () => {
  let begin: () => void = () => {};
  const begun = new Promise<void>((resolve) => (begin = resolve));
  const slow: Engine = Object.assign(Object.create(engine) as Engine, {
    streamBytes: async function* (...args: Parameters<Engine['streamBytes']>) {
      await begun;
      yield* engine.streamBytes(...args);
    },
  });
  const ids = new AbsentIds(slow, silentLog);
  expect(ids.claim(['before', 'early'])).toEqual(['before', 'early']);
  expect(ids.claim(['during'])).toEqual(['during']);
  begin();
  let probe = 0;
  await until('ids are learned', () => ids.claim([`probe-${(probe += 1)}`]).length === 0);
  expect(ids.claim(['before', 'new', 'early', 'during', 'lone \ud800'])).toEqual([
    'before',
    'early',
    'during',
    'lone \ud800',
  ]);
  ids.forget();
  expect(ids.claim(['quite new'])).toEqual(['quite new']);
});

it('learns again after a look that failed', async () => {
  let failures = 0;
  const failing: Engine = Object.assign(Object.create(engine) as Engine, {
    streamBytes: async function* (...args: Parameters<Engine['streamBytes']>) {
      if ((failures += 1) < 3) throw new Error('no connection');
      yield* engine.streamBytes(...args);
    },
  });
  const ids = new AbsentIds(failing, silentLog);
  expect(ids.claim(['first'])).toEqual(['first']);
  let probe = 0;
  await until('ids are learned', () => ids.claim([`again-${(probe += 1)}`]).length === 0);
  expect(failures).toBe(3);
  expect(ids.claim(['first'])).toEqual(['first']);
});
