/** Random audiences over random customers, joined ids and saved audiences included, against the slow way. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { compileAudience, normaliseAudience } from '../../server/query/audience.ts';
import type { AudienceRequest } from '../../server/query/audience.ts';
import type { CompileScope, SavedAudience } from '../../server/query/events.ts';
import { join, param, sql } from '../../server/query/sql.ts';
import { compileScope } from '../support/compile-scope.ts';
import { testEngine } from '../support/engine.ts';
import { storeEvents } from '../support/events.ts';
import { storeTraits } from '../support/traits.ts';
import { isIn } from './audience.ts';
import type { AudienceCustomer, AudienceNode, BehaviorNode } from './audience.ts';
import type { FilterNode } from './filter.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await testEngine();
});
afterAll(() => engine.close());

const HISTORIES = 30;
const AUDIENCES = 8;
const BATCHES = 12;

const nowMs = Date.parse('2026-03-31T12:00:00Z');
/** Edges of the windows below, and a millisecond beside them. */
const TIMES = [
  '2026-02-28T12:00:00Z',
  '2026-03-17T12:00:00Z',
  '2026-03-31T11:00:00Z',
  '2026-03-31T12:00:00Z',
  '2025-12-31T12:00:00Z',
].flatMap((text) => [-1, 0, 1].map((ms) => Date.parse(text) + ms));
const WITHIN = ['P1M', 'P14D', 'PT1H', 'P3M', 'PT1S'];
const STAGES = ['new', 'loyal', 'lost'];

const history = fc.record({
  /** Under which of its ids the customer did it. */
  events: fc.array(
    fc.record({
      as: fc.constantFrom('', '~phone', '~web'),
      event: fc.constantFrom('view', 'buy', 'return'),
      channel: fc.constantFrom('', 'web', 'store'),
      timeMs: fc.constantFrom(...TIMES),
      revenue: fc.constantFrom(null, 5, 20),
      properties: fc.record({ size: fc.constantFrom(1, 2, 3) }, { requiredKeys: [] }),
    }),
    { minLength: 1, maxLength: 8 },
  ),
  traits: fc.record({ tier: fc.constantFrom('gold', 'silver') }, { requiredKeys: [] }),
  lifecycleStage: fc.constantFrom(...STAGES),
  isMember: fc.boolean(),
});
type History = typeof history extends fc.Arbitrary<infer T> ? T : never;

const condition: fc.Arbitrary<FilterNode> = fc.constantFrom<FilterNode[]>(
  { property: 'size', op: 'GTE', values: ['2'] },
  { property: 'size', op: 'IS_NOT', values: ['1'] },
  { property: 'channel', op: 'IS_NOT_SET' },
  { property: 'revenue', op: 'BETWEEN', values: ['5', '10'] },
  { property: 'tier', of: 'CUSTOMER', op: 'IS', values: ['gold'] },
  { property: 'tier', of: 'CUSTOMER', op: 'IS_NOT', values: ['gold'] },
  { property: 'tier', of: 'CUSTOMER', op: 'IS_NOT_SET' },
);
const where = fc.oneof(
  condition,
  condition.map((not) => ({ not })),
  fc.array(condition, { minLength: 2, maxLength: 3 }).map((all) => ({ all })),
  fc.array(condition, { minLength: 2, maxLength: 3 }).map((any) => ({ any })),
);
const behavior: fc.Arbitrary<BehaviorNode> = fc
  .record(
    {
      match: fc.record(
        {
          events: fc.subarray(['view', 'buy'], { minLength: 1 }),
          channels: fc.constantFrom(['web'], ['store', 'web']),
          where,
        },
        { requiredKeys: [] },
      ),
      atLeast: fc.integer({ min: 0, max: 3 }),
      more: fc.integer({ min: 0, max: 2 }),
      within: fc.constantFrom(...WITHIN),
    },
    { requiredKeys: ['match'] },
  )
  .map(({ more, ...rest }) => ({
    ...rest,
    ...(more === undefined ? {} : { atMost: (rest.atLeast ?? 1) + more }),
  }));

const { audience } = fc.letrec<{ audience: AudienceNode }>((tie) => ({
  audience: fc.record(
    {
      id: fc.constantFrom('live', 'static'),
      where,
      lifecycleStages: fc.subarray(STAGES, { minLength: 1 }),
      did: fc.array(behavior, { minLength: 1, maxLength: 2 }),
      didNot: fc.array(behavior, { minLength: 1, maxLength: 2 }),
      anyOf: fc.option(fc.array(tie('audience'), { minLength: 1, maxLength: 3 }), {
        nil: undefined,
        freq: 1,
        depthSize: 'small',
        maxDepth: 2,
      }),
      except: fc.option(tie('audience'), { nil: undefined, freq: 1, depthSize: 'small', maxDepth: 2 }),
    },
    { requiredKeys: [] },
  ),
}));
const LIVE: AudienceNode = { did: [{ match: { events: ['buy'] }, atLeast: 2, within: 'P3M' }] };

