/** Many askers at once: one run for equal questions, ended when nobody waits; turns, bounds, light ones first. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Answers, DEFAULT_LIMITS } from '../../server/answers/answers.ts';
import type { AnswerLimits, Asker } from '../../server/answers/answers.ts';
import type { Engine } from '../../server/engine/port.ts';
import { param, sql } from '../../server/query/sql.ts';
import type { SqlQuery } from '../../server/query/statement.ts';
import { countingEngine } from '../support/counting.ts';
import type { CountingEngine } from '../support/counting.ts';
import { testEngine } from '../support/engine.ts';
import { customer, storeEvents } from '../support/events.ts';
import { serveTest } from '../support/server.ts';
import { until } from '../support/until.ts';

const FUNNEL = `query ($input: FunnelInput!) { funnel(input: $input) { steps { customers } } }`;
const input = { steps: [{ match: { events: ['view'] } }], range: { last: 'P3Y' } };

let engine: Engine;
let counted: CountingEngine;

beforeEach(async () => {
  engine = await testEngine();
  counted = countingEngine(engine);
});

afterEach(() => engine.close());

const number = (value: number): SqlQuery<{ n: number }> => ({
  name: 'number',
  sql: sql`SELECT toUInt32(${param.uint32(value)}) AS n`,
});
/** Runs for a minute unless it is ended. */
const endless: SqlQuery<unknown> = {
  name: 'endless',
  sql: sql`SELECT sleepEachRow(1) FROM numbers(60) SETTINGS max_block_size = 1, function_sleep_max_microseconds_per_block = 0`,
};
const asker = (...caller: string[]): Asker => ({
  caller,
  since: -Infinity,
  confirmed: () => Promise.resolve(),
});
const answersOf = (limits: Partial<AnswerLimits> = {}): Answers =>
  new Answers(counted, { ...DEFAULT_LIMITS, ...limits });

async function isRunning(): Promise<boolean> {
  const { rows } = await engine.query<{ n: number }>({
    name: 'processes',
    sql: sql`SELECT toUInt32(count()) AS n FROM system.processes
WHERE Settings['log_comment'] = 'endless' AND current_database = currentDatabase() AND NOT is_cancelled`,
  });
  return rows[0]?.n !== 0;
}

describe('equal questions at once', () => {
  it('run once: 200 page loads, one statement', async () => {
    const server = await serveTest(counted, { answering: { settleMs: 3_600_000, holdMs: 3_600_000 } });
    await storeEvents(engine, [customer('ann').did('view', '2026-03-10T10:00Z')]);
    await server.ask(FUNNEL, { input: { ...input, range: { last: 'P2Y' } } });
    counted.runs('funnel');
    const answers = await Promise.all(Array.from({ length: 200 }, () => server.ask(FUNNEL, { input })));
    expect(new Set(answers.map(({ data }) => JSON.stringify(data)))).toEqual(
      new Set(['{"funnel":{"steps":[{"customers":1}]}}']),
    );
    expect(counted.runs('funnel')).toBe(1);
    await server.close();
  });

  it('run anew for who asks after a change, while those before get what they asked for', async () => {
    const answers = answersOf();
    const open = counted.hold('number');
    const before = answers.query(number(1), asker('a'));
    await until('the statement runs', () => answers.size.heavy.running === 1);
    answers.expire(null);
    const after = answers.query(number(1), asker('b'));
    open();
    await Promise.all([before, after]);
    expect(counted.runs('number')).toBe(2);
    expect((await answers.query(number(1), asker('c'))).isCached).toBe(true);
  });

  it('end in the engine when the last who waits has left, not before', async () => {
    const answers = answersOf();
    const [one, two] = [new AbortController(), new AbortController()];
    const waiting = [one, two].map(({ signal }, i) =>
      answers.query(endless, asker(`${i}`), { signal, maxSeconds: 60 }),
    );
    const codes = waiting.map((answer) => answer.catch((error: { code: string }) => error.code));
    await until('it runs', isRunning);
    one.abort();
    expect(await codes[0]).toBe('CANCELLED');
    expect(await isRunning()).toBe(true);
    two.abort();
    expect(await codes[1]).toBe('CANCELLED');
    await until('it has ended', async () => !(await isRunning()));
    expect(answers.size.heavy).toEqual({ running: 0, waiting: 0 });
  });

  it('never begin when all have left while they waited', async () => {
    const answers = answersOf({ heavyAtOnce: 1 });
    const open = counted.hold('number');
    const first = answers.query(number(1), asker('a'));
    const leaving = new AbortController();
    const second = answers.query(number(2), asker('b'), { signal: leaving.signal });
    leaving.abort();
    await expect(second).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(answers.size.heavy).toEqual({ running: 1, waiting: 0 });
    open();
    await first;
    expect(counted.runs('number')).toBe(1);
  });
});

describe('where nothing is kept', () => {
  it('equal questions at once run once, and once more when asked again', async () => {
    const answers = answersOf({ cacheBytes: 0 });
    const ask = () => Promise.all(['a', 'b', 'c'].map((name) => answers.query(number(1), asker(name))));
    for (const answer of await ask()) expect(answer.rows).toEqual([{ n: 1 }]);
    expect(counted.runs('number')).toBe(1);
    await ask();
    expect(counted.runs('number')).toBe(1);
    expect(answers.size.cached.answers).toBe(0);
  });
});

describe('a lane', () => {
  it('answers light statements while heavy ones hold theirs', async () => {
    const answers = answersOf({ heavyAtOnce: 1 });
    const open = counted.hold('number');
    const heavy = answers.query(number(1), asker('a'));
    const light = await answers.query({ ...number(2), name: 'light', isLight: true }, asker('a'));
    expect(light.rows).toEqual([{ n: 2 }]);
    open();
    await heavy;
  });

  it('sends away whoever comes when too many wait', async () => {
    const answers = answersOf({ heavyAtOnce: 1, mostWaiting: 2 });
    const open = counted.hold('number');
    const taken = [1, 2, 3].map((n) => answers.query(number(n), asker('a')));
    await expect(answers.query(number(4), asker('b'))).rejects.toMatchObject({ code: 'BUSY' });
    open();
    await Promise.all(taken);
    expect((await answers.query(number(4), asker('b'))).rows).toEqual([{ n: 4 }]);
  });
});

describe('memory for answers', () => {
  const texts = (length: number): SqlQuery<unknown> => ({
    name: 'texts',
    sql: sql`SELECT repeat('x', ${param.uint32(length)}) AS text FROM numbers(10)`,
  });

  it('stays within its bound; those not asked for longest go first', async () => {
    const answers = answersOf({ cacheBytes: 200_000 });
    for (let i = 0; i < 30; i += 1) {
      await answers.query(texts(1000 + i), asker('a'));
      await answers.query(texts(1000), asker('a'));
      expect(answers.size.cached.bytes).toBeLessThanOrEqual(200_000);
    }
    counted.runs('texts');
    await answers.query(texts(1000), asker('a'));
    expect(counted.runs('texts')).toBe(0);
    await answers.query(texts(1001), asker('a'));
    expect(counted.runs('texts')).toBe(1);
  });

  it('is not given to an answer that would drive out the others', async () => {
    const answers = answersOf({ cacheBytes: 200_000 });
    await answers.query(texts(10_000), asker('a'));
    expect(answers.size.cached.answers).toBe(0);
  });
});
