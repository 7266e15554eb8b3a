/** What ClickHouse refuses arrives as one of the few kinds of EngineError, and never as half an answer. */
import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectEngine } from '../../server/engine/client.ts';
import type { Engine, EngineError } from '../../server/engine/port.ts';
import { param, sql, type Sql } from '../../server/query/sql.ts';
import type { SqlQuery } from '../../server/query/statement.ts';
import { testEngine } from '../support/engine.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await testEngine();
  await engine.command(
    'create',
    sql`CREATE TABLE things (id UInt64, at DateTime64(3, 'UTC'), properties JSON) ENGINE = MergeTree ORDER BY id`,
  );
});
afterAll(() => engine.close());

const ask = <Row>(statement: Sql): SqlQuery<Row> => ({ name: 'errors_test', sql: statement });
const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'no error',
    (error: unknown) => (error as EngineError).code,
  );

async function count(): Promise<number> {
  const { rows } = await engine.query<{ n: string }>(ask(sql`SELECT count() AS n FROM things`));
  return Number(rows[0]?.n);
}

test('exact numbers arrive exactly, with what was read', async () => {
  const answer = await engine.query<object>(
    ask(sql`SELECT max(number) AS whole, toDecimal64('0.10', 2) AS money, 1 / 3 AS rate, 0 / 0 AS nothing,
  ${param.uint64s(['18446744073709551615'])} AS list, ${param.time(1769903999999)} AS at FROM numbers(1000)`),
  );
  expect(answer.rows).toEqual([
    {
      whole: '999',
      money: '0.1',
      rate: 1 / 3,
      nothing: expect.stringMatching(/^-?nan$/) as string,
      list: ['18446744073709551615'],
      at: '2026-01-31 23:59:59.999',
    },
  ]);
  expect(answer.stats.rowsRead).toBe(1000);
  expect(answer.stats.elapsedMs).toBeGreaterThan(0);
  expect(answer.text).toContain('{p1:Array(UInt64)}');
});

test.each([
  ['a misspelt function', sql`SELECT nonsense(1)`, 'BAD_STATEMENT'],
  ['an unknown table', sql`SELECT 1 FROM nowhere`, 'BAD_STATEMENT'],
  ['a syntax error', sql`SELEKT`, 'BAD_STATEMENT'],
  ['a parameter that does not fit', sql`SELECT ${param.uint64('minus one')}`, 'BAD_DATA'],
  ['a text that is no number', sql`SELECT toUInt64(materialize('x'))`, 'BAD_DATA'],
])('%s is typed', async (_, statement, code) => {
  expect(await codeOf(engine.query(ask(statement)))).toBe(code);
});

test('an error in the middle gives no rows as if whole', async () => {
  const late = sql`SELECT number, throwIf(number = 900000) AS bad FROM numbers(1000000)`;
  expect(await codeOf(engine.query(ask(late)))).toBe('BAD_DATA');
  let seen = 0;
  const read = async (): Promise<void> => {
    for await (const row of engine.stream<object>(ask(late))) if (row) seen += 1;
  };
  expect(await codeOf(read())).toBe('BAD_DATA');
  expect(seen).toBeGreaterThan(0);
  expect(seen).toBeLessThan(1_000_000);
});

test('a row that does not fit refuses its whole insert', async () => {
  const before = await count();
  const rows = [
    { id: 1, at: '2026-01-01T00:00:00Z', properties: {} },
    { id: 'two', at: '2026-01-01 00:00:00', properties: {} },
  ];
  expect(await codeOf(engine.insert('things', rows))).toBe('BAD_DATA');
  expect(await count()).toBe(before);
});

test('an insert answers once its rows can be read', async () => {
  const before = await count();
  await engine.insert('things', [
    { id: 7, at: '2026-01-31T23:59:59.999Z', properties: { 'a.b': 1, a: { b: 2 } } },
  ]);
  expect(await count()).toBe(before + 1);
});

test('a streamed body is stored; a broken one is typed', async () => {
  const before = await count();
  const csv = (lines: string): Readable => Readable.from([Buffer.from(`id,at,properties\n${lines}`)]);
  await engine.insertStream(
    'things',
    csv('1,2026-01-01T00:00:00Z,{}\n2,2026-01-01 00:00:00.5,{}\n'),
    'CSVWithNames',
  );
  expect(await count()).toBe(before + 2);
  expect(await codeOf(engine.insertStream('things', csv('x,y,z\n'), 'CSVWithNames'))).toBe('BAD_DATA');
  const torn = new Readable({ read: () => {} });
  torn.push('id,at,properties\n5,2026-01-01T00:00:00Z,{}\n');
  setTimeout(() => torn.destroy(new Error('the sender went away')), 20);
  expect(await codeOf(engine.insertStream('things', torn, 'CSVWithNames'))).toBe('BAD_DATA');
  expect(await count()).toBe(before + 2);
});

test('an engine that is not there is UNAVAILABLE', async () => {
  const nowhere = connectEngine({ url: 'http://127.0.0.1:9', user: 'x', password: 'x', database: 'x' });
  expect(await codeOf(nowhere.query(ask(sql`SELECT 1`)))).toBe('UNAVAILABLE');
  expect(await nowhere.ping()).toBe(false);
  await nowhere.close();
});
