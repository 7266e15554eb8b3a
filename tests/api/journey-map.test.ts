/** Publishing a journey map: its check, its dry run, what follows it, who is told, and the way back. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import type { JourneyMap } from '../../server/journey/map.ts';
import { retailMap } from '../../server/journey/retail.ts';
import type { LifecycleRule } from '../../server/journey/rule.ts';
import { sql } from '../../server/query/sql.ts';
import type { SqlQuery } from '../../server/query/statement.ts';
import { testEngine } from '../support/engine.ts';
import { customer, storeEvents } from '../support/events.ts';
import { watch } from '../support/live.ts';
import { serveTest } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';
import { until } from '../support/until.ts';

const DAY = 86_400_000;
const MAP = '{ journeyMap { version savedBy lifecycle { key name rule } } }';
const STAGES = 'lifecycle(input: {}) { stages { stage { key } customers } }';
const SAVE = `mutation ($map: JSON!, $basedOn: Int) { saveJourneyMap(map: $map, basedOn: $basedOn) { version lifecycle { key } } }`;
const PREVIEW = `query ($map: JSON!) { journeyMapPreview(map: $map) { version problems { field code message } warnings { field code message } customers moved stages { stage { key } before after } moves { from to customers } meta { definition } } }`;
const MEMBERS = `query ($map: JSON!, $from: String, $to: String) { journeyMapPreview(map: $map) { members(first: 10, from: $from, to: $to) { totalCount nodes { id } } } }`;

interface Preview {
  readonly journeyMapPreview: {
    readonly version: number;
    readonly problems: readonly { readonly field: string; readonly code: string; readonly message: string }[];
    readonly warnings: readonly { readonly field: string; readonly code: string; readonly message: string }[];
    readonly customers: number | null;
    readonly moved: number | null;
    readonly stages: readonly {
      readonly stage: { readonly key: string };
      readonly before: number | null;
      readonly after: number | null;
    }[];
    readonly moves: readonly object[];
  };
}
interface Stages {
  readonly lifecycle: {
    readonly stages: readonly { readonly stage: { readonly key: string }; readonly customers: number }[];
  };
}

/** The retail map with another rule for one stage. */
function withRule(key: string, rule: LifecycleRule): JourneyMap {
  const lifecycle = retailMap.lifecycle.map((stage) => (stage.key === key ? { ...stage, rule } : stage));
  return { ...retailMap, lifecycle };
}
const IMPATIENT = withRule('at_risk', { noOrderFor: 'P20D' });

const followed: SqlQuery<{ definition: string }> = {
  name: 'test_followed',
  sql: sql`SELECT definition FROM followed FINAL WHERE subject = 'lifecycle'`,
};

let engine: Engine;
let server: TestServer;

beforeEach(async () => {
  engine = await testEngine();
  server = await serveTest(engine);
  const ordered = (id: string, days: number, more = {}) =>
    customer(id).did('order_completed', Date.now() - days * DAY, { orderId: id, revenue: 10, ...more });
  await storeEvents(engine, [
    // Two whom 20 days without an order would make at risk, one who ordered yesterday, one who never did.
    ordered('ann', 40),
    ordered('bob', 45, { category: 'shoes' }),
    ordered('cem', 1),
    customer('dee').did('page_viewed', Date.now() - DAY),
  ]);
});

afterEach(async () => {
  await server.close();
  await engine.close();
});

const counts = ({ lifecycle }: Stages): Record<string, number> =>
  Object.fromEntries(
    lifecycle.stages.filter(({ customers }) => customers > 0).map((s) => [s.stage.key, s.customers]),
  );
const stagesAt = async (at: TestServer): Promise<Record<string, number>> =>
  counts(await at.query<Stages>(`{ ${STAGES} }`));
const versionAt = async (at: TestServer): Promise<number> =>
  (await at.query<{ journeyMap: { version: number } }>(MAP)).journeyMap.version;
const preview = async (map: unknown): Promise<Preview['journeyMapPreview']> =>
  (await server.query<Preview>(PREVIEW, { map })).journeyMapPreview;

