/** Facts come out of the engine as they are, all of them or with an error, and others have their turn meanwhile. */
import { connect, createServer, type AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { connectEngine } from '../../server/engine/client.ts';
import { EngineError, type CallOptions, type Engine } from '../../server/engine/port.ts';
import { factsStream, type FactsStatement } from '../../server/live/kept/facts-stream.ts';
import { param, sql, type Sql } from '../../server/query/sql.ts';
import { testEngine } from '../support/engine.ts';
import { until } from '../support/until.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await testEngine();
});
afterAll(() => engine.close());

const statement = (select: Sql, width: 1 | 2 | 3 = 1, name = 'facts_test'): FactsStatement => ({
  name,
  sql: select,
  width,
});
/** So many customers of ten facts. */
const many = (customers: number): Sql =>
  sql`SELECT number, arrayMap(i -> toUInt64(number * 10 + i), range(10)) FROM numbers(${param.uint64(customers)})`;

async function read(
  asked: FactsStatement,
  options?: CallOptions,
  on = engine,
): Promise<[string, number[]][]> {
  const all: [string, number[]][] = [];
  for await (const { count, keys, ends, values } of factsStream(on, asked, options)) {
    for (let i = 0; i < count; i += 1) {
      all.push([String(keys[i]), [...values.subarray(ends[i - 1] ?? 0, ends[i])]]);
    }
  }
  return all;
}

const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'no error',
    (error: unknown) => (error instanceof EngineError ? error.code : String(error)),
  );

async function runs(name: string): Promise<boolean> {
  const { rows } = await engine.query<{ n: string }>({
    name: 'count_processes',
    sql: sql`SELECT count() AS n FROM system.processes WHERE Settings['log_comment'] = ${param.string(name)}`,
  });
  return rows[0]?.n !== '0';
}

test('numbers arrive as they are, also negative ones, and lists side by side', async () => {
  const one = sql`SELECT toUInt64(${param.uint64('18446744073709551615')}), [-1, 0, 9007199254740991]`;
  expect(await read(statement(one))).toEqual([['18446744073709551615', [-1, 0, 2 ** 53 - 1]]]);
  const three = sql`SELECT toUInt64(7), [1, 2]::Array(UInt64), [3, 4]::Array(UInt64), [5, 6]::Array(UInt64)`;
  expect(await read(statement(three, 3))).toEqual([['7', [1, 3, 5, 2, 4, 6]]]);
  expect(await read(statement(sql`SELECT toUInt64(1), []::Array(UInt64)`))).toEqual([['1', []]]);
  expect(await read(statement(sql`SELECT toUInt64(1), []::Array(UInt64) WHERE 0`))).toEqual([]);
});

test('all arrive, in bounded batches, and others have their turn meanwhile', async () => {
  const customers = 400_000;
  let turns = 0;
  const turn = (): void => {
    turns += 1;
    timer = setImmediate(turn);
  };
  let timer = setImmediate(turn);
  let [seen, sum, batches, largest] = [0, 0, 0, 0];
  for await (const { count, ends, values } of factsStream(engine, statement(many(customers)))) {
    const end = ends[count - 1] ?? 0;
    for (let at = 0; at < end; at += 1) sum += values[at] ?? 0;
    seen += count;
    batches += 1;
    largest = Math.max(largest, end);
  }
  clearImmediate(timer);
  expect(seen).toBe(customers);
  expect(sum).toBe((customers * 10 * (customers * 10 - 1)) / 2);
  expect(largest).toBeLessThan(20_000);
  expect(turns).toBeGreaterThan(batches / 20);
});

test('a customer of more facts than a chunk holds arrives whole', async () => {
  const [customer] = await read(statement(sql`SELECT toUInt64(1), range(toUInt64(300000))`));
  expect(customer?.[1].length).toBe(300_000);
  expect(customer?.[1].at(-1)).toBe(299_999);
});

test('numbers that would not be exact, or are none of ours, are refused', async () => {
  const failed = codeOf(read(statement(sql`SELECT toUInt64(1), [9007199254740993]`)));
  expect(await failed).toContain('9007199254740993 is beyond what is exact');
  const narrow = codeOf(read(statement(sql`SELECT toUInt64(1), [1]`)));
  expect(await narrow).toContain('not UInt64, Array(UInt8)');
});

test('an error in the middle never looks like the end, and is typed', async () => {
  const late = sql`SELECT number, [toUInt64(throwIf(number = 900000))] FROM numbers(1000000)`;
  let seen = 0;
  const some = async (): Promise<void> => {
    for await (const { count } of factsStream(engine, statement(late))) {
      seen += count;
      // Slower than it comes: what is read ahead must not be lost when the connection breaks off.
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  };
  expect(await codeOf(some())).toBe('BAD_DATA');
  expect(seen).toBeGreaterThan(0);
  expect(seen).toBeLessThan(1_000_000);
});

test('an error before the first row, over the time and over the memory are typed', async () => {
  expect(await codeOf(read(statement(sql`SELECT nonsense(1)`)))).toBe('BAD_STATEMENT');
  const endless = sql`SELECT number, [number] FROM system.numbers`;
  const some = async (options: CallOptions): Promise<void> => {
    for await (const { count } of factsStream(engine, statement(endless, 1, 'facts_endless'), options)) {
      expect(count).toBeGreaterThan(0);
    }
  };
  expect(await codeOf(some({ maxSeconds: 0.5 }))).toBe('TIMEOUT');
  const greedy = sql`SELECT number % 3 AS n, groupArray(number) FROM numbers(100000000) GROUP BY n`;
  expect(await codeOf(read(statement(greedy), { maxBytes: 100_000_000 }))).toBe('MEMORY');
  await until('the statement is gone', async () => !(await runs('facts_endless')), 10_000);
});

test('a reader that stops early, or aborts, leaves no statement behind', async () => {
  const endless = sql`SELECT number, [number] FROM system.numbers`;
  for await (const { count } of factsStream(engine, statement(endless, 1, 'facts_stop'))) {
    if (count > 0) break;
  }
  const controller = new AbortController();
  const aborted = async (): Promise<void> => {
    const asked = statement(endless, 1, 'facts_abort');
    for await (const { count } of factsStream(engine, asked, { signal: controller.signal })) {
      if (count > 0) controller.abort();
    }
  };
  expect(await codeOf(aborted())).toBe('CANCELLED');
  await until(
    'they are gone',
    async () => !(await runs('facts_stop')) && !(await runs('facts_abort')),
    10_000,
  );
});

test('a connection that breaks off never looks like the end', async () => {
  const store = inject('store');
  const proxy = createServer((client) => {
    const upstream = connect(Number(new URL(store.url).port), '127.0.0.1');
    let passed = 0;
    client.on('error', () => upstream.destroy()).pipe(upstream);
    upstream.on('error', () => client.destroy());
    upstream.on('data', (bytes) => {
      passed += bytes.length;
      if (passed < 500_000) client.write(bytes);
      else client.end(() => upstream.destroy());
    });
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const cut = connectEngine({
    ...store,
    database: 'system',
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
  });
  await expect(read(statement(many(100_000)), undefined, cut)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  await cut.close();
  proxy.close();
});
