/** Breakdowns, trends and times to convert on the real engine against slow evaluators, customer by customer. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { timeToConvertResult } from '../../server/insights/funnel/funnel-charts.result.ts';
import { compileMatchedByValue } from '../../server/insights/funnel/matcher.sql.ts';
import { compileTimeToConvert } from '../../server/insights/funnel/time-to-convert.sql.ts';
import { compileTrend, compileTrendCustomers } from '../../server/insights/funnel/trend.sql.ts';
import { BREAKDOWN_ATTRIBUTIONS } from '../../server/query/breakdown.ts';
import { join, name, sql } from '../../server/query/sql.ts';
import { evaluateFunnel } from './funnel.ts';
import { evaluateBreakdown, evaluateTrend } from './funnel-groups.ts';
import { asked, customerIds, events, scope, story, worldEngine } from './funnel-world.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await worldEngine();
});
afterAll(() => engine.close());

const names = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 2, maxLength: 3 });
const window = fc.constantFrom('PT5H', 'PT12H', 'P1D');
const order = fc.constantFrom('ORDERED', 'STRICT', 'ANY');
const exclusion = fc.option(fc.constantFrom('a', 'b', 'c', 'd'), { nil: null });
const stepsOf = (list: readonly string[]) => list.map((event) => ({ match: { events: [event] } }));
const excluding = (event: string | null, list: readonly string[]) =>
  event === null ? [] : [{ match: { events: [event] }, fromStep: 0, toStep: list.length - 1 }];

function differences<T>(expected: ReadonlyMap<string, T>, got: ReadonlyMap<string, T>): readonly string[] {
  const shown = (value: T | undefined): string => JSON.stringify(value ?? null);
  return [...new Set([...expected.keys(), ...got.keys()])]
    .filter((key) => shown(expected.get(key)) !== shown(got.get(key)))
    .map(
      (key) =>
        `${key}: expected ${shown(expected.get(key))}, got ${shown(got.get(key))}; ${story(key.split('|')[0] ?? '')}`,
    )
    .slice(0, 3);
}

test.each(BREAKDOWN_ATTRIBUTIONS)('gives each value its funnel: %s', async (attribution) => {
  await fc.assert(
    fc.asyncProperty(names, window, order, fc.nat(), exclusion, async (list, span, by, nat, event) => {
      const step = by === 'ANY' ? 0 : nat % list.length;
      const query = asked({
        steps: stepsOf(list),
        window: span,
        order: by,
        exclude: by === 'STRICT' ? [] : excluding(event, list),
        breakdown: { properties: ['color'], attribution, step },
      });
      const breakdown = query.breakdown!;
      const columns = join(
        list.map((_, k) => name('step', k + 1)),
        sql`, `,
      );
      const { rows } = await engine.query<{ id: string; value: string; steps: string[] }>({
        name: 'oracle',
        sql: sql`SELECT id, value, [${columns}] AS steps FROM (${compileMatchedByValue(query, breakdown, scope)}) AS m JOIN (${customerIds}) AS ids USING customer_key`,
      });
      const time = (t: string): number | null => (t === '0' ? null : Number(t) - 1 + query.range.fromMs);
      const got = new Map(rows.map((row) => [`${row.id}|${row.value}`, row.steps.map(time)] as const));
      expect(differences(evaluateBreakdown(query, breakdown, events), got)).toEqual([]);
    }),
    { numRuns: 12, endOnFailure: true },
  );
});

test('puts a customer in the intervals in which attempts started', async () => {
  await fc.assert(
    fc.asyncProperty(names, window, order, exclusion, fc.nat(), async (list, span, by, event, nat) => {
      const exclude = by === 'STRICT' ? [] : excluding(event, list);
      const query = asked({ steps: stepsOf(list), window: span, order: by, exclude });
      const toStep = 1 + (nat % (list.length - 1));
      const interval = nat % 2 === 0 ? 'DAY' : 'HOUR';
      const trend = { interval, fromStep: nat % toStep, toStep } as const;
      const expected = evaluateTrend(query, trend, events);
      const of = { query, group: null };
      const { rows } = await engine.query(compileTrend(of, trend, scope));
      const starts = [...new Set([...expected.keys()].map((key) => Number(key.split('|')[1])))];
      const counts = (start: number): string => {
        const here = [...expected].filter(([key]) => key.endsWith(`|${start}`));
        return `${start}: ${here.length} ${here.filter(([, converted]) => converted).length}`;
      };
      const got = rows.map((row) => `${Number(row.start) * 1000}: ${row.entered} ${row.converted}`);
      expect(got.sort()).toEqual(starts.map(counts).sort());
      const [startMs = 0] = starts;
      const keys = compileTrendCustomers(of, { ...trend, startMs, converted: true }, scope);
      const people = await engine.query<{ id: string }>({
        name: 'oracle',
        sql: sql`SELECT id FROM (${keys}) AS k JOIN (${customerIds}) AS ids USING customer_key`,
      });
      const converted = [...expected].filter(([key, value]) => value && key.endsWith(`|${startMs}`));
      expect(people.rows.map((row) => `${row.id}|${startMs}`).sort()).toEqual(
        converted.map(([key]) => key).sort(),
      );
    }),
    { numRuns: 25, endOnFailure: true },
  );
});

test('counts the times of the best attempts into bins', async () => {
  const bins = fc.option(fc.integer({ min: 1, max: 12 }), { nil: null });
  await fc.assert(
    fc.asyncProperty(names, window, order, bins, async (list, span, by, count) => {
      const query = asked({ steps: stepsOf(list), window: span, order: by });
      const last = list.length - 1;
      const seconds = [...evaluateFunnel(query, events).values()].flatMap((times) =>
        times[last] == null ? [] : [((times[last] ?? 0) - (times[0] ?? 0)) / 1000],
      );
      const { rows } = await engine.query(
        compileTimeToConvert(query, { fromStep: 0, toStep: last, bins: count }, scope),
      );
      const got = timeToConvertResult(rows);
      expect(got.count).toBe(seconds.length);
      if (seconds.length === 0) return expect(got.bins).toEqual([]);
      const low = Math.floor(Math.min(...seconds));
      const high = Math.ceil(Math.max(...seconds));
      const n = count ?? Math.min(60, Math.max(1, Math.ceil(Number(Math.cbrt(seconds.length).toFixed(9)))));
      const width = Math.ceil((high - low) / n) || 60;
      const expected = Array.from({ length: n + 1 }, (_, i) => ({
        from: low + i * width,
        to: low + (i + 1) * width,
        count: seconds.filter((s) => Math.min(n, Math.floor((s - low) / width)) === i).length,
      }));
      expect(got.bins).toEqual(expected);
      expect(got.average).toBeCloseTo(seconds.reduce((a, b) => a + b, 0) / seconds.length, 6);
    }),
    { numRuns: 20, endOnFailure: true },
  );
});
