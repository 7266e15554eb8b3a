/** What could not be taken can be sent again, over the wire, and counts once. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { sql, utcText } from '../../server/query/sql.ts';
import { testEngine } from '../support/engine.ts';
import { ingest, keep, listed, replay, stored, totals } from '../support/rejected.ts';
import type { Receipt } from '../support/rejected.ts';
import { serveTest } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';

let engine: Engine;
let server: TestServer;
/** Rejected events are kept for 90 days. */
const yesterday = Date.now() - 86_400_000;

beforeAll(async () => {
  engine = await testEngine();
  server = await serveTest(engine);
});
afterAll(async () => {
  await server.close();
  await engine.close();
});

describe('a replay', () => {
  it('counts after a fix what was rejected, and keeps what is still wrong with its new reason', async () => {
    await ingest(server, [
      { event: 'fix-me buy', revenue: 5, time: '2026-02-01T00:00:00Z', properties: { n: 1 } },
      { event: 'fix-me buy', revenue: 7, properties: { n: 2 } },
      { event: 'fix-me buy', revenue: 1e14, properties: { n: 3 } },
    ]);
    const before = await totals(server);
    const rows = await listed(server, 'fix-me');
    expect(rows.map(({ reason, source }) => [reason, source])).toEqual([
      ['An event needs a customerId or an anonymousId.', 'ingest'],
      ['An event needs a customerId or an anonymousId.', 'ingest'],
      ['An event needs a customerId or an anonymousId.', 'ingest'],
    ]);
    expect(
      await replay(
        server,
        rows.map(({ id }) => id),
      ),
    ).toMatchObject({ accepted: 0, rejected: { length: 3 } });
    const receipt = await replay(
      server,
      rows.map(({ id }) => id),
      { customerId: 'fixed' },
    );
    expect(receipt).toMatchObject({ accepted: 2, duplicates: 0 });
    expect(receipt.rejected).toEqual([
      {
        index: rows.findIndex(({ payload }) => payload['revenue'] === 1e14),
        reason: 'revenue is beyond 10,000,000,000,000.',
      },
    ]);
    const left = await listed(server, 'fix-me');
    expect(left).toHaveLength(1);
    expect(left[0]).toMatchObject({ reason: 'revenue is beyond 10,000,000,000,000.' });
    expect(left[0]?.replayedAt).not.toBeNull();
    expect(left[0]?.payload).toMatchObject({ revenue: 1e14 });
    expect((await stored(server, 'fixed')).map(({ revenue }) => Number(revenue)).sort()).toEqual([5, 7]);
    expect(await totals(server)).toEqual({
      ...before,
      accepted: before.accepted + 2,
      rejected: before.rejected - 2,
    });
  });

  it('counts once however often, and however many at once', async () => {
    await ingest(
      server,
      Array.from({ length: 30 }, (_, i) => ({ event: 'once-only', revenue: 1, properties: { n: i } })),
    );
    const before = await totals(server);
    const ids = (await listed(server, 'once-only')).map(({ id }) => id);
    const receipts = await Promise.all(
      Array.from({ length: 6 }, () => replay(server, ids, { customerId: 'once' })),
    );
    expect(receipts.map(({ accepted, duplicates }) => [accepted, duplicates]).sort()).toEqual([
      ...Array.from({ length: 5 }, () => [0, 30]),
      [30, 0],
    ]);
    expect(await stored(server, 'once')).toHaveLength(30);
    expect(await listed(server, 'once-only')).toEqual([]);
    expect(await totals(server)).toEqual({
      ...before,
      accepted: before.accepted + 30,
      rejected: before.rejected - 30,
    });
  });

  it('counts once where a crash came after storing and before taking out, also on another server', async () => {
    await ingest(server, [
      { event: 'crashed', revenue: 3 },
      { event: 'crashed', revenue: 4, time: '2026-02-01T00:00:00Z' },
    ]);
    const ids = (await listed(server, 'crashed')).map(({ id }) => id);
    await replay(server, ids, { customerId: 'survivor' });
    await engine.command('test.crash', sql`TRUNCATE TABLE rejected_left`);
    const kept = await engine.query<{ n: number }>({
      name: 'test.rows',
      sql: sql`SELECT toUInt32(count()) AS n FROM rejected_events WHERE payload LIKE '%crashed%'`,
    });
    expect(kept.rows).toEqual([{ n: 0 }]);
    // The rows as they stood before.
    await engine.insert(
      'rejected_events',
      ids.map((id, i) => ({
        id,
        reason: 'no id',
        source: 'ingest',
        payload: JSON.stringify({ event: 'crashed', revenue: 3 + i }),
      })),
    );
    const other = await serveTest(engine);
    const { replayRejected } = await other.query<{ replayRejected: Receipt }>(
      'mutation ($ids: [ID!]!) { replayRejected(ids: $ids, set: { customerId: "survivor" }) { accepted duplicates rejected { reason } } }',
      { ids },
    );
    await other.close();
    expect(replayRejected).toEqual({ accepted: 0, duplicates: 2, rejected: [] });
    expect((await stored(server, 'survivor')).map(({ revenue }) => Number(revenue)).sort()).toEqual([3, 4]);
    expect(await listed(server, 'crashed')).toEqual([]);
  });

  it('knows an event by its own id, and happened when it came where it has no time', async () => {
    await ingest(server, [
      { id: 'own-1', event: 'own-id', customerId: 'null', revenue: 2 },
      { event: 'own-id', customerId: 'undefined', revenue: 9 },
    ]);
    await ingest(server, [{ id: 'own-1', event: 'own-id', customerId: 'owner', revenue: 2 }]);
    const rows = await listed(server, 'own-id');
    await engine.command(
      'test.age',
      sql`ALTER TABLE rejected_events DELETE WHERE payload LIKE '%undefined%' AND payload LIKE '%own-id%' SETTINGS mutations_sync = 2`,
    );
    const timeless = rows.find(({ payload }) => payload['customerId'] === 'undefined');
    await engine.insert('rejected_events', [
      {
        id: timeless?.id,
        received_at: utcText(yesterday),
        reason: 'x',
        source: 'ingest',
        payload: JSON.stringify(timeless?.payload),
      },
    ]);
    expect(
      await replay(
        server,
        rows.map(({ id }) => id),
        { customerId: 'owner' },
      ),
    ).toMatchObject({ accepted: 1, duplicates: 1 });
    expect(await stored(server, 'owner')).toEqual([
      expect.objectContaining({ id: 'own-1' }) as unknown,
      { id: `rejected-${timeless?.id}`, time: utcText(yesterday), revenue: '9' },
    ]);
  });

  it('reads rows of files by the names of their columns', async () => {
    await keep(server, [
      {
        reason: 'revenue is not a number.',
        source: 'shop.csv row 7',
        payload:
          '{"event_id":"17","user_id":"filed","event_type":"purchase","event_time":"2026-01-31 23:59:59 UTC","amount":"12,5","brand":"acme"}',
      },
      {
        reason: 'The event has no time.',
        source: 'shop.csv row 8',
        payload: '{"user_id":"filed","event_type":"filed view"}',
      },
      {
        reason: 'The row has 2 fields where the header has 3.',
        source: 'shop.csv row 9',
        payload: 'filed,view',
      },
    ]);
    const rows = await listed(server, 'filed');
    const receipt = await replay(
      server,
      rows.map(({ id }) => id),
      { revenue: 12.5 },
    );
    expect(receipt).toMatchObject({ accepted: 1 });
    expect(receipt.rejected.map(({ reason }) => reason).sort()).toEqual([
      'The event has no time.',
      'What was kept of it is no JSON object (it was cut, or never was one): send it again from where it came.',
    ]);
    const good = rows.find(({ source }) => source.endsWith(' 7'));
    expect(await stored(server, 'filed')).toEqual([
      { id: `17-rejected-${good?.id}`, time: '2026-01-31 23:59:59.000', revenue: '12.5' },
    ]);
  });

  it('says which ids it does not know, and changes nothing then', async () => {
    await ingest(server, [{ event: 'beside-unknown' }]);
    const [row] = await listed(server, 'beside-unknown');
    const problems = async (variables: object): Promise<unknown> => {
      const { errors } = await server.ask(
        'mutation ($ids: [ID!]!, $set: JSON) { replayRejected(ids: $ids, set: $set) { accepted } }',
        variables,
      );
      return errors?.[0]?.extensions?.['problems'];
    };
    const unknown = '00000000-0000-4000-8000-000000000000';
    expect(await problems({ ids: [row?.id, unknown], set: { customerId: 'x' } })).toEqual([
      {
        field: 'ids',
        code: 'UNKNOWN_REJECTED_EVENT',
        message: `No rejected event has the id "${unknown}". Nothing was replayed.`,
      },
    ]);
    expect(await problems({ ids: ["' OR 1"] })).toMatchObject([{ code: 'UNKNOWN_REJECTED_EVENT' }]);
    expect(await problems({ ids: Array.from({ length: 10_001 }, () => row?.id) })).toMatchObject([
      { code: 'TOO_MANY_EVENTS' },
    ]);
    expect(await problems({ ids: [row?.id], set: [1] })).toMatchObject([{ code: 'NOT_AN_OBJECT' }]);
    expect(await problems({ ids: [row?.id], set: { id: 'one' } })).toMatchObject([{ code: 'BAD_SET' }]);
    expect(await listed(server, 'beside-unknown')).toHaveLength(1);
    expect(await replay(server, [])).toEqual({ accepted: 0, duplicates: 0, rejected: [] });
  });
});
