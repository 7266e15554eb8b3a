/** Turns whose holder fails, falls silent, or is taken for dead: who takes over finds nothing under way. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { silentLog } from '../../server/engine/log.ts';
import { EngineError } from '../../server/engine/port.ts';
import type { Engine } from '../../server/engine/port.ts';
import { createTurns } from '../../server/ingest/turns/turns.ts';
import type { Turns } from '../../server/ingest/turns/turns.ts';
import { TurnLog } from '../../server/ingest/turns/turn-log.ts';
import type { Timing } from '../../server/ingest/turns/timing.ts';
import { sql } from '../../server/query/sql.ts';
import { testEngine } from '../support/engine.ts';
import { gate } from '../support/gate.ts';
import { until } from '../support/until.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await testEngine();
});
afterAll(() => engine.close());

const QUICK: Partial<Timing> = {
  aliveMs: 100,
  sureMs: 400,
  silentMs: 900,
  objectMs: 150,
  lookMs: 10,
  loneLookMs: 30,
  waitMs: 5,
};
const nothing = (): Promise<void> => Promise.resolve();
const open = (on: Engine, timing: Partial<Timing> = {}): Turns =>
  createTurns({ engine: on, log: silentLog, timing: { ...QUICK, ...timing } });

/** The way to the engine, which can be cut: what is on its way there goes on, nothing new arrives. */
function wire() {
  let isCut = false;
  const checked = <T>(call: () => Promise<T>): Promise<T> =>
    isCut ? Promise.reject(new EngineError('UNAVAILABLE', 'cut')) : call();
  const through: Engine = {
    ...engine,
    query: (query, options) => checked(() => engine.query(query, options)),
    insert: (table, rows, options) => checked(() => engine.insert(table, rows, options)),
    command: (name, statement, options) => checked(() => engine.command(name, statement, options)),
    stream: (query, options) => engine.stream(query, options),
    streamBytes: (query, options) => engine.streamBytes(query, options),
    insertStream: (table, body, format, options) => engine.insertStream(table, body, format, options),
    insertSelect: (name, statement, body, options) => engine.insertSelect(name, statement, body, options),
  };
  return { engine: through, cut: () => (isCut = true), mend: () => (isCut = false) };
}

const SLOW = sql`INSERT INTO rejected_events (reason) SELECT concat('slow', toString(sleepEachRow(1))) FROM numbers(60)
SETTINGS max_block_size = 1, function_sleep_max_microseconds_per_block = 0`;

async function slowStatements(): Promise<number> {
  const { rows } = await engine.query<{ n: string }>({
    name: 'test.running',
    sql: sql`SELECT count() AS n FROM system.processes WHERE Settings['log_comment'] = 'test.slow' AND current_database = currentDatabase()`,
  });
  return Number(rows[0]?.n);
}

it('looks what came of it before the first work of a program, and not again while all goes well', async () => {
  const turns = open(engine);
  const seen: string[] = [];
  turns.onTaken(() => Promise.resolve(void seen.push('recovered')));
  await turns.during(() => Promise.resolve(seen.push('work')));
  await turns.during(() => Promise.resolve(seen.push('work')));
  expect(seen).toEqual(['recovered', 'work', 'work']);
  const other = open(engine);
  await other.during(nothing);
  await turns.during(nothing);
  expect(seen).toEqual(['recovered', 'work', 'work']);
  await Promise.all([turns.close(), other.close()]);
});

it('ends the turn with work that fails, once its neighbours are done, and looks what came of it', async () => {
  const turns = open(engine);
  const seen: string[] = [];
  turns.onTaken(() => Promise.resolve(void seen.push('recovered')));
  const { opened, open: finish } = gate();
  const neighbour = turns.during(() => opened).then(() => seen.push('neighbour'));
  await expect(
    turns.during(() => Promise.reject(new EngineError('TIMEOUT', 'not heard of'))),
  ).rejects.toMatchObject({ code: 'TIMEOUT' });
  const next = turns.during(() => Promise.resolve(seen.push('next')));
  finish();
  await Promise.all([neighbour, next]);
  expect(seen).toEqual(['recovered', 'neighbour', 'recovered', 'next']);
  await turns.close();
});

