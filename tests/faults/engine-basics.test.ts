import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { param, sql } from '../../server/query/sql.ts';
import { testEngine } from '../support/engine.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await testEngine();
});
afterAll(() => engine.close());

test('keeps numbers that JavaScript would round, and says what was read', async () => {
  const answer = await engine.query<{ total: string; list: string[] }>({
    name: 'exact_numbers',
    sql: sql`SELECT sum(number) AS total, ${param.uint64s(['18446744073709551615'])} AS list FROM numbers(1000)`,
  });
  expect(answer.rows).toEqual([{ total: '499500', list: ['18446744073709551615'] }]);
  expect(answer.stats.rowsRead).toBe(1000);
  expect(answer.text).toContain('{p1:Array(UInt64)}');
});
