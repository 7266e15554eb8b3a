/** The statements as a reviewer reads them; that they are right is tested on the engine. */
import { expect, it } from 'vitest';
import { retailMap } from '../../journey/retail.ts';
import type { CompileScope } from '../../query/events.ts';
import { render, sql } from '../../query/sql.ts';
import { compileChurn } from './churn.sql.ts';
import { normaliseOverview } from './overview.query.ts';
import { churnSpans } from './overview.result.ts';
import { compileActive, compileMilestones, compileSales } from './overview.sql.ts';

const scope: CompileScope = {
  nowMs: Date.parse('2026-03-01T00:00:00Z'),
  vocabulary: { stages: new Map(), orderEvents: ['purchase'], returnEvents: ['return'] },
  hasMergedIdentities: false,
  customersInLifecycleStages: () => sql`SELECT 0`,
};
const range = { from: new Date('2026-01-01T00:00:00Z'), to: new Date('2026-02-01T00:00:00Z') };
const query = normaliseOverview({ range, interval: 'WEEK' }, scope, []);

it('what happened', () => {
  expect(render(compileSales(query, scope).sql).text).toMatchSnapshot();
  expect(render(compileActive(query, scope).sql).text).toMatchSnapshot();
});

it('since when customers are known, buyers, repeat buyers', () => {
  expect(render(compileMilestones(query, scope).sql).text).toMatchSnapshot();
  const filtered = normaliseOverview({ range, where: { property: 'channel', values: ['web'] } }, scope, []);
  expect(render(compileMilestones(filtered, scope).sql).text).toMatchSnapshot();
});

it('who was lost, span by span', () => {
  const { text } = render(compileChurn(query, churnSpans(query, scope.nowMs), retailMap, scope).sql);
  expect(text.replace(/\{p\d+:/g, '{p:')).toMatchSnapshot();
});
