/** Sets of positions hold what was put in, however many positions there are. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { positionSets } from '../../server/query/positions.ts';
import { param, sql } from '../../server/query/sql.ts';
import { testEngine } from '../support/engine.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await testEngine();
});
afterAll(() => engine.close());

const counts = fc.constantFrom(1, 2, 63, 64, 65, 128, 129, 256, 257, 5000);
const rows = fc.array(fc.record({ place: fc.nat(), counts: fc.boolean() }), { maxLength: 20 });

it('lists each position once, in order, of the rows that count', async () => {
  const property = fc.asyncProperty(counts, rows, async (count, told) => {
    const sets = positionSets(count);
    const placed = [...told, { place: count - 1, counts: true }].map((row) => ({
      ...row,
      place: row.place % count,
    }));
    const query = {
      name: 'positions',
      sql: sql`SELECT ${sets.list(sql`some`)} AS some, ${sets.list(sql`every`)} AS every FROM (
SELECT ${sets.collect(sql`place`, sql`counts`)} AS some, ${sets.collect(sql`place`)} AS every
FROM (SELECT row.1 AS place, row.2 AS counts
FROM (SELECT arrayJoin(arrayZip(${param.uint64s(placed.map((row) => String(row.place)))}, ${param.uint64s(placed.map((row) => String(Number(row.counts))))})) AS row)))`,
    };
    const { rows: answers } = await engine.query<{ some: number[]; every: number[] }>(query);
    const listed = (of: typeof placed): number[] =>
      [...new Set(of.map(({ place }) => place))].sort((a, b) => a - b);
    expect(answers[0]).toEqual({ some: listed(placed.filter((row) => row.counts)), every: listed(placed) });
  });
  await fc.assert(property, { numRuns: 60 });
}, 60_000);
