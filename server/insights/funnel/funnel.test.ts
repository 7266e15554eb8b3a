import { describe, expect, it } from 'vitest';
import { problemsOf } from '../../query/problem.ts';
import { sql, render } from '../../query/sql.ts';
import type { CompileScope } from '../../query/events.ts';
import { defineFunnel } from './funnel.definition.ts';
import { normaliseFunnel } from './funnel.query.ts';
import type { FunnelRequest } from './funnel.query.ts';
import { funnelResult } from './funnel.result.ts';
import { compileFunnel } from './funnel.sql.ts';
import { funnelRules } from './funnel.validate.ts';

const scope: CompileScope = {
  nowMs: Date.UTC(2026, 0, 31),
  vocabulary: { stages: new Map([['consider', ['view', 'search']]]), orderEvents: [], returnEvents: [] },
  hasMergedIdentities: false,
  customersInLifecycleStages: () => sql`SELECT toUInt64(0)`,
};
const frame = { ...scope, lifecycleStages: ['new', 'lost'] };
const range = { from: new Date(Date.UTC(2026, 0, 1)), to: new Date(Date.UTC(2026, 1, 1)) };
const did = (...events: string[]) => events.map((event) => ({ match: { events: [event] } }));
const asked = (request: Omit<FunnelRequest, 'range'>) => normaliseFunnel({ range, ...request }, frame);

describe('a funnel that is asked', () => {
  it('allows fourteen days in the order given unless it says otherwise', () => {
    const query = asked({ steps: did('view', 'buy') });
    expect(query).toMatchObject({ window: { months: 0, ms: 14 * 86_400_000 }, order: 'ORDERED' });
  });

  it('says which part cannot be read', () => {
    expect(() => asked({ steps: did('view'), window: '14 days' })).toThrow('window: "14 days"');
    expect(() => asked({ steps: [{ match: { stage: 'dream' } }] })).toThrow('steps[0].match.stage');
  });

  it.each([
    [0, ['STEP_COUNT']],
    [1, []],
    [20, []],
    [21, ['STEP_COUNT']],
  ])('with %i steps has the problems %j', (count, codes) => {
    const query = asked({ steps: Array.from({ length: count }, () => did('view')).flat() });
    expect(problemsOf(query, funnelRules(scope.vocabulary)).map((problem) => problem.code)).toEqual(codes);
  });

  it('refuses more overlapping steps in any order than can be told apart', () => {
    const steps = Array.from({ length: 7 }, (_, i) => ({
      match: { events: ['view'], where: { property: 'page', values: [String(i)] } },
    }));
    const codes = (request: Omit<FunnelRequest, 'range'>) =>
      problemsOf(asked(request), funnelRules(scope.vocabulary)).map((problem) => problem.code);
    expect(codes({ steps, order: 'ANY' })).toEqual(['OVERLAPPING_STEPS']);
    expect(codes({ steps: steps.slice(1), order: 'ANY' })).toEqual([]);
    expect(codes({ steps, order: 'ORDERED' })).toEqual([]);
  });

  it.each([
    ['the first step', { steps: [{ match: {}, optional: true }, ...did('buy')] }, 'steps[0].optional'],
    [
      'steps in strict order',
      { steps: [...did('view'), { match: {}, optional: true }], order: 'STRICT' },
      'steps[1].optional',
    ],
  ] as const)('does not let one skip %s', (_, request, field) => {
    const problems = problemsOf(asked(request), funnelRules(scope.vocabulary));
    expect(problems).toMatchObject([{ code: 'OPTIONAL_STEP', field }]);
  });

  it('refuses more ways to skip steps than one statement can hold', () => {
    const step = (k: number, optional: boolean) => ({ match: { events: [`e${k}`] }, optional });
    const of = (length: number) => Array.from({ length }, (_, k) => step(k, k > 3 && k < 8));
    const problems = (length: number) =>
      problemsOf(asked({ steps: of(length) }), funnelRules(scope.vocabulary));
    expect(problems(9)).toEqual([]);
    expect(problems(20)).toMatchObject([{ code: 'OPTIONAL_STEP', field: 'steps' }]);
  });

  it.each([
    [0, 1, []],
    [0, 2, []],
    [1, 1, ['exclude[0]']],
    [2, 1, ['exclude[0]']],
    [-1, 1, ['exclude[0]']],
    [0, 3, ['exclude[0]']],
  ])('takes an exclusion from step %i to step %i with the problems %j', (fromStep, toStep, fields) => {
    const exclude = [{ match: { events: ['leave'] }, fromStep, toStep }];
    const problems = problemsOf(
      asked({ steps: did('view', 'cart', 'buy'), exclude }),
      funnelRules(scope.vocabulary),
    );
    expect(problems.map((problem) => problem.field)).toEqual(fields);
  });

  it.each([
    ['ORDERED', 1, []],
    ['ORDERED', 2, ['breakdown.step']],
    ['ORDERED', null, ['breakdown.step']],
    ['ANY', 0, []],
    ['ANY', 1, ['breakdown.step']],
  ] as const)('in the order %s with values of step %s has the problems %j', (order, step, fields) => {
    const breakdown = { properties: ['color'], attribution: 'STEP', step } as const;
    const query = asked({ steps: did('view', 'buy'), order, breakdown });
    const problems = problemsOf(query, funnelRules(scope.vocabulary));
    expect(problems.map((problem) => problem.field)).toEqual(fields);
  });

  it('is defined in one plain sentence', () => {
    expect(defineFunnel(asked({ steps: did('view', 'cart', 'buy') }))).toBe(
      'Customers who did view, then cart, then buy, in this order, other events between them ignored, within 14 days of the first of them, all from 2026-01-01T00:00Z up to 2026-02-01T00:00Z, of all customers, over all events; each customer counts once, by the attempt that got furthest.',
    );
  });
});

