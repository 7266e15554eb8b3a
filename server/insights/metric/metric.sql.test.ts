/** The statements as a reviewer reads them; that they are right is tested on the engine. */
import { expect, it } from 'vitest';
import type { CompileScope } from '../../query/events.ts';
import { render, sql } from '../../query/sql.ts';
import { MEASURES, normaliseMetric } from './metric.query.ts';
import { compileMetric, compileMetricGroups } from './metric.sql.ts';

const scope: CompileScope = {
  nowMs: Date.parse('2026-03-01T00:00:00Z'),
  vocabulary: { stages: new Map(), orderEvents: ['purchase'], returnEvents: ['return'] },
  hasMergedIdentities: false,
  customersInLifecycleStages: () => sql`SELECT 0`,
};
const range = { from: new Date('2026-01-01T00:00:00Z'), to: new Date('2026-02-01T00:00:00Z') };

it.each(MEASURES)('%s by day', (measure) => {
  const query = normaliseMetric({ measure, range }, scope, []);
  expect(render(compileMetric(query, scope).sql).text).toMatchSnapshot();
});

it('revenue by country, a trait', () => {
  const breakdown = { properties: ['country'], of: 'CUSTOMER' as const, limit: 1 };
  const query = normaliseMetric({ measure: 'REVENUE', range, breakdown }, scope, []);
  const groups = [
    { values: ['DE'], isOther: false, key: '["DE"]' },
    { values: [], isOther: true, key: '' },
  ];
  expect(render(compileMetricGroups(query, breakdown, groups, scope).sql)).toMatchSnapshot();
});
