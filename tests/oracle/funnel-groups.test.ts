/** Breakdowns, trends and times to convert on the real engine against slow evaluators, customer by customer. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { timeToConvertResult } from '../../server/insights/funnel/funnel-charts.result.ts';
import { namesOfCodes } from '../../server/insights/funnel/codes.sql.ts';
import { compileCorrelations } from '../../server/insights/funnel/correlations.sql.ts';
import type { FunnelQuery } from '../../server/insights/funnel/funnel.query.ts';
import { compileMatchedByValue } from '../../server/insights/funnel/matcher.sql.ts';
import { compileTimeToConvert } from '../../server/insights/funnel/time-to-convert.sql.ts';
import { compileEntries, compileTrend } from '../../server/insights/funnel/trend.sql.ts';
import { BREAKDOWN_ATTRIBUTIONS, unsetKey } from '../../server/query/breakdown.ts';
import { join, name, sql } from '../../server/query/sql.ts';
import { evaluateFunnel, matchesStep, seenByCustomer } from './funnel.ts';
import type { OracleEvent } from './funnel.ts';
import { evaluateBreakdown, evaluateTrend } from './funnel-groups.ts';
import { asked, customerIds, events, scope, story, worldEngine, WORLDS } from './funnel-world.ts';

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

test.each(BREAKDOWN_ATTRIBUTIONS)(
  `gives each value its funnel in ${WORLDS} worlds, 8 times: %s`,
  async (attribution) => {
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
        const { rows } = await engine.query<{ id: string; code: string; steps: string[] }>({
          name: 'oracle',
          sql: sql`SELECT id, value AS code, [${columns}] AS steps FROM (${compileMatchedByValue(query, breakdown, scope)}) AS m JOIN (${customerIds}) AS ids USING customer_key`,
        });
        const named = await engine.query<{ code: string; value: string }>({
          name: 'oracle_names',
          sql: namesOfCodes(query, breakdown, scope),
        });
        const values = new Map(named.rows.map(({ code, value }) => [code, value]));
        const codes = new Map(named.rows.map(({ code, value }) => [value, BigInt(code)]));
        const rankOf = (value: string): bigint => codes.get(value) ?? 0n;
        const time = (t: string): number | null => (t === '0' ? null : Number(t) - 1 + query.range.fromMs);
        const got = new Map(
          rows.map(
            (row) =>
              [`${row.id}|${values.get(row.code) ?? unsetKey(breakdown)}`, row.steps.map(time)] as const,
          ),
        );
        expect(differences(evaluateBreakdown(query, breakdown, events, rankOf), got)).toEqual([]);
      }),
      { numRuns: 8, endOnFailure: true },
    );
  },
);

test(`puts a customer in the intervals in which attempts started in ${WORLDS} worlds, 15 times`, async () => {
  await fc.assert(
    fc.asyncProperty(names, window, order, exclusion, fc.nat(), async (list, span, by, event, nat) => {
      const exclude = by === 'STRICT' ? [] : excluding(event, list);
      const query = asked({ steps: stepsOf(list), window: span, order: by, exclude });
      const toStep = 1 + (nat % (list.length - 1));
      const interval = (['DAY', 'HOUR', 'WEEK'] as const)[nat % 3] ?? 'DAY';
      const trend = { interval, fromStep: nat % toStep, toStep } as const;
      const expected = evaluateTrend(query, trend, events);
      const of = { query, group: null };
      const entries = await engine.query<{ id: string; start: string; converted: number }>({
        name: 'oracle',
        sql: sql`SELECT id, start, converted FROM (${compileEntries(of, trend, scope)}) AS e JOIN (${customerIds}) AS ids USING customer_key`,
      });
      const got = new Map(
        entries.rows.map((row) => [`${row.id}|${Number(row.start) * 1000}`, Boolean(row.converted)] as const),
      );
      expect(differences(expected, got)).toEqual([]);
      const { rows } = await engine.query(compileTrend(of, trend, scope));
      const sum = (of: (row: (typeof rows)[number]) => string): number =>
        rows.reduce((total, row) => total + Number(of(row)), 0);
      expect(sum((row) => row.entered)).toBe(expected.size);
      expect(sum((row) => row.converted)).toBe([...expected.values()].filter(Boolean).length);
    }),
    { numRuns: 15, endOnFailure: true },
  );
});

test(`counts the times of the best attempts of ${WORLDS} worlds into bins, 15 times`, async () => {
  const bins = fc.option(fc.integer({ min: 1, max: 12 }), { nil: null });
  // Few worlds at times, so that there are few times or none.
  const some = fc.option(fc.array(fc.nat(WORLDS - 1), { minLength: 1, maxLength: 9 }), { nil: null });
  await fc.assert(
    fc.asyncProperty(names, window, order, bins, some, async (list, span, by, count, few) => {
      const where = few && { property: 'world', values: few.map(String) };
      const query = asked({ steps: stepsOf(list), window: span, order: by, where });
      const last = list.length - 1;
      const seconds = [...evaluateFunnel(query, events).values()].flatMap((times) =>
        times[last] == null ? [] : [((times[last] ?? 0) - (times[0] ?? 0)) / 1000],
      );
      const asking = { fromStep: 0, toStep: last, bins: count };
      const { rows } = await engine.query(compileTimeToConvert(query, asking, scope));
      expect(timeToConvertResult(rows)).toEqual(expectedHistogram(seconds, count));
    }),
    { numRuns: 15, endOnFailure: true },
  );
});

function expectedHistogram(seconds: readonly number[], bins: number | null): object {
  if (seconds.length === 0) return { bins: [], median: null, average: null, p90: null, count: 0 };
  const low = Math.floor(Math.min(...seconds));
  const high = Math.ceil(Math.max(...seconds));
  const n = bins ?? Math.min(60, Math.max(1, Math.ceil(Number(Math.cbrt(seconds.length).toFixed(9)))));
  const width = Math.ceil((high - low) / n) || 60;
  const average = seconds.reduce((a, b) => a + b, 0) / seconds.length;
  return {
    bins: Array.from({ length: n + 1 }, (_, i) => ({
      from: low + i * width,
      to: low + (i + 1) * width,
      count: seconds.filter((s) => Math.min(n, Math.floor((s - low) / width)) === i).length,
    })),
    median: expect.closeTo(quantile(seconds, 0.5), 6) as number,
    average: expect.closeTo(average, 6) as number,
    p90: expect.closeTo(quantile(seconds, 0.9), 6) as number,
    count: seconds.length,
  };
}

/** Between the two nearest values. */
function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)] ?? 0;
  return below + (place - Math.floor(place)) * ((sorted[Math.ceil(place)] ?? 0) - below);
}

