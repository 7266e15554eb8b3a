/** What the application's user cannot do, and names that try to be SQL. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { param, sql, type Sql } from '../../server/query/sql.ts';
import type { SqlQuery } from '../../server/query/statement.ts';
import { testEngine } from '../support/engine.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await testEngine();
});
afterAll(() => engine.close());

const ask = <Row>(statement: Sql): SqlQuery<Row> => ({ name: 'safety_test', sql: statement });

const NAMES = [
  "a') , (select 'PWNED",
  '`x`; DROP TABLE events; --',
  'it"s',
  "quo'te",
  'back\\slash',
  'tab\tand\nline',
  'dotted.name',
  '名字',
  '{p1:String}',
  '__proto__',
  'SETTINGS max_threads=1',
  ' ',
];

test.each(NAMES)('a property named %j is only a name', async (name) => {
  const row = {
    customer_key: '1',
    time: '2026-01-01 00:00:00.000',
    event: 'named',
    event_id: name,
    properties: JSON.parse(`{${JSON.stringify(name)}: "found"}`) as object,
  };
  await engine.insert('events', [row]);
  const { rows } = await engine.query<{ value: string }>(
    ask(sql`SELECT toString(getSubcolumn(properties, ${param.string(name)})) AS value
FROM events WHERE event_id = ${param.string(name)}`),
  );
  expect(rows).toHaveLength(1);
  const found = rows[0]?.value;
  expect(['found', '', null]).toContain(found);
  const left = await engine.query<{ n: string }>(ask(sql`SELECT count() AS n FROM events`));
  expect(Number(left.rows[0]?.n)).toBeGreaterThan(0);
});

test.each([
  sql`SELECT * FROM file('/etc/passwd', 'LineAsString')`,
  sql`SELECT * FROM url('http://127.0.0.1:1/', 'LineAsString', 'a String')`,
  sql`SELECT * FROM s3('http://127.0.0.1:1/bucket/x', 'CSV', 'a String')`,
  sql`SELECT * FROM remote('127.0.0.1:1', system.one)`,
  sql`SELECT * FROM mysql('127.0.0.1:1', 'a', 'b', 'c', 'd')`,
  sql`INSERT INTO FUNCTION file('x.csv', 'CSV', 'a String') VALUES ('a')`,
  sql`CREATE TABLE leak (a String) ENGINE = File(CSV)`,
  sql`CREATE TABLE leak (a String) ENGINE = URL('http://127.0.0.1:1/', 'CSV')`,
  sql`CREATE USER intruder`,
  sql`SYSTEM SHUTDOWN`,
])('refuses statement %#', async (statement) => {
  await expect(engine.command('refused', statement)).rejects.toThrow(/Not enough privileges|ACCESS_DENIED/);
});

test('generators that queries need are there', async () => {
  const { rows } = await engine.query<{ n: string }>(
    ask(sql`SELECT count() AS n FROM (SELECT * FROM generateRandom('a UInt8') LIMIT 3) AS r, numbers(2) AS n2,
  (SELECT * FROM generateSeries(1, 2)) AS s, values('a UInt8', 1) AS v`),
  );
  expect(rows).toEqual([{ n: '12' }]);
});