it('takes over from a holder that fell silent, ends what it has under way, and that one writes no more', async () => {
  const { engine: cuttable, cut, mend } = wire();
  const silent = open(cuttable);
  let looked = 0;
  silent.onTaken(() => Promise.resolve(void (looked += 1)));
  const slow = silent.during(() => silent.engine.command('test.slow', SLOW, { maxSeconds: 60 }));
  slow.catch(() => {});
  const { opened, open: write } = gate();
  const late = silent.during(async () => {
    await opened;
    await silent.engine.insert('rejected_events', [{ reason: 'too late' }]);
  });
  late.catch(() => {});
  await until('its statement runs', async () => (await slowStatements()) === 1);
  cut();
  const heir = open(engine);
  let found = -1;
  let recovered = 0;
  heir.onTaken(async () => {
    recovered += 1;
    found = await slowStatements();
  });
  await heir.during(nothing);
  expect([recovered, found]).toEqual([1, 0]);
  await expect(slow).rejects.toBeInstanceOf(EngineError);
  mend();
  write();
  await expect(late).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  // Something it began may have come to the store after the heir looked.
  expect(looked).toBe(1);
  await silent.during(nothing);
  expect(looked).toBe(2);
  await silent.during(nothing);
  expect(looked).toBe(2);
  await Promise.all([silent.close(), heir.close()]);
}, 60_000);

it('does not work where the store does not answer, and goes on once it does', async () => {
  const { engine: cuttable, cut, mend } = wire();
  const turns = open(cuttable);
  cut();
  await expect(turns.during(nothing)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  mend();
  await turns.during(nothing);
  cut();
  await until(
    'it is no longer sure of its turn',
    async () =>
      (await turns.during(nothing).then(
        () => 'done',
        (error: EngineError) => error.code,
      )) === 'UNAVAILABLE',
  );
  mend();
  await turns.during(nothing);
  await turns.close();
});

it('gives way to a doubt although it lives, so that two never write', async () => {
  const turns = open(engine, { loneLookMs: 20 });
  const log = new TurnLog(engine, 'doubter');
  const [begun, { opened, open: finish }] = [gate(), gate()];
  const work = turns.during(async () => {
    begun.open();
    await opened;
    await turns.engine.insert('rejected_events', [{ reason: 'doubted' }]);
  });
  work.catch(() => {});
  // In a turn that is doubted before anything has begun in it nothing does, but in the next.
  await begun.opened;
  const { turn } = await log.read();
  await log.doubt(turn);
  await until('it has seen the doubt', async () => {
    const waiting = turns.engine.insert('rejected_events', [{ reason: 'probe' }]);
    return waiting.then(
      () => false,
      () => true,
    );
  });
  finish();
  await expect(work).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  await until('it gave the turn up', async () => (await log.read()).end === 'left');
  await turns.during(nothing);
  expect((await log.read()).turn).toBe(turn + 1);
  await turns.close();
});

it('skips a number that a crash of the engine used up', async () => {
  const log = new TurnLog(engine, 'crashed');
  const { turn } = await log.read();
  await log.take(turn + 1);
  await engine.command(
    'test.lose_turn',
    sql`DELETE FROM turns WHERE turn > (SELECT max(turn) FROM turns WHERE kind != 'taken') SETTINGS lightweight_deletes_sync = 2`,
  );
  expect((await log.read()).turn).toBe(turn);
  const turns = open(engine);
  await turns.during(nothing);
  // More than that where a slow machine lets go of a turn and takes another.
  expect((await log.read()).turn).toBeGreaterThanOrEqual(turn + 2);
  await turns.close();
});