test(`counts who of ${WORLDS} worlds carries a value where they enter, 15 times`, async () => {
  await fc.assert(
    fc.asyncProperty(names, window, order, exclusion, async (list, span, by, event) => {
      const exclude = by === 'STRICT' ? [] : excluding(event, list);
      const query = asked({ steps: stepsOf(list), window: span, order: by, exclude });
      const { rows } = await engine.query(compileCorrelations(query, 'EVENT', ['color', 'channel'], scope));
      const got = rows.map((row) => `${row.place} ${row.value}: ${row.customers} ${row.converted}`);
      expect(got.sort()).toEqual([...expectedCarriers(query, events)].sort());
    }),
    { numRuns: 15, endOnFailure: true },
  );
});

/** `place value: customers converted`: everybody under place 0, then each property's values. */
function expectedCarriers(query: FunnelQuery, all: readonly OracleEvent[]): ReadonlySet<string> {
  const counts = new Map<string, [number, number]>();
  const seen = seenByCustomer(query, all);
  const excluded = (e: OracleEvent): boolean =>
    query.order === 'ANY' && query.exclusions.some(({ match }) => match.events.includes(e.event));
  const begins = (e: OracleEvent): boolean =>
    !excluded(e) &&
    query.steps.some((_, k) => (k === 0 || query.order === 'ANY') && matchesStep(query, k, e));
  for (const [customer, times] of evaluateFunnel(query, all)) {
    const [first] = (seen.get(customer) ?? [])
      .filter(begins)
      .sort((a, b) => a.timeMs - b.timeMs || (a.id < b.id ? -1 : 1));
    const carried = first ? [`1 ${first.properties['color'] ?? ''}`, `2 ${first.channel}`] : [];
    for (const key of new Set(['0 ', ...carried.filter((pair) => pair !== '1 ')])) {
      const [customers, converted] = counts.get(key) ?? [0, 0];
      counts.set(key, [customers + 1, converted + Number(times.at(-1) !== null)]);
    }
  }
  return new Set([...counts].map(([key, [customers, converted]]) => `${key}: ${customers} ${converted}`));
}
