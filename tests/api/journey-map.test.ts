/** Publishing a journey map: its check, what follows it, who is told, and the way back. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { retailMap } from '../../server/journey/retail.ts';
import type { LifecycleRule } from '../../server/journey/rule.ts';
import { sql } from '../../server/query/sql.ts';
import type { SqlQuery } from '../../server/query/statement.ts';
import { testEngine } from '../support/engine.ts';
import {
  AFTER,
  BEFORE,
  IMPATIENT,
  SAVE,
  STAGES,
  countsOf,
  previewAt,
  stagesAt,
  storeFour,
  versionAt,
  withRule,
} from '../support/journey-maps.ts';
import type { Stages } from '../support/journey-maps.ts';
import { watch } from '../support/live.ts';
import { serveTest } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';
import { until } from '../support/until.ts';

const followed: SqlQuery<{ definition: string }> = {
  name: 'test_followed',
  sql: sql`SELECT definition FROM followed FINAL WHERE subject = 'lifecycle'`,
};

/** How long another part may take on a busy machine. */
const PATIENT_MS = 20_000;

let engine: Engine;
let server: TestServer;

beforeEach(async () => {
  engine = await testEngine();
  server = await serveTest(engine);
  await storeFour(engine);
});

afterEach(async () => {
  await server.close();
  await engine.close();
});

describe('saveJourneyMap', () => {
  it.each([
    [
      'an unknown stage',
      withRule('won_back', { stageBefore: ['gone'] }),
      'UNKNOWN_STAGE',
      'lifecycle[4].rule.stageBefore[0]',
    ],
    [
      'a journey stage that there is not',
      withRule('loyal', { did: { match: { stage: 'gone' } } }),
      'UNKNOWN_STAGE',
      'lifecycle[7].rule.did.match.stage',
    ],
    [
      'a property that no event carries',
      withRule('loyal', {
        any: [{ orders: { atLeast: 1, where: { property: 'colour', op: 'IS', values: ['red'] } } }],
      }),
      'UNKNOWN_PROPERTY',
      'lifecycle[7].rule.any[0].orders.where.property',
    ],
    [
      'a trait that nobody has',
      withRule('loyal', { trait: { property: 'tier', op: 'IS', values: ['gold'] } }),
      'UNKNOWN_PROPERTY',
      'lifecycle[7].rule.trait.property',
    ],
  ])('refuses %s, and nothing has changed', async (_, map, code, field) => {
    const { errors } = await server.ask(SAVE, { map });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', problems: [{ field, code }] });
    expect(await versionAt(server)).toBe(0);
    expect(await stagesAt(server)).toEqual(BEFORE);
    expect((await previewAt(server, map)).problems).toMatchObject([{ field, code }]);
  });

  it('takes a property that one event carries, and says which there are of another', async () => {
    const where = (property: string): LifecycleRule => ({
      orders: { atLeast: 1, where: { property, op: 'IS', values: ['shoes'] } },
    });
    expect(await server.query(SAVE, { map: withRule('loyal', where('category')) })).toMatchObject({
      saveJourneyMap: { version: 1 },
    });
    expect((await previewAt(server, withRule('loyal', where('categroy')))).problems[0]?.message).toMatch(
      /^No event carries the property "categroy"; there are event, .*, category\.$/,
    );
  });

  it('holds at once, here and on another server of the store, and for who starts later', async () => {
    const other = await serveTest(engine);
    expect([await stagesAt(server), await stagesAt(other)]).toEqual([BEFORE, BEFORE]);
    await server.query(SAVE, { map: IMPATIENT, basedOn: 0 });
    expect(await stagesAt(server)).toEqual(AFTER);
    await until('the other follows', async () => (await versionAt(other)) === 1, PATIENT_MS);
    expect(await stagesAt(other)).toEqual(AFTER);
    const later = await serveTest(engine);
    expect(await stagesAt(later)).toEqual(AFTER);
    await later.close();
    await other.close();
  });

  it('changes nothing where it is the map that holds', async () => {
    expect(await server.query(SAVE, { map: retailMap })).toMatchObject({ saveJourneyMap: { version: 0 } });
  });

  it('is refused where somebody else published meanwhile, one of two at once also', async () => {
    const other = await serveTest(engine);
    await server.query(SAVE, { map: IMPATIENT, basedOn: 0 });
    const late = await other.ask(SAVE, { map: withRule('at_risk', { noOrderFor: 'P10D' }), basedOn: 0 });
    expect(late.errors?.[0]?.extensions?.['problems']).toMatchObject([
      { field: 'basedOn', code: 'MAP_CHANGED' },
    ]);
    const both = await Promise.all(
      [server, other].map((at, i) =>
        at.ask(SAVE, { map: withRule('at_risk', { noOrderFor: `P${12 + i}D` }), basedOn: 1 }),
      ),
    );
    expect(both.filter(({ errors }) => errors).length).toBe(1);
    expect(await versionAt(server)).toBe(2);
    await other.close();
  });

  it('changes live answers of every server, and cached ones are not given again', async () => {
    const other = await serveTest(engine);
    const viewers = [server, other].map((at) => watch(at, `subscription { ${STAGES} }`));
    for (const viewer of viewers) expect(countsOf(await viewer.next<Stages>())).toEqual(BEFORE);
    await server.query(SAVE, { map: IMPATIENT });
    for (const viewer of viewers) expect(countsOf(await viewer.next<Stages>())).toEqual(AFTER);
    await Promise.all(viewers.map((viewer) => viewer.leave()));
    await other.close();
  });

  it('tells nobody of those whom it moves; who moves after it is told by the new rules', async () => {
    const viewer = watch(server, 'subscription { lifecycleChanged { customer { id } from to } }');
    const next = async (): Promise<unknown> =>
      (await viewer.next<{ lifecycleChanged: unknown }>()).lifecycleChanged;
    const order = (customerId: string): Promise<unknown> =>
      server.query(`mutation ($events: [EventInput!]!) { ingest(events: $events) { accepted } }`, {
        events: [{ event: 'order_completed', customerId, orderId: `${customerId}-2`, revenue: 5 }],
      });
    const first = next();
    await until(
      'it is followed',
      async () => {
        const { rows } = await engine.query(followed);
        return rows.length > 0;
      },
      PATIENT_MS,
    );
    await order('dee');
    expect(await first).toEqual({ customer: { id: 'dee' }, from: 'prospect', to: 'new' });
    await server.query(SAVE, { map: IMPATIENT });
    // Bob was active by the old rules, and is at risk by the new ones: told is where he goes from there.
    const second = next();
    await until(
      'the new rules are followed',
      async () => {
        const { rows } = await engine.query(followed);
        return rows.some(({ definition }) => definition.includes('P20D'));
      },
      PATIENT_MS,
    );
    await order('bob');
    expect(await second).toEqual({ customer: { id: 'bob' }, from: 'at_risk', to: 'active' });
    await viewer.leave();
  });

  it('says what an event of the tracking API is worth from then on', async () => {
    const track = async (messageId: string): Promise<void> => {
      const body = { userId: 'eve', event: 'Handed Over', messageId, properties: { total: 30 } };
      await fetch(`${server.url}/v1/track`, { method: 'POST', body: JSON.stringify(body) });
    };
    const revenue = async (): Promise<unknown> =>
      (await server.query<{ customer: { revenue: number } }>('{ customer(id: "eve") { revenue } }')).customer
        .revenue;
    await track('one');
    expect(await revenue()).toBe(0);
    await server.query(SAVE, {
      map: { ...retailMap, orderEvents: [...retailMap.orderEvents, 'Handed Over'] },
    });
    await track('two');
    expect(await revenue()).toBe(30);
  });
});

