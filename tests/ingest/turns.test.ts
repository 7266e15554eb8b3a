/** One program at a time: turns on the real engine, several takers on one store. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { silentLog } from '../../server/engine/log.ts';
import type { Engine } from '../../server/engine/port.ts';
import { createTurns } from '../../server/ingest/turns/turns.ts';
import type { Turns } from '../../server/ingest/turns/turns.ts';
import { TurnLog } from '../../server/ingest/turns/turn-log.ts';
import type { Timing } from '../../server/ingest/turns/timing.ts';
import { sql } from '../../server/query/sql.ts';
import { gate } from '../support/gate.ts';
import { countingEngine } from '../support/counting.ts';
import { testEngine } from '../support/engine.ts';
import { until } from '../support/until.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await testEngine();
});
afterAll(() => engine.close());

/** Quick enough for many handovers in a test. */
const QUICK: Partial<Timing> = { lookMs: 10, loneLookMs: 30, waitMs: 5, workMs: 15 };
const open = (timing: Partial<Timing> = QUICK, on = engine): Turns =>
  createTurns({ engine: on, log: silentLog, timing });
const rest = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const nothing = (): Promise<void> => Promise.resolve();

it('gives a turn to one of twenty who take it at the same moment', async () => {
  const takers = Array.from({ length: 20 }, (_, i) => new TurnLog(engine, `taker-${i}`));
  const first = ((await takers[0]?.read())?.turn ?? 0) + 1;
  for (let turn = first; turn < first + 15; turn += 1) {
    await Promise.all(takers.map((taker) => taker.take(turn)));
    const { rows } = await engine.query<{ owners: string; rows: string }>({
      name: 'test.takers',
      sql: sql`SELECT uniqExact(owner) AS owners, count() AS rows FROM turns WHERE kind = 'taken' AND turn = (SELECT max(turn) FROM turns)`,
    });
    expect(rows[0]).toEqual({ owners: '1', rows: '1' });
    const seen = await Promise.all(takers.map((taker) => taker.read()));
    expect(new Set(seen.map(({ owner }) => owner)).size).toBe(1);
    expect(seen[0]?.turn).toBe(turn);
  }
  await takers[0]?.end(first + 14, 'ended', '');
}, 60_000);

it('never lets two programs work at the same time, and lets all of them finish', async () => {
  const works = fc.array(fc.record({ ms: fc.nat({ max: 15 }), gap: fc.nat({ max: 25 }) }), { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(fc.array(works, { minLength: 2, maxLength: 4 }), async (programs) => {
      const working = new Map<number, number>();
      let done = 0;
      const all = programs.map(() => open());
      const workOf = async (program: number, ms: number): Promise<void> => {
        working.set(program, (working.get(program) ?? 0) + 1);
        const others = [...working].filter(([other, count]) => other !== program && count > 0);
        expect(others).toEqual([]);
        await rest(ms);
        working.set(program, (working.get(program) ?? 0) - 1);
        done += 1;
      };
      await Promise.all(
        programs.map(async (own, program) => {
          const begun: Promise<void>[] = [];
          for (const { ms, gap } of own) {
            await rest(gap);
            begun.push(all[program]!.during(() => workOf(program, ms)));
          }
          await Promise.all(begun);
        }),
      );
      expect(done).toBe(programs.flat().length);
      await Promise.all(all.map((turns) => turns.close()));
    }),
    { numRuns: 12 },
  );
}, 120_000);

it('lets the work of one program overlap', async () => {
  const turns = open();
  const both = gate();
  await Promise.all([turns.during(() => both.opened), turns.during(() => Promise.resolve(both.open()))]);
  await turns.close();
});

it('hands over within moments, however busy the holder is, and comes back to it', async () => {
  const [one, other] = [open({}), open({})];
  let isOver = false;
  let works = 0;
  const busy = async (): Promise<void> => {
    while (!isOver) {
      await one.during(() => rest(5));
      works += 1;
    }
  };
  await one.during(nothing);
  const running = Promise.all([busy(), busy()]);
  // The first time a lone holder must hear that there is another.
  await other.during(nothing);
  const waits: number[] = [];
  for (let i = 0; i < 5; i += 1) {
    const before = works;
    await until('the busy one works again', () => works > before + 3);
    const from = performance.now();
    await other.during(nothing);
    waits.push(performance.now() - from);
  }
  isOver = true;
  await running;
  // Far above what it takes (0.2 to 0.4 s), far below giving up for being silent.
  expect(Math.max(...waits)).toBeLessThan(5000);
  await Promise.all([one.close(), other.close()]);
}, 60_000);

it('lets everybody have a go, the one that has been waiting longest first', async () => {
  const holder = open();
  const order: number[] = [];
  const { opened, open: letGo } = gate();
  const begun = gate();
  const held = holder.during(() => {
    begun.open();
    return opened;
  });
  await begun.opened;
  const others: Turns[] = [];
  const waits: Promise<unknown>[] = [];
  for (let i = 0; i < 3; i += 1) {
    const turns = open();
    others.push(turns);
    waits.push(turns.during(() => Promise.resolve(order.push(i))));
    await until('the wish stands in the store', async () => {
      const { rows } = await engine.query<{ wishes: string }>({
        name: 'test.wishes',
        sql: sql`SELECT uniqExact(owner) AS wishes FROM turns WHERE kind = 'wish' AND turn = (SELECT max(turn) FROM turns)`,
      });
      return Number(rows[0]?.wishes) === i + 1;
    });
  }
  letGo();
  await Promise.all([held, ...waits]);
  expect(order[0]).toBe(0);
  expect([...order].sort()).toEqual([0, 1, 2]);
  await Promise.all([holder, ...others].map((turns) => turns.close()));
}, 60_000);

it('keeps its turn while it works alone: no statement a piece of work', async () => {
  const counting = countingEngine(engine);
  const turns = open({}, counting);
  await turns.during(nothing);
  counting.runs('insert_turns');
  counting.runs('turns.newest');
  const from = performance.now();
  for (let i = 0; i < 2000; i += 1) await turns.during(nothing);
  const seconds = (performance.now() - from) / 1000;
  expect(counting.runs('insert_turns') + counting.runs('turns.newest')).toBeLessThanOrEqual(2 + 2 * seconds);
  await turns.close();
});

it('gives up a turn without work, and then costs nothing', async () => {
  const counting = countingEngine(engine);
  const turns = open({ ...QUICK, idleMs: 50 }, counting);
  await turns.during(nothing);
  const log = new TurnLog(engine, 'onlooker');
  await until('the turn has ended', async () => (await log.read()).end === 'ended');
  counting.runs('insert_turns');
  counting.runs('turns.newest');
  await rest(300);
  expect([counting.runs('insert_turns'), counting.runs('turns.newest')]).toEqual([0, 0]);
  await turns.close();
});

it('stops waiting when the caller no longer wants it', async () => {
  const [holder, other] = [open(), open()];
  const { opened, open: letGo } = gate();
  const held = holder.during(() => opened);
  const log = new TurnLog(engine, 'onlooker');
  await until('it is held', async () => (await log.read()).end === '');
  const stop = new AbortController();
  const waiting = other.during(nothing, stop.signal);
  stop.abort();
  await expect(waiting).rejects.toMatchObject({ code: 'CANCELLED' });
  letGo();
  await held;
  await Promise.all([holder.close(), other.close()]);
});
