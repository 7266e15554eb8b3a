/** The lifecycle on the real engine, through the schema: stories, then random worlds against the oracle. */
import fc from 'fast-check';
import { DateTime } from 'luxon';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import type { JourneyMap } from '../../server/journey/map.ts';
import { DAY, DAYS, START, mapOf, maps, people } from '../journey/worlds.ts';
import { growth, stageAt } from '../oracle/lifecycle.ts';
import type { Person } from '../oracle/lifecycle.ts';
import { askOf } from '../support/ask.ts';
import { testEngine } from '../support/engine.ts';
import { customer, eventRow, storeEvents } from '../support/events.ts';
import { storeTraits } from '../support/traits.ts';

const MEMBERS = 'members { totalCount nodes { id } }';
const question = (members: string) => `query ($input: LifecycleInput!) { lifecycle(input: $input) {
  stages { stage { key } customers share revenue change ${members} }
  transitions { from to customers ${members} }
  history { at stages { stage customers } }
  growth { start new returning resurrecting dormant complete }
  meta { definition asOf } } }`;
const NUMBERS = question('');
const ALL = question(MEMBERS);

interface Members {
  readonly totalCount: number;
  readonly nodes: readonly { readonly id: string }[];
}
interface Answer {
  readonly lifecycle: {
    readonly stages: readonly {
      readonly stage: { readonly key: string };
      readonly customers: number;
      readonly share: number;
      readonly revenue: number;
      readonly change: number;
      readonly members?: Members;
    }[];
    readonly transitions: readonly {
      readonly from: string | null;
      readonly to: string;
      readonly customers: number;
      readonly members?: Members;
    }[];
    readonly history: readonly {
      readonly at: string;
      readonly stages: readonly { readonly stage: string; readonly customers: number }[];
    }[];
    readonly growth: readonly Record<string, unknown>[];
    readonly meta: { readonly definition: string; readonly asOf: string };
  };
}

const idsIn = (members: Members | undefined) => members?.nodes.map(({ id }) => id).sort();

