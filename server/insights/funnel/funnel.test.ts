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

  it('is defined in one plain sentence', () => {
    expect(defineFunnel(asked({ steps: did('view', 'cart', 'buy') }))).toBe(
      'Customers who did view, then cart, then buy, in this order, other events between them ignored, within 14 days of the first of them, all from 2026-01-01T00:00Z up to 2026-02-01T00:00Z, of all customers, over all events; each customer counts once, by the attempt that got furthest.',
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

  it('of a step repeated after another, in a window of a month, with filters', () => {
    const where = { property: 'channel', values: ['web'] };
    expect(text({ steps: did('view', 'cart', 'view'), window: 'P14DT1H', where })).toMatchSnapshot();
  });
});
