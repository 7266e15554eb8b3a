/** Saved audiences over the wire: live and static, in each other, after joins, on two servers of one store. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { sql } from '../../server/query/sql.ts';
import { testEngine } from '../support/engine.ts';
import { customer, storeEvents } from '../support/events.ts';
import { watch } from '../support/live.ts';
import { serveTest } from '../support/server.ts';
import type { Answer, TestServer } from '../support/server.ts';
import { until } from '../support/until.ts';

let engine: Engine;
let server: TestServer;
let other: TestServer;

beforeAll(async () => {
  engine = await testEngine();
  server = await serveTest(engine);
  other = await serveTest(engine);
  await storeEvents(engine, [
    customer('ann')
      .did('product_viewed', '2026-03-01T10:00Z')
      .did('order_completed', '2026-03-02T10:00Z', { revenue: 90 }),
    customer('bob').did('product_viewed', '2026-03-01T11:00Z', { channel: 'app' }),
    customer('cem').did('order_completed', '2026-03-03T10:00Z', { revenue: 10 }),
    customer('visitor').did('page_viewed', '2026-03-03T11:00Z'),
  ]);
});
afterAll(async () => {
  await Promise.all([server.close(), other.close()]);
  await engine.close();
});
beforeEach(async () => {
  const { audiences } = await server.query<{ audiences: { id: string }[] }>('{ audiences { id } }');
  for (let left = audiences; left.length > 0;) {
    const kept = [];
    for (const { id } of left) if ((await server.ask(DELETE, { id })).errors) kept.push({ id });
    if (kept.length === left.length) throw new Error('audiences hold each other');
    left = kept;
  }
});

const FIELDS =
  '{ id name definition isStatic size createdAt problem members(first: 10) { totalCount nodes { id } } }';
const SAVE = `mutation ($id: ID, $name: String!, $definition: AudienceInput!, $static: Boolean) {
  saveAudience(id: $id, name: $name, definition: $definition, static: $static) ${FIELDS} }`;
const RENAME = `mutation ($id: ID!, $name: String!) { renameAudience(id: $id, name: $name) ${FIELDS} }`;
const DELETE = 'mutation ($id: ID!) { deleteAudience(id: $id) }';
const MEMBERS = `query ($audience: AudienceInput) { customers(input: { audience: $audience }) { totalCount nodes { id } } }`;
const buyers = { did: [{ match: { events: ['order_completed'] } }] };

interface Shown {
  readonly id: string;
  readonly name: string;
  readonly size: number;
  readonly createdAt: string;
  readonly definition: unknown;
  readonly problem: string | null;
  readonly members: { readonly totalCount: number; readonly nodes: readonly { readonly id: string }[] };
}

const save = async (name: string, definition: object, more: { id?: string; static?: boolean } = {}) =>
  (await server.query<{ saveAudience: Shown }>(SAVE, { name, definition, ...more })).saveAudience;
const idsOf = (shown: Pick<Shown, 'members'>): string[] => shown.members.nodes.map(({ id }) => id).sort();

async function idsIn(audience: object, at: TestServer = server): Promise<string[]> {
  return idsOf({
    members: (await at.query<{ customers: Shown['members'] }>(MEMBERS, { audience })).customers,
  });
}

function problemOf(answer: Answer): unknown {
  expect(answer.errors).toHaveLength(1);
  expect(answer.errors?.[0]?.extensions?.['code']).toBe('BAD_USER_INPUT');
  const problems = answer.errors?.[0]?.extensions?.['problems'] as { field: string; code: string }[];
  expect(problems).toHaveLength(1);
  return `${problems[0]?.field} ${problems[0]?.code}`;
}

const refused = async (variables: object) => problemOf(await server.ask(SAVE, variables));

describe('a live audience', () => {
  it('is kept as sent and holds whoever meets it now', async () => {
    const shown = await save('  Buyers ', buyers);
    expect(shown).toMatchObject({ name: 'Buyers', isStatic: false, size: 2, problem: null });
    expect(shown.definition).toMatchObject(buyers);
    expect(idsOf(shown)).toEqual(['ann', 'cem']);
    expect(await idsIn({ id: shown.id })).toEqual(['ann', 'cem']);
    expect(Math.abs(Date.parse(shown.createdAt) - Date.now())).toBeLessThan(60_000);
  });

  it('narrows together with the other parts, in any place of an audience', async () => {
    const { id } = await save('Buyers', buyers);
    const viewed = { did: [{ match: { events: ['product_viewed'] } }] };
    expect(await idsIn({ id, ...viewed })).toEqual(['ann']);
    expect(await idsIn({ except: { id } })).toEqual(['bob', 'visitor']);
    expect(await idsIn({ anyOf: [{ id }, viewed] })).toEqual(['ann', 'bob', 'cem']);
  });

  it('gets another name by its id, under the rules of names, and keeps the rest', async () => {
    const [before, fixed] = [await save('Buyers', buyers), await save('Then', buyers, { static: true })];
    const rename = (id: string, name: string): Promise<Answer> => server.ask(RENAME, { id, name });
    expect((await rename(before.id, ' Shop ')).data).toEqual({ renameAudience: { ...before, name: 'Shop' } });
    expect((await rename(fixed.id, 'Once')).data).toEqual({ renameAudience: { ...fixed, name: 'Once' } });
    expect(problemOf(await rename(fixed.id, 'shop'))).toBe('name NAME_TAKEN');
  });

  it('is replaced by its id and keeps its beginning', async () => {
    const before = await save('Buyers', buyers);
    const after = await save(
      'Viewers',
      { did: [{ match: { events: ['product_viewed'] } }] },
      { id: before.id },
    );
    expect(after).toMatchObject({ id: before.id, name: 'Viewers', createdAt: before.createdAt });
    expect(idsOf(after)).toEqual(['ann', 'bob']);
    expect((await server.query<{ audiences: Shown[] }>(`{ audiences { id } }`)).audiences).toHaveLength(1);
  });

  it('may stand in another, which follows it', async () => {
    const inner = await save('Buyers', buyers);
    const outer = await save('Others', { except: { id: inner.id } });
    expect(idsOf(outer)).toEqual(['bob', 'visitor']);
    await save('Buyers', { did: [{ match: { channels: ['app'] } }] }, { id: inner.id });
    expect(await idsIn({ id: outer.id })).toEqual(['ann', 'cem', 'visitor']);
  });
});

describe('a static audience', () => {
  it('keeps its customers whatever they do later', async () => {
    const live = await save('Live', { lifecycleStages: ['prospect'] });
    const { id } = await save('Kept', { id: live.id }, { static: true });
    await storeEvents(engine, [customer('dan').did('page_viewed', '2026-03-04T10:00Z')]);
    expect(await idsIn({ id: live.id })).toEqual(['bob', 'dan', 'visitor']);
    expect(await idsIn({ id })).toEqual(['bob', 'visitor']);
    await server.query(DELETE, { id: live.id });
    expect(await idsIn({ id })).toEqual(['bob', 'visitor']);
    expect(await idsIn({ except: { id } })).toEqual(['ann', 'cem', 'dan']);
  });

  it('keeps a member whose id is joined to another customer', async () => {
    const { id } = await save(
      'Visitors',
      { did: [{ match: { events: ['page_viewed'] } }] },
      { static: true },
    );
    expect(await idsIn({ id })).toEqual(['dan', 'visitor']);
    await server.query('mutation { identify(customerId: "cem", anonymousId: "visitor") { id } }');
    expect(await idsIn({ id })).toEqual(['cem', 'dan']);
    expect(await idsIn({ except: { id } })).toEqual(['ann', 'bob']);
    expect(
      (await server.query<{ audiences: Shown[] }>(`{ audiences ${FIELDS} }`)).audiences[0],
    ).toMatchObject({ size: 2 });
  });

  it('is taken anew when it is saved again, and may become live', async () => {
    const { id } = await save('Some', buyers, { static: true });
    expect(
      idsOf(await save('Some', { did: [{ match: { channels: ['app'] } }] }, { id, static: true })),
    ).toEqual(['bob']);
    expect(await save('Some', buyers, { id })).toMatchObject({ isStatic: false, size: 2 });
  });

  it('of nobody has no members', async () => {
    const { id } = await save('Nobody', { did: [{ match: { events: ['never'] } }] }, { static: true });
    expect(await idsIn({ id })).toEqual([]);
  });
});

describe('what cannot be saved changes nothing', () => {
  it('names', async () => {
    const { id } = await save('Buyers', buyers);
    expect(await refused({ name: ' buyers', definition: {} })).toBe('name NAME_TAKEN');
    expect(await refused({ name: '  ', definition: {} })).toBe('name BAD_NAME');
    expect(await refused({ name: 'x'.repeat(201), definition: {} })).toBe('name BAD_NAME');
    expect(await save('BUYERS', buyers, { id })).toMatchObject({ name: 'BUYERS' });
    expect(await save('李'.repeat(200), buyers)).toMatchObject({ size: 2 });
  });

  it('what does not exist', async () => {
    expect(await refused({ id: 'nope', name: 'x', definition: {} })).toBe('id UNKNOWN_AUDIENCE');
    expect(await refused({ name: 'x', definition: { id: 'nope' } })).toBe('definition.id UNKNOWN_AUDIENCE');
    expect(await refused({ name: 'x', definition: { lifecycleStages: ['vip'] } })).toBe(
      'definition.lifecycleStages UNKNOWN_STAGE',
    );
    expect(await refused({ name: 'x', definition: { where: {} }, static: true })).toBe(
      'definition.where BAD_FILTER',
    );
    expect((await server.query<{ audiences: Shown[] }>('{ audiences { id } }')).audiences).toEqual([]);
  });

  it('circles, through others too', async () => {
    const a = await save('A', buyers);
    const b = await save('B', { anyOf: [{ id: a.id }] });
    const c = await save('C', { except: { id: b.id } });
    expect(await refused({ id: a.id, name: 'A', definition: { id: a.id } })).toBe(
      'definition.id AUDIENCE_CYCLE',
    );
    expect(await refused({ id: a.id, name: 'A', definition: { anyOf: [buyers, { id: c.id }] } })).toBe(
      'definition.anyOf[1].id AUDIENCE_CYCLE',
    );
    expect(await idsIn({ id: c.id })).toEqual(['bob', 'dan']);
  });

  it('what would make another audience unusable', async () => {
    const deep = (levels: number, end: object): object =>
      levels === 0 ? end : { anyOf: [deep(levels - 1, end)] };
    const inner = await save('Inner', buyers);
    await save('Outer', deep(6, { id: inner.id }));
    const answer = await server.ask(SAVE, { id: inner.id, name: 'Inner', definition: deep(4, buyers) });
    expect(problemOf(answer)).toBe('definition AUDIENCE_TOO_DEEP');
    expect(answer.errors?.[0]?.message).toContain('"Outer" refers to this one');
    expect(await refused({ name: 'x', definition: deep(10, buyers) })).toMatch(/AUDIENCE_TOO_DEEP$/);
  });

  it('deleting one that others refer to, by name', async () => {
    const a = await save('A', buyers);
    const b = await save('B', { anyOf: [{ id: a.id }] });
    await save('Kept', { id: a.id }, { static: true });
    const answer = await server.ask(DELETE, { id: a.id });
    expect(problemOf(answer)).toBe('id AUDIENCE_IN_USE');
    expect(answer.errors?.[0]?.message).toContain('"A" is part of "B"; change or delete');
    expect(await server.query(DELETE, { id: b.id })).toEqual({ deleteAudience: true });
    expect(await server.query(DELETE, { id: a.id })).toEqual({ deleteAudience: true });
    expect(await server.query(DELETE, { id: a.id })).toEqual({ deleteAudience: false });
    expect(
      problemOf(
        await server.ask('query ($id: ID!) { customers(input: { audience: { id: $id } }) { totalCount } }', {
          id: a.id,
        }),
      ),
    ).toBe('audience.id UNKNOWN_AUDIENCE');
  });
});

describe('several servers on one store', () => {
  const isKnown = (id: string) => async (): Promise<boolean> =>
    (await other.ask(MEMBERS, { audience: { id } })).errors === undefined;

  it('see what another saved, changed and deleted', async () => {
    const { id } = await save('Buyers', buyers);
    await until('the other server knows it', isKnown(id));
    expect(await idsIn({ id }, other)).toEqual(['ann', 'cem']);
    await save('Viewers', { did: [{ match: { channels: ['app'] } }] }, { id });
    await until('the other server knows the change', async () => (await idsIn({ id }, other)).length === 1);
    await other.query(DELETE, { id });
    await until('it is gone here', async () => {
      const { audiences } = await server.query<{ audiences: object[] }>('{ audiences { id } }');
      return audiences.length === 0;
    });
  });

  it('tell their viewers when another changes an audience', async () => {
    const { id } = await save('Buyers', buyers);
    await until('the other server knows it', isKnown(id));
    const metric = `subscription ($input: MetricInput!) { metric(input: $input, every: "PT0.1S") { total } }`;
    const input = { measure: 'CUSTOMERS', range: { from: '2026-01-01T00:00:00Z' }, audience: { id } };
    const viewer = watch(server, metric, { input });
    expect(await viewer.next()).toEqual({ metric: { total: 2 } });
    await other.query(SAVE, { id, name: 'Buyers', definition: { did: [{ match: { channels: ['app'] } }] } });
    expect(await viewer.next()).toEqual({ metric: { total: 1 } });
    await viewer.leave();
  });
});

describe('the library', () => {
  it('says what keeps an audience from being used, and lists it all the same', async () => {
    const { id } = await save('Buyers', buyers);
    const definition = '{"lifecycleStages":["gone"]}';
    const version = Date.now() + 1_000_000;
    await engine.insert('audiences', [
      { id, name: 'Buyers', definition, created_at: '2026-01-01 00:00:00', version },
    ]);
    let listed: Shown | undefined;
    await until('the change is seen', async () => {
      [listed] = (await server.query<{ audiences: Shown[] }>(`{ audiences ${FIELDS} }`)).audiences;
      return listed?.problem !== null;
    });
    expect(listed).toMatchObject({ size: 0, members: { totalCount: 0 } });
    expect(listed?.problem).toContain('no lifecycle stage "gone"');
    const answer = await server.ask(MEMBERS, { audience: { id } });
    expect(problemOf(answer)).toBe('audience.id UNKNOWN_STAGE');
    expect(answer.errors?.[0]?.message).toContain('The saved audience "Buyers" cannot be used');
  });

  it('keeps no members that nothing names', async () => {
    const abandoned = sql`SELECT 'left behind', 1, now64(3) - toIntervalHour(1)`;
    await engine.command('test', sql`INSERT INTO audience_members ${abandoned}`);
    await save('Buyers', buyers, { static: true });
    const query = {
      name: 'test',
      sql: sql`SELECT count() AS left FROM audience_members WHERE members_id = 'left behind'`,
      row: undefined as { left: string } | undefined,
    };
    await until('they are gone', async () => (await engine.query(query)).rows[0]?.left === '0');
  });
});