describe('the definition', () => {
  it('names what is left out, skipped, first and apart', () => {
    const view = { match: { events: ['view'] } };
    const cart = { match: { events: ['cart'] } };
    const buy = { match: { events: ['buy'] } };
    const text = defineFunnel(
      asked({
        steps: [{ ...view, occurrence: 'FIRST_EVER' }, { ...cart, optional: true }, buy],
        exclude: [{ match: { events: ['leave'] }, fromStep: 0, toStep: 2 }],
        breakdown: { properties: ['color'] },
      }),
    );
    expect(text).toContain('view (as the first event of that name ever), then perhaps cart, then buy');
    expect(text).toContain('without leave after step 1 and before step 3');
    expect(text).toContain(
      "broken down by color (the value on the customer's first event of any step that has one), the 10 largest values apart",
    );
  });
});

describe('the answer', () => {
  const query = asked({ steps: did('view', 'cart', 'buy') });

  it('has rates from counts and seconds from milliseconds', () => {
    const result = funnelResult(query, {
      customers: ['200', '50', '10'],
      dropped: ['0', '150', '40'],
      average: [90_000, 5500],
      quantiles: [
        [60_000, 120_000],
        [5000, 6000],
      ],
      median_total: 65_000,
    });
    expect(result).toMatchObject({ conversionRate: 0.05, medianSeconds: 65 });
    expect(result.steps[0]).toMatchObject({
      rate: 1,
      rateFromPrevious: 1,
      droppedOff: 0,
      medianSeconds: null,
    });
    expect(result.steps[1]).toMatchObject({ rate: 0.25, rateFromPrevious: 0.25, averageSeconds: 90 });
    expect(result.steps[2]).toMatchObject({ rate: 0.05, rateFromPrevious: 0.2, p90Seconds: 6, label: 'buy' });
  });

  it('has no times and rates of zero when nobody came', () => {
    const nobody = ['nan', 'nan'];
    const result = funnelResult(query, {
      customers: ['0', '0', '0'],
      dropped: ['0', '0', '0'],
      average: nobody,
      quantiles: [nobody, nobody],
      median_total: 'nan',
    });
    expect(result).toMatchObject({ conversionRate: 0, medianSeconds: null });
    expect(result.steps[1]).toMatchObject({ rate: 0, rateFromPrevious: 0, averageSeconds: null });
  });
});

describe('the statement', () => {
  const text = (request: Omit<FunnelRequest, 'range'>) => {
    const { text: statement, params } = render(compileFunnel(asked(request), scope).sql);
    return `${statement}\n-- ${JSON.stringify(params)}`;
  };

  it.each(['ORDERED', 'STRICT', 'ANY'] as const)('of three steps: %s', (order) => {
    expect(text({ steps: did('view', 'cart', 'buy'), order })).toMatchSnapshot();
  });

  it('of a funnel with an exclusion and a step that may be skipped', () => {
    const view = { match: { events: ['view'] } };
    const cart = { match: { events: ['cart'] } };
    const buy = { match: { events: ['buy'] } };
    const exclude = [{ match: { events: ['leave'] }, fromStep: 0, toStep: 1 }];
    expect(text({ steps: [view, { ...cart, optional: true }, buy], exclude })).toMatchSnapshot();
  });

  it('of a step repeated after another, in a window of a month, with filters', () => {
    const where = { property: 'channel', values: ['web'] };
    expect(text({ steps: did('view', 'cart', 'view'), window: 'P14DT1H', where })).toMatchSnapshot();
  });

  it('gathers customers in fewer ranges of keys up to a quarter of a year', () => {
    const ranges = (days: number): string | undefined => {
      const until = { from: range.from, to: new Date(range.from.getTime() + days * 86_400_000) };
      const query = normaliseFunnel({ steps: did('view', 'cart'), range: until }, frame);
      return / GROUP BY bitShiftRight\(customer_key, \d+\)/.exec(
        render(compileFunnel(query, scope).sql).text,
      )?.[0];
    };
    expect(ranges(92)).toBe(' GROUP BY bitShiftRight(customer_key, 58)');
    expect(ranges(93)).toBe(' GROUP BY bitShiftRight(customer_key, 56)');
  });
});
