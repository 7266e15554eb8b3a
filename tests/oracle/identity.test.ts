/**
 * Random histories of events, logins, aliases and merges on shared and own devices: after each step every
 * analysis counts the people that the oracle counts, over the wire.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { retailMap } from '../../server/journey/retail.ts';
import { emptyStore, testEngine } from '../support/engine.ts';
import { customer, storeEvents } from '../support/events.ts';
import type { StoredEvent } from '../support/events.ts';
import { serveTest } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';
import { WhoIsWho } from './identity.ts';
import { stageAt } from './lifecycle.ts';

const START = Date.UTC(2026, 0, 1);
const NOW = Date.UTC(2026, 4, 1);
const WORLDS = 20;
const STEPS = 6;
const MINUTE = 60_000;
/** No two that far apart are 14 days apart, and all of them lie before now. */
const SLOT = 421 * MINUTE;
const SLOTS = 400;

let engine: Engine;
let server: TestServer;
beforeAll(async () => {
  engine = await testEngine();
  server = await serveTest(engine, { now: () => NOW });
});
afterAll(async () => {
  await server.close();
  await engine.close();
});

const id = fc.constantFrom('phone', 'laptop', 'tablet', 'ann', 'bob', 'cyd');
const did = fc.record({
  kind: fc.constant('did' as const),
  id,
  event: fc.constantFrom('product_viewed', 'order_completed'),
  slots: fc.uniqueArray(fc.nat(SLOTS), { minLength: 1, maxLength: 3 }),
});
const login = fc.record({
  kind: fc.constantFrom('identify' as const, 'tracked' as const),
  customerId: fc.oneof({ weight: 4, arbitrary: fc.constantFrom('ann', 'bob', 'cyd') }, id),
  anonymousId: fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom('phone', 'laptop', 'tablet') },
    fc.option(id),
  ),
});
const merge = fc.record({ kind: fc.constant('merge' as const), id, into: id });
const step = fc.oneof(
  { weight: 3, arbitrary: did },
  { weight: 4, arbitrary: login },
  { weight: 1, arbitrary: merge },
);
type ValueOf<A> = A extends fc.Arbitrary<infer T> ? T : never;
type Step = ValueOf<typeof step>;
const histories = fc.array(fc.array(step, { minLength: STEPS, maxLength: STEPS }), {
  minLength: WORLDS,
  maxLength: WORLDS,
});

let runs = 0;

it('counts the people that counting by hand counts, before and after each step of 40 histories', async () => {
  await fc.assert(
    fc.asyncProperty(histories, async (all) => {
      await emptyStore(engine);
      runs += 1;
      const worlds = all.map((_, i) => new World(`r${runs} w${i}`));
      for (let i = 0; i < STEPS; i += 1) {
        const events = await Promise.all(worlds.map((world, w) => world.take(all[w]?.[i] as Step, `${i}`)));
        await storeEvents(engine, events.flat());
        await expectAgreement(worlds);
      }
    }),
    { numRuns: 2, endOnFailure: true },
  );
}, 240_000);

class World {
  readonly events: StoredEvent[] = [];
  readonly people = new WhoIsWho();

  constructor(readonly name: string) {}

  id(id: string): string {
    return `${this.name} ${id}`;
  }

  /** Tells the server and the oracle; what was done is left to be stored with that of the other worlds. */
  async take(step: Step, at: string): Promise<readonly StoredEvent[]> {
    if (step.kind === 'did') return this.did(step, at);
    if (step.kind === 'merge') {
      const { errors } = await server.ask(
        'mutation ($id: ID!, $into: ID!) { mergeCustomers(id: $id, into: $into) { id } }',
        { id: this.id(step.id), into: this.id(step.into) },
      );
      const didAnything = (one: string): boolean => this.events.some((event) => event.customerId === one);
      expect([step, errors === undefined]).toEqual([
        step,
        this.people.merge(this.id(step.id), this.id(step.into), didAnything),
      ]);
      return [];
    }
    await this.login(step, at);
    return [];
  }

  private did({ id, event, slots }: ValueOf<typeof did>, at: string): readonly StoredEvent[] {
    const story = customer(this.id(id));
    const taken = new Set(this.events.map(({ timeMs }) => timeMs));
    for (const slot of slots) {
      const time = START + slot * SLOT;
      const revenue = event === 'order_completed' ? { revenue: 10 } : {};
      if (!taken.has(time))
        story.did(event, time, { id: `${this.name} ${at} ${slot}`, world: this.name, ...revenue });
    }
    this.events.push(...story);
    return [...story];
  }

  private async login({ kind, customerId, anonymousId }: ValueOf<typeof login>, at: string): Promise<void> {
    const [known, visitor] = [this.id(customerId), anonymousId === null ? null : this.id(anonymousId)];
    const traits = { step: at, [`by_${customerId}`]: at };
    const isJoined = this.people.identify(known, visitor, traits);
    if (kind === 'identify') {
      const { errors } = await server.ask(
        'mutation ($c: ID!, $a: String, $t: JSON) { identify(customerId: $c, anonymousId: $a, traits: $t) { id } }',
        { c: known, a: visitor, t: traits },
      );
      expect(errors === undefined).toBe(isJoined);
      return;
    }
    const message = {
      kind: 'identity' as const,
      customerId: known,
      anonymousId: visitor,
      traits,
      payload: {},
    };
    const receipt = await server.services.ingestion.take([message], 'segment');
    expect(receipt.accepted).toBe(isJoined ? 1 : 0);
    // Of a join that is refused the customer itself and its traits are taken.
    if (!isJoined) this.people.identify(known, null, traits);
  }