describe('versions', () => {
  it('are kept, and brought back as a new one; the one of the start is version 0', async () => {
    await server.query(SAVE, { map: IMPATIENT });
    await server.query(SAVE, { map: withRule('at_risk', { noOrderFor: 'P10D' }) });
    const restore = `mutation ($version: Int!) { restoreJourneyMap(version: $version) { version } }`;
    expect(await server.query(restore, { version: 1 })).toEqual({ restoreJourneyMap: { version: 3 } });
    expect(await stagesAt(server)).toEqual(AFTER);
    expect(await server.query(restore, { version: 0 })).toEqual({ restoreJourneyMap: { version: 4 } });
    expect(await stagesAt(server)).toEqual(BEFORE);
    expect(await server.query('{ journeyMapVersions { version savedBy restores isCurrent } }')).toEqual({
      journeyMapVersions: [
        { version: 4, savedBy: 'admin', restores: 0, isCurrent: true },
        { version: 3, savedBy: 'admin', restores: 1, isCurrent: false },
        { version: 2, savedBy: 'admin', restores: null, isCurrent: false },
        { version: 1, savedBy: 'admin', restores: null, isCurrent: false },
        { version: 0, savedBy: null, restores: null, isCurrent: false },
      ],
    });
    const { errors } = await server.ask(restore, { version: 9 });
    expect(errors?.[0]?.extensions?.['problems']).toMatchObject([
      { field: 'version', code: 'UNKNOWN_VERSION' },
    ]);
  });
});
