/** Quantiles of values kept in order equal the engine's own, to the digit. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { quantileExactInclusive, SortedValues } from '../../server/query/sorted-values.ts';
import { param, sql } from '../../server/query/sql.ts';
import { testEngine } from '../support/engine.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await testEngine();
});
afterAll(() => engine.close());

const SHARES = [0, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 1];
const value = fc.oneof(fc.nat({ max: 20 }), fc.nat({ max: 2 ** 31 - 1 }), fc.maxSafeNat());

async function asked(worlds: readonly (readonly number[])[], divisor: number): Promise<number[][]> {
  const of = worlds.flatMap((values, world) => values.map(() => world));
  const { rows } = await engine.query<{ world: number; shares: number[] }>({
    name: 'quantiles',
    sql: sql`SELECT row.1 AS world,
  quantilesExactInclusive(0, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 1)(row.2 / ${param.float(divisor)}) AS shares
FROM (SELECT arrayJoin(arrayZip(${param.uint32s(of)}, ${param.floats(worlds.flat())})) AS row)
GROUP BY world ORDER BY world`,
  });
  return rows.map(({ shares }) => shares);
}

it.each([1, 1000])('is what the engine says, of whole numbers divided by %i', async (divisor) => {
  const worlds = fc.sample(fc.array(value, { minLength: 1, maxLength: 40 }), 200);
  const ours = worlds.map((world) => {
    const values = new SortedValues();
    for (const one of world) values.add(one / divisor);
    return SHARES.map((share) => quantileExactInclusive(values, share));
  });
  expect(ours).toEqual(await asked(worlds, divisor));
});

it('is, of whole numbers as such, what the engine says', async () => {
  const world = fc.sample(fc.nat(), 999);
  const values = new SortedValues();
  for (const one of world) values.add(one);
  const { rows } = await engine.query<{ median: number; high: number }>({
    name: 'quantiles',
    sql: sql`SELECT quantileExactInclusive(0.5)(value) AS median, quantileExactInclusive(0.95)(value) AS high
FROM (SELECT toInt64(arrayJoin(${param.uint32s(world)})) AS value)`,
  });
  const [median, high] = [0.5, 0.95].map((share) => quantileExactInclusive(values, share));
  expect(rows).toEqual([{ median, high }]);
});

it('of nothing is NaN, which the engine says as nan, and null where there may be none', async () => {
  expect(quantileExactInclusive(new SortedValues(), 0.5)).toBeNaN();
  const { rows } = await engine.query({
    name: 'quantiles',
    sql: sql`SELECT quantileExactInclusive(0.5)(number) AS nothing, quantileExactInclusiveIf(0.5)(number, 0) AS none,
  quantileExactInclusive(0.5)(toNullable(number)) AS missing FROM numbers(0)`,
  });
  expect(rows).toEqual([{ nothing: 'nan', none: 'nan', missing: null }]);
});