const BEFORE = { prospect: 1, active: 2, new: 1 };
const AFTER = { prospect: 1, at_risk: 2, new: 1 };

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
    expect((await preview(map)).problems).toMatchObject([{ field, code }]);
  });

  it('takes a property that one event carries, and says which there are of another', async () => {
    const where = (property: string): LifecycleRule => ({
      orders: { atLeast: 1, where: { property, op: 'IS', values: ['shoes'] } },
    });
    expect(await server.query(SAVE, { map: withRule('loyal', where('category')) })).toMatchObject({
      saveJourneyMap: { version: 1 },
    });
    expect((await preview(withRule('loyal', where('categroy')))).problems[0]?.message).toMatch(
      /^No event carries the property "categroy"; there are event, .*, category\.$/,
    );
  });

  it('holds at once, here and on another server of the store, and for who starts later', async () => {
    const other = await serveTest(engine);
    expect([await stagesAt(server), await stagesAt(other)]).toEqual([BEFORE, BEFORE]);
    await server.query(SAVE, { map: IMPATIENT, basedOn: 0 });
    expect(await stagesAt(server)).toEqual(AFTER);
    await until('the other follows', async () => (await versionAt(other)) === 1);
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
    for (const viewer of viewers) expect(counts(await viewer.next<Stages>())).toEqual(BEFORE);
    await server.query(SAVE, { map: IMPATIENT });
    for (const viewer of viewers) expect(counts(await viewer.next<Stages>())).toEqual(AFTER);
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
    await until('it is followed', async () => {
      const { rows } = await engine.query(followed);
      return rows.length > 0;
    });
    await order('dee');
    expect(await first).toEqual({ customer: { id: 'dee' }, from: 'prospect', to: 'new' });
    await server.query(SAVE, { map: IMPATIENT });
    // Bob was active by the old rules, and is at risk by the new ones: told is where he goes from there.
    const second = next();
    await until('the new rules are followed', async () => {
      const { rows } = await engine.query(followed);
      return rows.some(({ definition }) => definition.includes('P20D'));
    });
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

describe('journeyMapPreview', () => {
  it('says who would go where, and whom: what a publication then does', async () => {
    const told = await preview(IMPATIENT);
    expect(told).toMatchObject({
      version: 0,
      problems: [],
      customers: 4,
      moved: 2,
      moves: [{ from: 'active', to: 'at_risk', customers: 2 }],
    });
    const after = told.stages.filter((stage) => stage.after).map(({ stage, after }) => [stage.key, after]);
    expect(await stagesAt(server)).toEqual(BEFORE);
    const members = async (move: object): Promise<unknown> => {
      const found = await server.query<{
        journeyMapPreview: { members: { totalCount: number; nodes: readonly { id: string }[] } };
      }>(MEMBERS, { map: IMPATIENT, ...move });
      return found.journeyMapPreview.members.nodes.map(({ id }) => id).sort();
    };
    expect(await members({})).toEqual(['ann', 'bob']);
    expect(await members({ from: 'active', to: 'at_risk' })).toEqual(['ann', 'bob']);
    expect(await members({ to: 'lost' })).toEqual([]);
    await server.query(SAVE, { map: IMPATIENT });
    expect(await stagesAt(server)).toEqual(Object.fromEntries(after));
    expect(await preview(IMPATIENT)).toMatchObject({ version: 1, moved: 0, moves: [] });
  });

  it('knows stages by their keys: one that is renamed moves nobody, one that goes away moves all of it', async () => {
    const renamed = retailMap.lifecycle.map((stage) =>
      stage.key === 'active' ? { ...stage, name: 'Regulars' } : stage,
    );
    expect(await preview({ ...retailMap, lifecycle: renamed })).toMatchObject({ moved: 0 });
    const without = { ...retailMap, lifecycle: retailMap.lifecycle.filter(({ key }) => key !== 'new') };
    await server.query(
      'mutation ($definition: AudienceInput!) { saveAudience(name: "Fresh", definition: $definition) { id } }',
      { definition: { lifecycleStages: ['new'] } },
    );
    const told = await preview(without);
    expect(told).toMatchObject({ moved: 1, moves: [{ from: 'new', to: 'active', customers: 1 }] });
    expect(told.warnings).toContainEqual(
      expect.objectContaining({ code: 'STAGE_IN_USE', field: 'lifecycle' }),
    );
    expect(told.stages.at(-1)).toMatchObject({ stage: { key: 'new' }, before: 1, after: null });
  });

  it.each([
    [
      'other order events',
      { ...retailMap, orderEvents: [...retailMap.orderEvents, 'page_viewed'] },
      { from: 'prospect', to: 'new', customers: 1 },
    ],
    [
      'a rule that looks back',
      withRule('new', { all: [{ firstOrderWithin: 'P30D' }, { stageBefore: ['loyal'] }] }),
      { from: 'new', to: 'active', customers: 1 },
    ],
  ])('counts also where both maps cannot be read at once: %s', async (_, map, move) => {
    expect(await preview(map)).toMatchObject({ customers: 4, moved: 1, moves: [move] });
  });

  it('warns of events that never came', async () => {
    const { problems, warnings } = await preview(
      withRule('loyal', { did: { match: { events: ['points_veiwed'] }, atLeast: 2 } }),
    );
    expect(problems).toEqual([]);
    expect(warnings).toContainEqual({
      field: 'lifecycle[7].rule.did.match.events[0]',
      code: 'UNSEEN_EVENT',
      message: 'No event "points_veiwed" has arrived so far.',
    });
  });

  it('tells all problems at once, each with its place, and counts nothing', async () => {
    const told = await preview({ ...IMPATIENT, lifecycle: [{ key: 'A b', rule: { noOrderFor: 'soon' } }] });
    expect(told.problems.map(({ field }) => field)).toEqual(
      expect.arrayContaining(['lifecycle[0].key', 'lifecycle[0].rule.noOrderFor', 'lifecycle[0].name']),
    );
    expect(told).toMatchObject({ customers: null, moved: null, stages: [], moves: [] });
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
