/** Landed rows under faults and at length: every one once, and the balance adds up to the last. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { connectEngine } from '../../server/engine/client.ts';
import type { Engine } from '../../server/engine/port.ts';
import { render } from '../../server/query/sql.ts';
import { inTurns, openLandingDesk } from '../support/landing-desk.ts';
import type { LandingDesk } from '../support/landing-desk.ts';

let desk: LandingDesk;
beforeEach(async () => {
  desk = await openLandingDesk();
});
afterEach(() => desk.close());

/** Of each ten rows: one bad, two with the id of another one of them. */
const rows = (count: number, from = 0): string =>
  `INSERT INTO landing (event_id, event, customer_id, time, revenue) SELECT
  concat('e-', toString(if(number % 10 IN (7, 8), number - 1 - (number % 10 = 8), number))), if(number % 10 = 9, '', 'buy'),
  concat('c-', toString(number % 1000)), toDateTime('2026-01-01 00:00:00', 'UTC') + number % 5000000, '1'
FROM numbers(${from}, ${count})`;

const TENTH = 0.1;
const afterwards = (count: number) => ({
  events: count * 7 * TENTH,
  revenue: count * 7 * TENTH,
  duplicates: count * 2 * TENTH,
  rejected: count * TENTH,
  waiting: 0,
});

/** Like a process that is killed there: what fails is the statement of this name, before or after it ran. */
function dyingAt(engine: Engine, name: string, when: 'before' | 'after', table?: string): Engine {
  let isDead = false;
  const die = (): never => {
    isDead = true;
    throw new Error('killed');
  };
  const at = async (called: boolean, run: () => Promise<void>): Promise<void> => {
    if (isDead || (called && when === 'before')) die();
    await run();
    if (called) die();
  };
  return new Proxy(engine, {
    get(target, key: keyof Engine) {
      if (key === 'command')
        return (called: string, ...rest: [never]) =>
          at(called.startsWith(name), () => target.command(called, ...rest));
      if (key === 'insert')
        return (called: string, ...rest: [never]) =>
          at(called === table, () => target.insert(called, ...rest));
      return Reflect.get(target, key) as unknown;
    },
  });
}

it('a million rows, in slices', async () => {
  await desk.run(rows(1_000_000));
  expect(await desk.open().drain()).toBeGreaterThanOrEqual(10);
  expect(await desk.balance()).toEqual(afterwards(1_000_000));
  expect(await desk.rows(`SELECT sum(customers.events) AS n FROM customers`)).toEqual([{ n: '700000' }]);
});

const deaths = [
  ['before', 'landing.store', undefined],
  ['after', 'landing.store', undefined],
  ['after', 'landing.keep_rejected', undefined],
  ['after', 'never', 'ingest_counts'],
  ['before', 'never', 'landing_slices'],
  ['before', 'landing.drop', undefined],
  ['after', 'landing.drop', undefined],
] as const;
it.each(deaths)('killed %s %s %s: the next one goes on', async (when, name, table) => {
  for (let part = 0; part < 3; part += 1) await desk.run(rows(1000, part * 1000));
  await desk.run(rows(7000, 3000));
  const limits = { rows: 3000, bytes: 1e9 };
  for (let life = 0; life < 4; life += 1) {
    const engine = dyingAt(desk.engine, name, when, table);
    await desk
      .open({ engine, limits })
      .drain()
      .catch((error: unknown) => expect(String(error)).toContain('killed'));
    // More comes between.
    await desk.run(rows(1000, 10_000 + life * 1000));
  }
  await desk.open({ limits }).drain();
  expect(await desk.balance()).toEqual(afterwards(14_000));
  expect(await desk.rows(`SELECT sum(customers.events) AS n FROM customers`)).toEqual([{ n: '9800' }]);
});

it('killed within the statement that stores, by part of its months', async () => {
  await desk.run(rows(1000));
  const engine = dyingAt(desk.engine, 'landing.store', 'before');
  await desk
    .open({ engine })
    .drain()
    .catch(() => {});
  // As an insert that was cut off leaves it: some events, without what the views make of them.
  await desk.run(
    `ALTER TABLE known_ids_from_events MODIFY QUERY SELECT sipHash64(event_id) AS id_hash FROM events WHERE 0`,
  );
  await desk.run(`INSERT INTO events (time, event, customer_id, event_id, revenue) SELECT
  toDateTime('2026-01-01 00:00:00', 'UTC') + number, 'buy', concat('c-', toString(number)), concat('e-', toString(number)), 1
  FROM numbers(1000) WHERE number % 10 < 3`);
  await desk.run(
    `ALTER TABLE known_ids_from_events MODIFY QUERY SELECT sipHash64(event_id) AS id_hash FROM events`,
  );
  await desk.open().drain();
  expect(await desk.balance()).toEqual(afterwards(1000));
  expect(await desk.rows(`SELECT uniqExact(id_hash) AS n FROM known_ids`)).toEqual([{ n: '700' }]);
});

it('two servers drain at once while rows come', async () => {
  const turns = inTurns();
  const other = connectEngine(desk.connection);
  const limits = { rows: 500, bytes: 1e9 };
  const landings = [desk.open({ turns, limits }), desk.open({ turns, limits, engine: other })];
  const drained: Promise<number>[] = [];
  for (let part = 0; part < 10; part += 1) {
    await desk.run(rows(1000, part * 1000));
    drained.push(...landings.map((landing) => landing.drain()));
  }
  await Promise.all(drained);
  await Promise.all(landings.map((landing) => landing.drain()));
  await other.close();
  expect(await desk.balance()).toEqual(afterwards(10_000));
});

it('an idle store is asked for nothing but the parts', async () => {
  const asked: string[] = [];
  const engine = new Proxy(desk.engine, {
    get(target, key: keyof Engine) {
      if (key !== 'query') return Reflect.get(target, key) as unknown;
      return (query: Parameters<Engine['query']>[0]) => {
        asked.push(render(query.sql).text);
        return target.query(query);
      };
    },
  });
  expect(await desk.open({ engine }).drain()).toBe(0);
  expect(asked.length).toBe(1);
  expect(asked[0]).toContain('system.parts');
});
