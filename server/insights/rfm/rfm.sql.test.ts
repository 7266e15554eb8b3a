/** The statements as a reviewer reads them; that they are right is tested on the engine. */
import { expect, it } from 'vitest';
import type { CompileScope } from '../../query/events.ts';
import { render, sql } from '../../query/sql.ts';
import { normaliseRfm } from './rfm.query.ts';
import { compileScores, compileSegmentMembers } from './rfm.sql.ts';

const scope: CompileScope = {
  nowMs: Date.parse('2026-03-01T00:00:00Z'),
  vocabulary: { stages: new Map(), orderEvents: ['purchase'], returnEvents: ['return'] },
  hasMergedIdentities: false,
  customersInLifecycleStages: () => sql`SELECT 0`,
};

it('scores of all time', () => {
  expect(render(compileScores(normaliseRfm({}, scope, []), scope).sql)).toMatchSnapshot();
});

it.each(['champions', 'prospects'] as const)('%s of a range', (segment) => {
  const query = normaliseRfm({ range: { last: 'P30D' } }, scope, []);
  expect(render(compileSegmentMembers(query, segment, scope)).text).toMatchSnapshot();
});