let batch = 0;

it(`finds the customers that counting by hand finds, in ${HISTORIES * BATCHES} histories under ${AUDIENCES} audiences each`, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(history, { minLength: HISTORIES, maxLength: HISTORIES }),
      fc.array(audience, { minLength: AUDIENCES, maxLength: AUDIENCES }),
      async (histories, audiences) => {
        batch += 1;
        const customers = histories.map((one, i) => asCustomer(one, `b${batch}-${i}`));
        await store(histories, customers);
        const members = customers.filter((_, i) => histories[i]?.isMember).map(({ id }) => id);
        const found = await membersOf(audiences, customers);
        audiences.forEach((node, k) => {
          const world = { nowMs, saved: { live: LIVE, static: members } };
          const told = customers
            .map((one) => ({ one, expected: isIn(one, node, world) }))
            .filter(({ one, expected }) => found(one.id, k) !== expected)
            .map((wrong) => JSON.stringify({ node, ...wrong }));
          expect(told.slice(0, 1)).toEqual([]);
        });
      },
    ),
    { numRuns: BATCHES, endOnFailure: true },
  );
});

function asCustomer({ events, traits, lifecycleStage }: History, id: string): AudienceCustomer {
  return { id, traits, lifecycleStage, events: events.map((event) => ({ ...event, traits })) };
}

async function store(histories: readonly History[], customers: readonly AudienceCustomer[]): Promise<void> {
  const idOf = (i: number): string => customers[i]?.id ?? '';
  await storeEvents(
    engine,
    histories.flatMap(({ events }, i) =>
      events.map(({ as, ...event }, k) => ({
        ...event,
        id: `${idOf(i)}-${k}`,
        customerId: `${idOf(i)}${as}`,
        orderId: '',
        sessionId: '',
      })),
    ),
  );
  await storeTraits(engine, Object.fromEntries(customers.map(({ id, traits }) => [id, traits])));
  await engine.insert(
    'identities',
    customers.flatMap(({ id }) =>
      ['~phone', '~web'].map((as) => ({
        alias: id + as,
        customer_id: id,
        updated_at: '2026-01-01 00:00:00',
      })),
    ),
  );
  await engine.command('test', sql`SYSTEM RELOAD DICTIONARY identity_keys`);
  // Kept under an id that was joined to another since.
  const kept = param.strings(histories.flatMap(({ isMember }, i) => (isMember ? [`${idOf(i)}~web`] : [])));
  await engine.command(
    'test',
    sql`INSERT INTO audience_members SELECT 'kept', cityHash64(arrayJoin(${kept})), now64(3)`,
  );
}

/** Whether a customer is in the audience with this position. */
async function membersOf(
  audiences: readonly AudienceNode[],
  customers: readonly AudienceCustomer[],
): Promise<(id: string, audience: number) => boolean> {
  const saved = (id: string, membersId: string | null, definition: object): [string, SavedAudience] => [
    id,
    { id, name: id, definition, membersId },
  ];
  const base = compileScope({ nowMs, hasMergedIdentities: true });
  const scope: CompileScope = {
    ...base,
    vocabulary: {
      ...base.vocabulary,
      audiences: new Map([saved('live', null, LIVE), saved('static', 'kept', {})]),
    },
    customersInLifecycleStages: (stages) => {
      const ids = customers
        .filter(({ lifecycleStage }) => stages.includes(lifecycleStage))
        .map(({ id }) => id);
      return sql`SELECT cityHash64(arrayJoin(${param.strings(ids)}))`;
    },
  };
  const conditions = audiences.map((node) =>
    compileAudience(normaliseAudience(node as AudienceRequest, scope.vocabulary, STAGES, 'audience'), scope),
  );
  const query = {
    name: 'test',
    sql: sql`SELECT customer_id AS id, [${join(
      conditions.map((one) => sql`toUInt8(${one})`),
      sql`, `,
    )}] AS is_in FROM (SELECT DISTINCT customer_key, customer_id FROM resolved_customers WHERE startsWith(customer_id, ${param.string(`b${batch}-`)}))`,
    row: undefined as { id: string; is_in: number[] } | undefined,
  };
  const { rows } = await engine.query(query);
  expect(rows).toHaveLength(customers.length);
  const byId = new Map(rows.map((row) => [row.id, row.is_in]));
  return (id, k) => byId.get(id)?.[k] === 1;
}