describe('with the retail map', () => {
  let engine: Engine;
  const now = '2026-06-01T00:00:00Z';

  beforeAll(async () => {
    engine = await testEngine();
    const bought = (id: string, ...times: string[]) =>
      times.reduce((story, time) => story.did('order_completed', time, { revenue: 50 }), customer(id));
    await storeEvents(engine, [
      customer('prospect').did('page_viewed', '2026-05-01T00:00Z'),
      bought('lost', '2025-06-01T00:00Z'),
      bought('dormant', '2025-06-01T00:00:00.001Z'),
      bought('at-risk', '2026-04-02T00:00Z'),
      bought('at-risk-points', '2026-04-20T00:00Z').did('points_viewed', '2026-05-25T00:00:00.001Z'),
      bought('points-too-long-ago', '2026-04-20T00:00Z').did('points_viewed', '2026-05-25T00:00Z'),
      bought('won-back', '2026-01-10T00:00Z', '2026-05-10T00:00Z'),
      bought('new', '2026-05-20T00:00Z', '2026-05-21T00:00Z', '2026-05-22T00:00Z'),
      bought('high', '2026-01-10T00:00Z', '2026-04-10T00:00Z').did('order_completed', '2026-05-05T00:00Z', {
        revenue: 900,
      }),
      bought('loyal', '2026-02-10T00:00Z', '2026-04-10T00:00Z', '2026-05-05T00:00Z'),
      bought('active', '2026-02-10T00:00Z', '2026-05-05T00:00Z'),
    ]);
  });
  afterAll(() => engine.close());

  it('puts every known customer in exactly one stage, and each number opens into its people', async () => {
    const { lifecycle } = await askOf(engine, { now })<Answer>(ALL, { input: {} });
    const members = lifecycle.stages.map(({ stage, customers, members }) => {
      expect(members?.totalCount).toBe(customers);
      return [stage.key, idsIn(members)];
    });
    expect(Object.fromEntries(members)).toEqual({
      prospect: ['prospect'],
      lost: ['lost'],
      dormant: ['dormant'],
      at_risk: ['at-risk', 'at-risk-points'],
      won_back: ['won-back'],
      new: ['new'],
      high_value: ['high'],
      loyal: ['loyal'],
      active: ['active', 'points-too-long-ago'],
    });
    expect(lifecycle.stages.find(({ stage }) => stage.key === 'high_value')).toMatchObject({
      customers: 1,
      share: 1 / 11,
      revenue: 1000,
      change: 1,
    });
    expect(lifecycle.meta.definition).toMatch(/^Every customer known by 2026-06-01T00:00:00.000Z/);
  });

  it('tells who was where at an earlier instant', async () => {
    const { lifecycle } = await askOf(engine, { now })<Answer>(NUMBERS, {
      input: { at: '2025-06-15T00:00:00Z' },
    });
    const counts = lifecycle.stages.filter(({ customers }) => customers > 0);
    expect(counts.map(({ stage, customers }) => [stage.key, customers])).toEqual([['new', 2]]);
  });

  it('narrows to an audience, also one by stage, and refuses what it does not know', async () => {
    const ask = askOf(engine, { now });
    const input = { audience: { lifecycleStages: ['lost', 'dormant'] } };
    const { lifecycle } = await ask<Answer>(NUMBERS, { input });
    expect(lifecycle.stages.filter((s) => s.customers > 0).map((s) => s.stage.key)).toEqual([
      'lost',
      'dormant',
    ]);
    await expect(ask(NUMBERS, { input: { activity: { stage: 'nowhere' } } })).rejects.toThrow(
      'no journey stage',
    );
    await expect(ask(NUMBERS, { input: { interval: 'HOUR', range: { last: 'P400D' } } })).rejects.toThrow(
      'take a longer interval',
    );
  });

  it('lets the rules see only the events that pass the filter', async () => {
    const where = { property: 'revenue', op: 'LT', values: ['100'] };
    const { lifecycle } = await askOf(engine, { now })<Answer>(NUMBERS, { input: { where } });
    const counts = Object.fromEntries(lifecycle.stages.map((s) => [s.stage.key, s.customers]));
    expect(counts['high_value']).toBe(0);
    expect(Object.values(counts).reduce((a, b) => a + b)).toBe(11);
  });
});

