/** Statements end when their caller, their clock or their memory says so, in ClickHouse too. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine, EngineError } from '../../server/engine/port.ts';
import { param, sql } from '../../server/query/sql.ts';
import type { SqlQuery } from '../../server/query/statement.ts';
import { testEngine } from '../support/engine.ts';
import { until } from '../support/until.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await testEngine();
});
afterAll(() => engine.close());

const endless = (name: string): SqlQuery<{ n: string }> => ({
  name,
  sql: sql`SELECT count() AS n FROM system.numbers WHERE sipHash64(number) = 0`,
});

async function runs(name: string): Promise<boolean> {
  const { rows } = await engine.query<{ n: string }>({
    name: 'count_processes',
    sql: sql`SELECT count() AS n FROM system.processes WHERE Settings['log_comment'] = ${param.string(name)}`,
  });
  return rows[0]?.n !== '0';
}

const failure = (promise: Promise<unknown>): Promise<EngineError> =>
  promise.then(
    () => expect.unreachable('should have failed'),
    (error: unknown) => error as EngineError,
  );

test('an abort stops the statement in ClickHouse', async () => {
  const controller = new AbortController();
  const failed = failure(engine.query(endless('abort_running'), { signal: controller.signal }));
  await until('the statement runs', () => runs('abort_running'));
  controller.abort();
  expect((await failed).code).toBe('CANCELLED');
  await until('the statement is gone', async () => !(await runs('abort_running')), 10_000);
});

test('an abort in the moment of sending stops the statement as well', async () => {
  const controllers = Array.from({ length: 20 }, () => new AbortController());
  const failed = controllers.map((controller) =>
    failure(engine.query(endless('abort_early'), { signal: controller.signal })),
  );
  for (const [i, controller] of controllers.entries()) setTimeout(() => controller.abort(), i);
  for (const error of await Promise.all(failed)) expect(error.code).toBe('CANCELLED');
  await until('all are gone', async () => !(await runs('abort_early')), 10_000);
});

test('an already aborted signal sends nothing', async () => {
  const error = await failure(engine.query(endless('never_sent'), { signal: AbortSignal.abort() }));
  expect(error.code).toBe('CANCELLED');
  expect(await runs('never_sent')).toBe(false);
});

test('a statement over its time ends as TIMEOUT', async () => {
  const error = await failure(engine.query(endless('too_slow'), { maxSeconds: 0.5 }));
  expect(error.code).toBe('TIMEOUT');
  await until('the statement is gone', async () => !(await runs('too_slow')), 10_000);
});

test('a statement over its memory ends as MEMORY, and the next is right', async () => {
  const greedy: SqlQuery<unknown> = {
    name: 'greedy',
    sql: sql`SELECT length(groupArray(toString(number))) FROM numbers(100000000)`,
  };
  expect((await failure(engine.query(greedy, { maxBytes: 100_000_000 }))).code).toBe('MEMORY');
  const next = await engine.query<{ n: string }>({
    name: 'next',
    sql: sql`SELECT count() AS n FROM numbers(10)`,
  });
  expect(next.rows).toEqual([{ n: '10' }]);
});

test('a reader that stops early leaves no statement behind', async () => {
  const numbers: SqlQuery<{ number: string }> = {
    name: 'read_some',
    sql: sql`SELECT number FROM system.numbers`,
  };
  let count = 0;
  for await (const row of engine.stream(numbers)) {
    expect(row.number).toBe(String(count));
    if ((count += 1) === 100_000) break;
  }
  await until('the statement is gone', async () => !(await runs('read_some')), 10_000);
});

test('an abort ends a stream', async () => {
  const controller = new AbortController();
  const read = async (): Promise<void> => {
    let count = 0;
    const query: SqlQuery<object> = { name: 'abort_stream', sql: sql`SELECT number FROM system.numbers` };
    for await (const row of engine.stream(query, { signal: controller.signal })) {
      if (row && (count += 1) === 1000) controller.abort();
    }
  };
  expect((await failure(read())).code).toBe('CANCELLED');
  await until('the statement is gone', async () => !(await runs('abort_stream')), 10_000);
});

test('a command can be cancelled', async () => {
  const controller = new AbortController();
  await engine.command('create', sql`CREATE TABLE slow_copy (n UInt64) ENGINE = MergeTree ORDER BY n`);
  const statement = sql`INSERT INTO slow_copy SELECT number FROM system.numbers WHERE sipHash64(number) = 0`;
  const failed = failure(engine.command('slow_copy', statement, { signal: controller.signal }));
  await until('the command runs', () => runs('slow_copy'));
  controller.abort();
  expect((await failed).code).toBe('CANCELLED');
  await until('the command is gone', async () => !(await runs('slow_copy')), 10_000);
});
