/** The matcher on the real engine against the slow evaluator, customer by customer, on random worlds. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import type { FunnelQuery, FunnelRequest } from '../../server/insights/funnel/funnel.query.ts';
import { compileMatched } from '../../server/insights/funnel/matcher.sql.ts';
import { join, name, sql } from '../../server/query/sql.ts';
import { evaluateFunnel } from './funnel.ts';
import type { StepTimes } from './funnel.ts';
import { asked, customerIds, events, hours, scope, story, worldEngine, WORLDS } from './funnel-world.ts';

const named = fc.constantFrom('a', 'b', 'c', 'd').map((name) => ({ match: { events: [name] } }));
const selector = fc.oneof(
  { weight: 5, arbitrary: named },
  { weight: 1, arbitrary: fc.constant({ match: {} }) },
  { weight: 1, arbitrary: fc.constant({ match: { events: ['a', 'c'] } }) },
  { weight: 1, arbitrary: fc.constant({ match: { anyOf: [{ events: ['b'] }, { channels: ['store'] }] } }) },
  {
    weight: 1,
    arbitrary: fc.constant({ match: { events: ['a'], where: { property: 'color', values: ['red'] } } }),
  },
);
const window = fc.constantFrom('PT1H', 'PT5H', 'PT12H', 'P1D', 'P14D');

let engine: Engine;
beforeAll(async () => {
  engine = await worldEngine();
});
afterAll(() => engine.close());

async function matched(query: FunnelQuery): Promise<ReadonlyMap<string, StepTimes>> {
  const steps = join(
    query.steps.map((_, k) => name('step', k + 1)),
    sql`, `,
  );
  const { rows } = await engine.query<{ id: string; steps: readonly string[] }>({
    name: 'oracle',
    sql: sql`SELECT id, [${steps}] AS steps FROM (${compileMatched(query, scope)}) AS m JOIN (${customerIds}) AS ids USING customer_key ORDER BY id`,
  });
  const instant = (time: string): number | null =>
    time === '0' ? null : Number(time) - 1 + query.range.fromMs;
  return new Map(rows.map(({ id, steps: times }) => [id, times.map(instant)]));
}

async function agrees(request: Omit<FunnelRequest, 'range'>): Promise<void> {
  const query = asked(request);
  const expected = evaluateFunnel(query, events);
  const got = await matched(query);
  const shown = (times: StepTimes | undefined): string => JSON.stringify(times?.map(hours) ?? null);
  const differences = [...new Set([...expected.keys(), ...got.keys()])]
    .filter((c) => shown(expected.get(c)) !== shown(got.get(c)))
    .map((c) => `${c}: expected ${shown(expected.get(c))}, got ${shown(got.get(c))}; ${story(c)}`);
  expect(differences.slice(0, 3), `${differences.length} customers differ`).toEqual([]);
}

test.each(['ORDERED', 'STRICT', 'ANY'] as const)(
  `takes the steps of single events as the rules say in ${WORLDS} worlds, 8 times: %s`,
  async (order) => {
    const steps = fc.uniqueArray(named, { minLength: 1, maxLength: 4, selector: (s) => s.match.events[0] });
    await fc.assert(
      fc.asyncProperty(steps, window, (list, span) => agrees({ steps: list, window: span, order })),
      { numRuns: 8, endOnFailure: true },
    );
  },
);

test.each(['ORDERED', 'STRICT', 'ANY'] as const)(
  `lets one event serve one step where selectors overlap or repeat in ${WORLDS} worlds, 15 times: %s`,
  async (order) => {
    const steps = fc.array(selector, { minLength: 2, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(steps, window, (list, span) => agrees({ steps: list, window: span, order })),
      { numRuns: 15, endOnFailure: true },
    );
  },
);

const uniqueSteps = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 2, maxLength: 4 });
const excluded = fc.oneof(
  fc.constantFrom('a', 'b', 'c', 'd').map((name) => ({ events: [name] })),
  fc.constantFrom('a', 'b').map((name) => ({ events: [name], channels: ['store'] })),
  fc.constant({ events: ['c'], where: { property: 'color', values: ['blue'] } }),
);

test(`lets one skip steps that share events in ${WORLDS} worlds, 15 times`, async () => {
  const steps = fc.array(fc.tuple(selector, fc.boolean()), { minLength: 3, maxLength: 4 });
  const exclude = fc.option(excluded, { nil: null });
  await fc.assert(
    fc.asyncProperty(steps, window, exclude, (list, span, match) =>
      agrees({
        steps: list.map(([step, optional], k) => ({ ...step, optional: k > 0 && optional })),
        window: span,
        exclude: match ? [{ match, fromStep: 0, toStep: list.length - 1 }] : [],
      }),
    ),
    { numRuns: 15, endOnFailure: true },
  );
});

test.each(['ORDERED', 'ANY'] as const)(
  `leaves out attempts that an exclusion hit in ${WORLDS} worlds, 12 times: %s`,
  async (order) => {
    const world = fc.record({
      names: uniqueSteps,
      exclusions: fc.array(fc.record({ match: excluded, from: fc.nat(), length: fc.nat() }), {
        minLength: 1,
        maxLength: 2,
      }),
    });
    await fc.assert(
      fc.asyncProperty(world, window, ({ names, exclusions }, span) => {
        const last = names.length - 1;
        const exclude = exclusions.map(({ match, from, length }) => {
          const fromStep = from % last;
          return { match, fromStep, toStep: fromStep + 1 + (length % (last - fromStep)) };
        });
        const steps = names.map((name) => ({ match: { events: [name] } }));
        return agrees({ steps, window: span, order, exclude });
      }),
      { numRuns: 12, endOnFailure: true },
    );
  },
);

test(`includes steps that may be skipped where that does not cost reach in ${WORLDS} worlds, 15 times`, async () => {
  const steps = fc.tuple(uniqueSteps, fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }));
  const exclude = fc.option(excluded, { nil: null });
  await fc.assert(
    fc.asyncProperty(steps, window, exclude, ([names, flags], span, match) =>
      agrees({
        steps: names.map((name, k) => ({ match: { events: [name] }, optional: k > 0 && flags[k] === true })),
        window: span,
        exclude: match ? [{ match, fromStep: 0, toStep: names.length - 1 }] : [],
      }),
    ),
    { numRuns: 15, endOnFailure: true },
  );
});

test(`lets a customer try once per value of what is held constant in ${WORLDS} worlds, 12 times`, async () => {
  const order = fc.constantFrom('ORDERED', 'STRICT', 'ANY');
  const exclude = fc.option(excluded, { nil: null });
  await fc.assert(
    fc.asyncProperty(uniqueSteps, window, order, exclude, (names, span, by, match) =>
      agrees({
        steps: names.map((name) => ({ match: { events: [name] } })),
        window: span,
        order: by,
        holdConstant: ['color'],
        exclude: match && by !== 'STRICT' ? [{ match, fromStep: 0, toStep: names.length - 1 }] : [],
      }),
    ),
    { numRuns: 12, endOnFailure: true },
  );
});
