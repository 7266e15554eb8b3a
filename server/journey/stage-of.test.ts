/** The stage of one customer and until when it holds, told from facts as they are kept. */
import { describe, expect, it } from 'vitest';
import { kindOfFact } from '../query/kept.ts';
import type { ArrivedEvent, CustomerFacts } from '../query/kept.ts';
import { noFilter } from '../query/filter.ts';
import type { JourneyMap } from './map.ts';
import { retailMap } from './retail.ts';
import type { LifecycleRule } from './rule.ts';
import { stageFacts } from './stage-facts.sql.ts';
import { stageTeller } from './stage-of.ts';

const DAY = 86_400_000;
const START = Date.UTC(2026, 0, 1);
const day = (n: number): number => START + n * DAY;

function mapOf(...rules: readonly LifecycleRule[]): JourneyMap {
  const lifecycle = [...rules, {}].map((rule, i) => ({
    key: `s${i + 1}`,
    name: `S${i + 1}`,
    color: '#000000',
    description: '',
    rule,
    isLost: false,
  }));
  return { ...retailMap, lifecycle };
}

type Done = readonly [number, string, Partial<ArrivedEvent>?];

/** What was done on which day, in any order; stages are told from a day on. */
function factsOf(map: JourneyMap, done: readonly Done[], fromDay = 0): CustomerFacts {
  const query = stageFacts(map, { where: noFilter, earliestMs: day(fromDay), untilMs: day(1000) }, day(1000));
  const facts: number[][] = [];
  const known = (): CustomerFacts => {
    const numbers = facts.sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0)).flat();
    return { values: Float64Array.from(numbers), begin: 0, end: numbers.length };
  };
  done.forEach(([n, event, more], i) => {
    const out: number[] = [];
    const told = { channel: '', amount: 0, hasRevenue: false, hasOrderId: false, sessionKey: 0, orderKey: i };
    query?.ofEvent?.({ ...told, timeMs: day(n), event, ...more }, known(), out);
    for (let at = 0; at < out.length; at += 3) facts.push(out.slice(at, at + 3));
  });
  return known();
}

/** The stages that a customer goes through, from one instant at which another may come to the next. */
function journey(
  map: JourneyMap,
  facts: CustomerFacts,
  toDay: number,
): readonly (readonly [string, number])[] {
  const teller = stageTeller(map);
  teller.load(facts);
  const stages: [string, number][] = [];
  for (let ms = day(-1); ms <= day(toDay); ms = teller.untilMs) {
    const stage = map.lifecycle[teller.stageAt(ms) - 1]?.key ?? 'not yet seen';
    if (stage !== stages.at(-1)?.[0]) stages.push([stage, (ms - START) / DAY]);
  }
  return stages;
}

describe('stageTeller', () => {
  it('goes through the stages of the built-in map as time alone passes', () => {
    const facts = factsOf(retailMap, [
      [0, 'page_viewed'],
      [5, 'order_completed', { amount: 500_000, hasRevenue: true }],
    ]);
    expect(journey(retailMap, facts, 1000)).toEqual([
      ['not yet seen', -1],
      ['prospect', 0],
      ['new', 5],
      ['active', 35],
      ['at_risk', 65],
      ['dormant', 125],
      ['lost', 370],
    ]);
  });

  it('takes an order that comes back after long for what it is, and several events of one for one', () => {
    const order = { amount: 2_000_000, hasRevenue: true, hasOrderId: true, orderKey: 7 };
    const facts = factsOf(retailMap, [
      [200, 'order_completed', order],
      [201, 'order_completed', order],
      [0, 'order_completed', { orderKey: 8 }],
    ]);
    expect(journey(retailMap, facts, 235)).toEqual([
      ['not yet seen', -1],
      ['new', 0],
      ['active', 30],
      ['at_risk', 60],
      ['dormant', 120],
      ['won_back', 200],
      ['active', 230],
    ]);
  });

  it('lets calendar months end where the month does', () => {
    const map = mapOf({ orders: { atLeast: 1, within: 'P1M' } });
    expect(journey(map, factsOf(map, [[30, 'purchase']]), 400)).toEqual([
      ['not yet seen', -1],
      ['s1', 30],
      ['s2', 31 + 27],
    ]);
  });

  it('remembers the stage before, where rules ask for it', () => {
    const map = mapOf(
      { all: [{ stageBefore: ['s2'] }, { orders: { atLeast: 1, within: 'P10D' } }] },
      { noOrderFor: 'P20D' },
    );
    const facts = factsOf(map, [
      [0, 'purchase'],
      [40, 'purchase'],
    ]);
    expect(journey(map, facts, 400)).toEqual([
      ['not yet seen', -1],
      ['s3', 0],
      ['s2', 20],
      ['s1', 40],
      ['s3', 50],
      ['s2', 60],
    ]);
  });
});

describe('stageFacts', () => {
  it('keeps of an event only what rules can still see', () => {
    const kindsOf = (on: number) =>
      [...factsOf(retailMap, [[on, 'points_viewed']], 960).values]
        .filter((_, i) => i % 3 === 0)
        .map(kindOfFact);
    // First sight, and that points were viewed.
    expect(kindsOf(950)).toEqual([1, 4]);
    expect(kindsOf(800)).toEqual([1]);
  });

  it('has nothing where rules ask for traits', () => {
    const map = mapOf({ trait: { property: 'tier', op: 'IS', values: ['gold'] } });
    expect(stageFacts(map, { where: noFilter, earliestMs: 0, untilMs: 1 }, 1)).toBeNull();
  });
});
