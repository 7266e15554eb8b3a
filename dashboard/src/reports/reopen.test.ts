import { expect, test } from 'vitest';
import type { ReportKind } from '../api/generated.ts';
import { checkCohorts, DEFAULTS as COHORTS, retentionInput } from '../pages/cohorts/cohort-state.ts';
import { brokenDown, checkFunnel, DEFAULTS as FUNNEL, funnelInput } from '../pages/funnels/funnel-state.ts';
import { breakdownBy } from '../selection/breakdown.ts';
import { checkConditions } from '../selection/match.ts';
import { questionText } from './question.ts';
import { reopened, viewOf } from './reopen.ts';

const range = { last: 'P30D', timeZone: 'UTC' };
const events = ['product_viewed', 'order_completed'];
const steps = events.map((event) => ({ match: { events: [event] } }));
const open = (kind: ReportKind, input: object, view: object | null = null) =>
  reopened(kind, input, view, 'Europe/Berlin');
const state = (params: Record<string, string | null> | undefined): Record<string, unknown> =>
  JSON.parse(params?.['q'] ?? '{}') as Record<string, unknown>;

test('a funnel that the page saved opens as the page stood', () => {
  const page = {
    ...FUNNEL,
    steps: [
      {
        on: 'event' as const,
        value: 'product_viewed',
        where: checkConditions([{ property: 'sku', values: ['a', 'b'] }]),
      },
      { on: 'stage' as const, value: 'purchase', label: 'Bought' },
      { on: 'channel' as const, value: 'store', optional: true, occurrence: 'FIRST_EVER' as const },
    ],
    window: 'P7D',
    exclude: [{ match: { on: 'event' as const, value: 'refund' }, fromStep: 0, toStep: 2 }],
    hold: ['sku'],
    breakdown: breakdownBy('device', 'EVENT'),
    series: 'table' as const,
  };
  const where = { property: 'channel', values: ['web'] };
  const audience = {
    where: { property: 'tier', of: 'CUSTOMER' as const, values: ['gold'] },
    lifecycleStages: ['loyal'],
    did: [{ match: { events: ['page_viewed'] }, atLeast: 3, within: 'P30D' }],
  };
  const input = brokenDown(
    funnelInput(page, page.steps, { range, where, audience }, (match) => match.label),
    page.breakdown,
  );
  const address = open('FUNNEL', input, viewOf('FUNNEL', page));
  expect(address?.path).toBe('/funnels');
  expect(address?.params).toMatchObject({ range: '30d', from: null, tz: 'UTC' });
  const { steps: kept, ...rest } = page;
  expect({ ...FUNNEL, ...checkFunnel(state(address?.params)) }).toEqual({ ...rest, steps: kept });
  expect(JSON.parse(address?.params['where'] ?? '')).toMatchObject([
    { property: 'channel' },
    { property: 'tier' },
  ]);
});

test('one made through the API opens too, its defaults filled in', () => {
  expect(open('FUNNEL', { steps, range: { last: 'P7D' } })?.params).toMatchObject({ range: '7d', tz: 'UTC' });
  const ended = { from: '2026-03-01T00:00:00+01:00', to: '2026-03-31T22:00:00Z', timeZone: 'Europe/Berlin' };
  expect(open('FUNNEL', { steps, range: ended })?.params).toMatchObject({
    from: '2026-03-01',
    to: '2026-03-31',
    tz: null,
  });
  expect(open('FUNNEL', { steps: [{ match: { events: 'a', where: null } }], range })).not.toBeNull();
  expect(state(open('PATHS', { range })?.params)).toMatchObject({ node: 'TOUCHPOINT', edges: 50 });
  expect(open('OVERVIEW', { range })?.params).toMatchObject({ by: 'day' });
  expect(open('RFM', {})?.params).toMatchObject({ range: null, q: '{"view":"value"}' });
  expect(state(open('CUSTOMERS', { search: 'ann' })?.params)).toMatchObject({ search: 'ann', view: 'list' });
  expect(
    open('ATTRIBUTION', { conversion: { events: ['a'] }, range, models: ['MARKOV', 'LINEAR'] }),
  ).not.toBeNull();
});

test('cohorts open with what they showed', () => {
  const start = { on: 'event' as const, value: 'order_completed' };
  const page = { ...COHORTS, start, show: 'lifetime' as const, interval: 'MONTH' as const, periods: 12 };
  const input = retentionInput(page, start, { range: { ...range, last: 'P12M' } }, 365);
  const address = open('RETENTION', input, viewOf('RETENTION', page));
  expect({ ...COHORTS, ...checkCohorts(state(address?.params)) }).toEqual(page);
});

test('what no page can show wholly has no address', () => {
  expect(open('METRIC', { measure: 'REVENUE', range })).toBeNull();
  expect(open('FUNNEL', { steps, range: { last: 'P13D' } })).toBeNull();
  expect(open('FUNNEL', { steps, range: { from: '2026-03-01T10:00:00Z' } })).toBeNull();
  expect(open('FUNNEL', { steps, range, where: { any: [{ property: 'a' }, { property: 'b' }] } })).toBeNull();
  expect(open('FUNNEL', { steps: [{ match: { events } }], range })).toBeNull();
  expect(open('FUNNEL', { steps, range, audience: { except: { id: 'x' } } })).toBeNull();
  expect(open('PATHS', { range, maxEdges: 33 })).toBeNull();
  expect(open('LIFECYCLE', { range, at: '2026-03-01T00:00:00Z' })).toBeNull();
});

test('questions are the same whatever says nothing', () => {
  const asked = { steps, range: { last: 'P30D' } };
  const said = { range: { ...range, to: null }, order: 'ORDERED', window: 'P14D', holdConstant: [], steps };
  expect(questionText('FUNNEL', said)).toBe(questionText('FUNNEL', asked));
  expect(questionText('FUNNEL', { ...said, window: 'P7D' })).not.toBe(questionText('FUNNEL', asked));
});
