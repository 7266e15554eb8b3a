/** Events as they arrive: past the rate a sample in which each event of a look has the same chance. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { eventFeed } from '../../server/insights/customers/feed.service.ts';
import { int, param, sql } from '../../server/query/sql.ts';
import { testEngine } from '../support/engine.ts';
import { customer, storeEvents } from '../support/events.ts';
import type { StoredEvent } from '../support/events.ts';
import { serveTest } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';

const RATE = 20;

let engine: Engine;
let server: TestServer;

beforeEach(async () => {
  engine = await testEngine();
  server = await serveTest(engine);
});

afterEach(async () => {
  await server.close();
  await engine.close();
});

/** Many at once, one insert, at rising times. */
function burst(name: string): Promise<readonly StoredEvent[]> {
  const now = Date.now();
  return storeEvents(
    engine,
    Array.from({ length: 1500 }, (_, i) =>
      customer(`${name} ${i}`).did('seen', now - 1500 + i, { id: `${name} ${i}` }),
    ),
  );
}

/** By a hash that knows neither time nor order of arrival. */
async function lowest(events: readonly StoredEvent[]): Promise<readonly string[]> {
  const ids = param.strings(events.map(({ id }) => id));
  const { rows } = await engine.query<{ id: string }>({
    name: 'test_lowest',
    sql: sql`SELECT arrayJoin(${ids}) AS id ORDER BY sipHash64(id) LIMIT ${int(RATE)}`,
  });
  return rows.map(({ id }) => id).sort();
}

describe('the feed of events', () => {
  it('takes of all that arrived since the look before alike, and leaves the rest for good', async () => {
    const { scopeFor, scope } = await server.services.createContext();
    const feed = eventFeed({ events: ['seen'] }, RATE, scopeFor, scope.compile.vocabulary);
    const { signal } = new AbortController();
    const look = async (): Promise<string[]> => (await feed.next(RATE, signal)).map(({ id }) => id).sort();
    await burst('before');
    await feed.begin(signal);
    expect(await look()).toEqual([]);
    const one = await burst('one');
    expect(await look()).toEqual(await lowest(one));
    expect(await look()).toEqual([]);
    const [two, three] = [await burst('two'), await burst('three')];
    expect(await look()).toEqual(await lowest([...two, ...three]));
    await storeEvents(engine, [customer('late').did('seen', Date.now() - 60_000, { id: 'late' })]);
    expect(await look()).toEqual(['late']);
  });
});