describe('in random worlds', () => {
  let engine: Engine;
  let world = 0;

  beforeAll(async () => {
    engine = await testEngine();
  });
  afterAll(() => engine.close());

  async function stored(folk: readonly ((id: string) => Person)[]): Promise<readonly Person[]> {
    world += 1;
    const persons = folk.map((person, i) => person(`w${world}-${i}`));
    await engine.insert(
      'events',
      persons.flatMap(({ events }) => events.map(eventRow)),
    );
    const told = persons.filter(({ traits }) => Object.keys(traits).length > 0);
    if (told.length > 0) {
      await storeTraits(engine, Object.fromEntries(told.map((person) => [idOf(person), person.traits])));
    }
    return persons;
  }

  const idOf = ({ events }: Person) => events[0]?.customerId ?? '';
  const audience = () => ({
    where: { property: 'customerId', op: 'STARTS_WITH', values: [`w${world}-`] },
  });

  it('history, moves and stages are the stages of each customer at each point', async () => {
    await fc.assert(
      fc.asyncProperty(
        maps,
        people,
        fc.nat(30),
        fc.constantFrom('DAY', 'WEEK', 'MONTH'),
        async (map, folk, first, interval) => {
          const persons = await stored(folk);
          const from = START + first * DAY + 3_600_000;
          const to = START + (DAYS + 5) * DAY;
          const input = {
            at: new Date(to),
            range: { from: new Date(from), to: new Date(to), timeZone: 'Europe/Berlin' },
            interval,
            audience: audience(),
          };
          const { lifecycle } = await askOf(engine, { now: to + DAY, journeyMap: map })<Answer>(
            first % 5 === 0 ? ALL : NUMBERS,
            {
              input,
            },
          );
          checkStages(lifecycle, map, persons, from, to);
        },
      ),
      { numRuns: 25 },
    );
  });

  function checkStages(
    answer: Answer['lifecycle'],
    map: JourneyMap,
    persons: readonly Person[],
    from: number,
    to: number,
  ) {
    const numbered = (t: number) => persons.map((person) => stageAt(map, person, t));
    for (const { at, stages } of answer.history) {
      const now = numbered(Date.parse(at));
      const wanted = map.lifecycle.map(({ key }, i) => ({
        stage: key,
        customers: now.filter((stage) => stage === i + 1).length,
      }));
      expect({ at, stages }).toEqual({ at, stages: wanted });
    }
    const [before, after] = [numbered(from), numbered(to)];
    answer.stages.forEach(({ customers, change, members }, i) => {
      const own = persons.filter((_, p) => after[p] === i + 1);
      expect(customers).toBe(own.length);
      expect(change).toBe(own.length - before.filter((stage) => stage === i + 1).length);
      if (members) expect(idsIn(members)).toEqual(own.map(idOf).sort());
    });
    const keyOf = (stage = 0) => map.lifecycle[stage - 1]?.key ?? null;
    for (const { from: a, to: b, customers, members } of answer.transitions) {
      const moved = persons.filter((_, p) => keyOf(before[p]) === a && keyOf(after[p]) === b);
      expect(customers).toBe(moved.length);
      if (members) expect(idsIn(members)).toEqual(moved.map(idOf).sort());
    }
    const known = after.filter((stage) => stage > 0).length;
    expect(answer.transitions.reduce((sum, move) => sum + move.customers, 0)).toBe(known);
    expect(answer.stages.reduce((sum, stage) => sum + stage.customers, 0)).toBe(known);
  }

  const ZONES = ['UTC', 'Europe/Berlin', 'Asia/Kolkata', 'America/Sao_Paulo'];
  const created = fc.option(fc.nat(DAYS), { nil: undefined });

  it('growth is new, returning, resurrecting and dormant, also over a change of the clock', async () => {
    await fc.assert(
      fc.asyncProperty(
        people,
        fc.array(created, { minLength: 25, maxLength: 25 }),
        fc.constantFrom(...ZONES),
        fc.constantFrom('DAY', 'WEEK', 'MONTH'),
        fc.boolean(),
        async (folk, births, timeZone, interval, anything) => {
          const persons = await stored(
            folk.map((person, i) => (id: string) => {
              const birth = births[i];
              const traits =
                birth === undefined ? {} : { created_at: new Date(START + birth * DAY).toISOString() };
              return { ...person(id), traits: traits as Record<string, string> };
            }),
          );
          const range = { from: new Date(START + 5 * DAY), to: new Date(START + DAYS * DAY), timeZone };
          const activity = anything ? null : { events: ['buy', 'view'] };
          const { lifecycle } = await askOf(engine, {
            now: START + 90 * DAY,
            journeyMap: mapOf([{}]),
          })<Answer>(NUMBERS, {
            input: { range, interval, activity, audience: audience() },
          });
          const zoned = (ms: number) => DateTime.fromMillis(ms, { zone: timeZone });
          const unit = interval.toLowerCase() as 'day' | 'week' | 'month';
          const begin = zoned(range.from.getTime()).startOf(unit);
          const starts: number[] = [begin.minus({ [`${unit}s`]: 1 }).toMillis()];
          for (let i = 0; ; i += 1) {
            starts.push(begin.plus({ [`${unit}s`]: i }).toMillis());
            if ((starts.at(-1) ?? 0) >= range.to.getTime()) break;
          }
          const wanted = growth(
            persons,
            starts,
            ({ event }) => anything || event === 'buy' || event === 'view',
          );
          expect(lifecycle.growth.map(({ complete: _, start, ...counts }) => ({ start, ...counts }))).toEqual(
            wanted.map((counts, i) => ({ start: new Date(starts[i + 1] ?? 0).toISOString(), ...counts })),
          );
        },
      ),
      { numRuns: 25 },
    );
  });
});
