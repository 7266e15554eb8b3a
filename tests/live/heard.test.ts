/** Who looks at what arrives hears of keys and of landed rows too, and asks for neither meanwhile. */
import pino from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { KeyBook } from '../../server/access/key-book.ts';
import { askedThrough } from '../../server/engine/asked-through.ts';
import type { Engine } from '../../server/engine/port.ts';
import { silentLog } from '../../server/engine/log.ts';
import { retailMap } from '../../server/journey/retail.ts';
import { BESIDE_EVENTS } from '../../server/query/beside-events.ts';
import type { Change } from '../../server/query/span.ts';
import { sql } from '../../server/query/sql.ts';
import { createServices } from '../../server/services.ts';
import type { Services } from '../../server/services.ts';
import { testEngine } from '../support/engine.ts';
import { until } from '../support/until.ts';

let engine: Engine;
let services: Services;
let unwatch: () => void;

beforeAll(async () => {
  engine = await testEngine();
  services = await createServices({ engine, journeyMap: retailMap, log: pino({ level: 'silent' }) });
  unwatch = await services.arrivals.watch();
});

afterAll(async () => {
  unwatch();
  await services.close();
  await engine.close();
});

it('knows a key that another server made or revoked, though nobody asks for it', async () => {
  const other = await KeyBook.open({ engine, now: Date.now, log: silentLog, hasAdminKey: true });
  const { key } = await other.create({ name: 'of another', role: 'VIEWER', expiresMs: null });
  await until('the key is known', () => services.keys.holds(key.id));
  await other.revoke(key.id);
  await until('it is known to be revoked', () => !services.keys.holds(key.id));
  await other.close();
});

it('looks for keys again only where it may not have heard of them', async () => {
  let tell: (change: Change) => void = () => {};
  const arrivals = {
    get seenAt() {
      return performance.now();
    },
    onChange: (listener: typeof tell) => void (tell = listener),
  };
  const asked: string[] = [];
  const counted = askedThrough(engine, (query, options) => {
    asked.push(query.name);
    return engine.query(query, options);
  });
  const book = await KeyBook.open({
    engine: counted,
    now: Date.now,
    log: silentLog,
    hasAdminKey: true,
    arrivals,
  });
  const looks = (): number => asked.filter((name) => name === 'access.keys_state').length;
  // However young the picture has to be.
  await book.fresh(1);
  await book.fresh(1);
  expect(looks()).toBe(1);
  tell([{ fromMs: 0, toMs: 1 }]);
  await book.fresh(1);
  expect(looks()).toBe(1);
  tell(null);
  await book.fresh(1);
  expect(looks()).toBe(2);
  tell([BESIDE_EVENTS]);
  await until('it looks by itself', () => looks() === 3);
  await book.close();
});

it('takes what landed when it hears of it', async () => {
  services.landing.watch();
  const other = await engine.query<{ n: string }>({
    name: 'n',
    sql: sql`SELECT toString(count()) AS n FROM events`,
  });
  expect(other.rows[0]?.n).toBe('0');
  await engine.command(
    'land',
    sql`INSERT INTO landing (event_id, event, customer_id, time) VALUES ('l1', 'store_visited', 'ann', '2026-01-31T10:00:00Z')`,
  );
  await until('the row counts', async () => {
    const { rows } = await engine.query<{ n: string }>({
      name: 'n',
      sql: sql`SELECT toString(count()) AS n FROM events`,
    });
    return rows[0]?.n === '1';
  });
});
