/** What is kept of a funnel, and what a customer's facts come to, told in small. */
import { describe, expect, it } from 'vitest';
import { compileScope } from '../../../tests/support/compile-scope.ts';
import { factAt } from '../../query/kept.ts';
import type { ArrivedEvent, CustomerFacts } from '../../query/kept.ts';
import { previousRange } from '../../query/time-range.ts';
import { normaliseFunnel } from './funnel.query.ts';
import type { FunnelQuery, FunnelRequest } from './funnel.query.ts';
import { compileFunnel } from './funnel.sql.ts';
import { compileTimeToConvert } from './time-to-convert.sql.ts';
import { compileTrend } from './trend.sql.ts';

const scope = compileScope();
const MINUTE = 60_000;
const FROM = Date.UTC(2026, 0, 31);

const step = (...events: string[]) => ({ match: { events } });

function asked(request: Partial<FunnelRequest>): FunnelQuery {
  const range = { from: new Date(FROM), to: new Date(FROM + 90 * 1440 * MINUTE) };
  const steps = [step('a'), step('b'), step('c')];
  return normaliseFunnel({ steps, range, ...request }, { ...scope, lifecycleStages: [] });
}

const kept = (query: FunnelQuery) => compileFunnel(query, scope).kept!;

const of = (timeMs: number, event: string, channel = ''): ArrivedEvent => ({
  ...{ timeMs, event, channel, amount: 0, hasRevenue: false, hasOrderId: false, orderKey: 0, sessionKey: 0 },
});

/** Facts of events that follow each other, `[minutes since the start, name]`, as arriving events tell them. */
function facts(query: FunnelQuery, story: readonly (readonly [number, string])[]): CustomerFacts {
  const out: number[] = [];
  const none = { values: new Float64Array(0), begin: 0, end: 0 };
  for (const [minute, event] of story)
    kept(query).facts.ofEvent!(of(FROM + minute * MINUTE, event), none, out);
  return { values: Float64Array.from(out), begin: 0, end: out.length };
}

/** How many reached each step, of one customer. */
function reached(query: FunnelQuery, story: readonly (readonly [number, string])[], edgeMs = FROM): string[] {
  const totals = kept(query).open();
  totals.count(facts(query, story), [edgeMs], 1);
  return [...(totals.rows([edgeMs])[0]?.customers ?? [])];
}

describe('the facts of a funnel', () => {
  it('are shared by the funnel, its trend, its times to convert and the funnel before', () => {
    const query = asked({});
    const shapes = [
      compileFunnel(query, scope),
      compileFunnel({ ...query, range: previousRange(query.range) }, scope),
      compileFunnel(asked({ window: 'P1D' }), scope),
      compileTrend({ query, group: null }, { interval: 'DAY', fromStep: 0, toStep: 2 }, scope),
      compileTimeToConvert(query, { fromStep: 0, toStep: 2, bins: null }, scope),
    ].map((statement) => statement.kept!);
    expect(new Set(shapes.map((one) => one.facts.shape)).size).toBe(1);
    expect(new Set(shapes.map((one) => one.shape)).size).toBe(4);
  });

  it('differ where events mean something else', () => {
    const others = [
      asked({}),
      asked({ steps: [step('a'), step('b'), step('d')] }),
      asked({ where: { property: 'channel', values: ['web'] } }),
      asked({ order: 'STRICT' }),
      asked({ exclude: [{ match: { events: ['x'] }, fromStep: 0, toStep: 1 }] }),
    ];
    expect(new Set(others.map((query) => kept(query).facts.shape)).size).toBe(others.length);
  });

  it('say which steps an event may serve and which gaps it closes', () => {
    const exclude = [{ match: { events: ['b'] }, fromStep: 1, toStep: 2 }];
    const story = [
      [0, 'a'],
      [1, 'b'],
      [2, 'x'],
    ] as const;
    expect([...facts(asked({ exclude }), story).values]).toEqual([
      factAt(FROM, 1),
      factAt(FROM + MINUTE, 2 + 8),
    ]);
  });

  it('stand in a second number where there are too many steps', () => {
    const steps = Array.from({ length: 14 }, (_, k) => step(`s${k}`, 'x'));
    const query = asked({ steps });
    expect(kept(query).facts.width).toBe(2);
    const story = steps.map((_, k) => [k, k % 2 === 0 ? 'x' : `s${k}`] as const);
    expect(reached(query, story)).toEqual(steps.map(() => '1'));
  });

  it('follow from an arriving event only where its name and channel tell', () => {
    const tells = (request: Partial<FunnelRequest>) => kept(asked(request)).facts.ofEvent !== undefined;
    expect(tells({ where: { property: 'channel', op: 'IS_SET' } })).toBe(true);
    expect(tells({ where: { property: 'color', values: ['red'] } })).toBe(false);
    expect(tells({ steps: [{ match: { stage: 'buy', channels: ['web'] } }, step('b')] })).toBe(true);
    expect(tells({ steps: [{ match: { where: { property: 'revenue', op: 'IS_SET' } } }, step('b')] })).toBe(
      false,
    );
  });
});

