/** The log of moves under two writers, and after a crash, on the real engine. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MovementLog, NotTheWriterError } from '../../server/automation/movement-log.ts';
import { LIFECYCLE } from '../../server/automation/movement.ts';
import type { Found, Position } from '../../server/automation/movement.ts';
import type { Engine } from '../../server/engine/port.ts';
import { sql } from '../../server/query/sql.ts';
import { testEngine } from '../support/engine.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await testEngine();
});
afterAll(() => engine.close());

const move = (key: string, after: string, atMs = 1_780_000_000_000): Found => ({
  ...{ subject: LIFECYCLE, key, before: '', after, atMs },
});
const BEGIN: Position = { batch: 0, n: 0 };
const ANY = { subject: LIFECYCLE, before: null, after: null };

describe('the log of moves', () => {
  it('takes from two writers at once what one of them writes, whole, and in one order', async () => {
    const [a, b] = [new MovementLog(engine, 'a'), new MovementLog(engine, 'b')];
    await a.begin(1);
    await a.append([move('2', 'x', 2), move('1', 'x', 1)]);
    await b.begin(2);
    await expect(a.append([move('3', 'lost')])).rejects.toThrow(NotTheWriterError);
    await b.append([move('3', 'y')]);
    const moves = await b.after(BEGIN, ANY, 10);
    expect(moves.map(({ key, after }) => [key, after])).toEqual([
      ['1', 'x'],
      ['2', 'x'],
      ['3', 'y'],
    ]);
    const [first] = moves;
    expect((await b.after(first ?? BEGIN, ANY, 10)).map(({ key }) => key)).toEqual(['2', '3']);
    const races = await Promise.allSettled([a, b].map((each, i) => each.begin(3 + i)));
    const both = await Promise.allSettled([a.append([move('4', 'a')]), b.append([move('4', 'b')])]);
    expect(races.some(({ status }) => status === 'fulfilled')).toBe(true);
    expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('applies what stands in it and was not applied', async () => {
    const c = new MovementLog(engine, 'c');
    await c.begin(9);
    await c.append([move('7', 'told')]);
    await engine.command(
      'test_crash',
      sql`ALTER TABLE standings DELETE WHERE customer_key = 7 SETTINGS mutations_sync = 1`,
    );
    await new MovementLog(engine, 'd').begin(10);
    const { rows } = await engine.query<{ state: string }>({
      name: 'test_standing',
      sql: sql`SELECT state FROM standings FINAL WHERE customer_key = 7`,
    });
    expect(rows).toEqual([{ state: 'told' }]);
  });
});