  /** Everybody who did anything, by name. */
  persons(): ReadonlyMap<string, readonly StoredEvent[]> {
    const persons = new Map<string, StoredEvent[]>();
    for (const event of this.events) {
      const { name } = this.people.groupOf(event.customerId);
      persons.set(name, [...(persons.get(name) ?? []), event]);
    }
    return persons;
  }
}

const RANGE = 'range: { from: "2026-01-01T00:00:00Z", to: "2026-05-01T00:00:00Z" }';
const VIEW = 'match: { events: ["product_viewed"] }';
const BUY = 'match: { events: ["order_completed"] }';
const BY_WORLD = 'breakdown: { properties: ["world"], limit: 100 }';
const QUESTION = `{
  funnel(input: { steps: [{ ${VIEW} }, { ${BUY} }], window: "P14D", ${RANGE}, ${BY_WORLD} }) { breakdown { values steps { customers } } }
  retention(input: { start: { events: ["product_viewed"] }, return: { events: ["order_completed"] }, interval: MONTH, periods: 3, ${RANGE}, ${BY_WORLD} }) {
    breakdown { values cohorts { start size cells { period customers } } } }
  metric(input: { measure: CUSTOMERS, ${RANGE}, ${BY_WORLD} }) { total breakdown { values total } }
  lifecycle(input: {}) { stages { stage { key } members(first: 1000) { nodes { id } } } }
  customers(input: {}, first: 1000) { nodes { id aliases traits revenue } }
}`;

interface Answer {
  readonly funnel: { breakdown: { values: string[]; steps: { customers: number }[] }[] };
  readonly retention: {
    breakdown: {
      values: string[];
      cohorts: { start: string; size: number; cells: { period: number; customers: number }[] }[];
    }[];
  };
  readonly metric: { total: number; breakdown: { values: string[]; total: number }[] };
  readonly lifecycle: { stages: { stage: { key: string }; members: { nodes: { id: string }[] } }[] };
  readonly customers: { nodes: { id: string; aliases: string[]; traits: object; revenue: number }[] };
}

async function expectAgreement(worlds: readonly World[]): Promise<void> {
  const answer = await server.query<Answer>(QUESTION);
  const of = <T extends { values: string[] }>(rows: readonly T[], { name }: World): T | undefined =>
    rows.find(({ values }) => values[0] === name);
  for (const world of worlds) {
    const persons = [...world.persons().values()];
    const funnel = of(answer.funnel.breakdown, world)?.steps.map(({ customers }) => customers) ?? [0, 0];
    expect([world.name, ...funnel]).toEqual([
      world.name,
      persons.filter(entered).length,
      persons.filter(converted).length,
    ]);
    expect(of(answer.metric.breakdown, world)?.total ?? 0).toBe(persons.length);
    const cohorts = of(answer.retention.breakdown, world)?.cohorts ?? [];
    expect(cohorts.filter(({ size }) => size > 0)).toEqual(cohortsOf(persons));
  }
  const everybody = worlds.flatMap((world) =>
    [...world.persons()].map(([name, events]) => ({ world, name, events })),
  );
  expect(answer.metric.total).toBe(everybody.length);
  expect(
    answer.lifecycle.stages
      .flatMap(({ stage, members }) => members.nodes.map((node) => [node.id, stage.key]))
      .sort(),
  ).toEqual(everybody.map(({ name, events }) => [name, stageOf(events)]).sort());
  expect([...answer.customers.nodes].sort((a, b) => (a.id < b.id ? -1 : 1))).toEqual(
    everybody
      .map(({ world, name, events }) => {
        const { ids, traits } = world.people.groupOf(name);
        const revenue = events.reduce((sum, event) => sum + (event.revenue ?? 0), 0);
        return { id: name, aliases: [...ids].filter((one) => one !== name).sort(), traits, revenue };
      })
      .sort((a, b) => (a.id < b.id ? -1 : 1)),
  );
}

type Events = readonly StoredEvent[];
const times = (events: Events, name: string): readonly number[] =>
  events.filter(({ event }) => event === name).map(({ timeMs }) => timeMs);
const entered = (events: Events): boolean => times(events, 'product_viewed').length > 0;
const converted = (events: Events): boolean =>
  times(events, 'product_viewed').some((view) =>
    times(events, 'order_completed').some((buy) => buy > view && buy <= view + 14 * 24 * 60 * MINUTE),
  );
const stageOf = (events: Events): string | undefined =>
  retailMap.lifecycle[stageAt(retailMap, { events, traits: {} }, NOW) - 1]?.key;
const monthOf = (ms: number): number => new Date(ms).getUTCMonth();

/** By the month of the first view, with those who bought so many months later. */
function cohortsOf(
  persons: readonly Events[],
): readonly Answer['retention']['breakdown'][number]['cohorts'][number][] {
  return [0, 1, 2, 3].flatMap((month) => {
    const members = persons.filter(
      (events) => entered(events) && monthOf(Math.min(...times(events, 'product_viewed'))) === month,
    );
    if (members.length === 0) return [];
    const cells = [0, 1, 2, 3]
      .filter((period) => month + period <= 3)
      .map((period) => ({
        period,
        customers:
          period === 0
            ? members.length
            : members.filter((events) =>
                times(events, 'order_completed').some((buy) => monthOf(buy) === month + period),
              ).length,
      }));
    return [{ start: new Date(Date.UTC(2026, month, 1)).toISOString(), size: members.length, cells }];
  });
}