describe('a customer', () => {
  it('is looked at again once the first event that may begin an attempt has left the range', () => {
    const query = asked({});
    const out = [0];
    const own = facts(query, [
      [0, 'b'],
      [1, 'a'],
      [2, 'b'],
    ]);
    kept(query).open().until(own, [FROM], out);
    expect(out).toEqual([FROM + MINUTE + 1]);
    kept(query)
      .open()
      .until(own, [FROM + 2 * MINUTE], out);
    expect(out).toEqual([FROM + 2 * MINUTE + 1]);
    kept(query)
      .open()
      .until(own, [FROM + 2 * MINUTE + 1], out);
    expect(out).toEqual([Infinity]);
  });

  it('does not count with what lies before the edge', () => {
    const story = [
      [0, 'a'],
      [1, 'b'],
    ] as const;
    expect(reached(asked({}), story)).toEqual(['1', '1', '0']);
    expect(reached(asked({}), story, FROM + 1)).toEqual(['0', '0', '0']);
  });

  it('takes a month from the last of January to the last of February', () => {
    const days = 1440;
    const story = (minute: number) =>
      [
        [0, 'a'],
        [minute, 'b'],
      ] as const;
    expect(reached(asked({ window: 'P1M' }), story(28 * days))).toEqual(['1', '1', '0']);
    expect(reached(asked({ window: 'P1M' }), story(28 * days + 1))).toEqual(['1', '0', '0']);
  });

  it('stops a run of one instant where that spares the attempt', () => {
    const excluding = asked({
      steps: [step('a', 'c'), step('a'), step('c'), step('b')],
      exclude: [{ match: { events: ['x'] }, fromStep: 2, toStep: 3 }],
    });
    const story = [
      [0, 'a'],
      [0, 'a'],
      [0, 'c'],
      [1, 'x'],
      [2, 'c'],
      [3, 'b'],
    ] as const;
    expect(reached(excluding, story)).toEqual(['1', '1', '1', '1']);
    // Without the second c the run that goes furthest was hit.
    expect(reached(excluding, [...story.slice(0, 4), ...story.slice(5)])).toEqual(['0', '0', '0', '0']);
  });

  it('leaves nothing behind when taken away', () => {
    for (const order of ['ORDERED', 'STRICT', 'ANY'] as const) {
      const query = asked({ order });
      const own = facts(query, [
        [0, 'a'],
        [1, 'b'],
        [2, 'c'],
      ]);
      const totals = kept(query).open();
      const before = totals.rows([FROM]);
      totals.count(own, [FROM], 1);
      expect(totals.rows([FROM])[0]?.median_total).toBe(2 * MINUTE);
      totals.count(own, [FROM], -1);
      expect(totals.rows([FROM])).toEqual(before);
    }
  });
});

it('keeps nothing where more decides than the events in the range', () => {
  const trait = { property: 'plan', of: 'CUSTOMER', values: ['gold'] } as const;
  const requests: readonly Partial<FunnelRequest>[] = [
    { audience: { where: trait } },
    { where: trait },
    { steps: [{ match: { where: trait } }, step('b')] },
    { holdConstant: ['product'] },
    { steps: [{ ...step('a'), occurrence: 'FIRST_EVER' }, step('b')] },
    { steps: [{ ...step('a'), occurrence: 'FIRST_MATCHING' }, step('b')] },
  ];
  expect(requests.map((request) => compileFunnel(asked(request), scope).kept)).toEqual(
    requests.map(() => undefined),
  );
});
