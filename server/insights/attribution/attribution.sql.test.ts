/** The statements as a reviewer reads them; that they are right is tested on the engine. */
import { expect, it } from 'vitest';
import type { CompileScope } from '../../query/events.ts';
import { render, sql } from '../../query/sql.ts';
import { NONE, normaliseAttribution, NOT_SET } from './attribution.query.ts';
import { compileCredits } from './attribution.sql.ts';
import { compileMoves } from './markov.sql.ts';
import { compileValues } from './paths.sql.ts';

const scope: CompileScope = {
  nowMs: Date.parse('2026-03-01T00:00:00Z'),
  vocabulary: { stages: new Map(), orderEvents: ['purchase'], returnEvents: ['return'] },
  hasMergedIdentities: false,
  customersInLifecycleStages: () => sql`SELECT 0`,
};
const request = {
  conversion: { events: ['purchase'] },
  range: { from: new Date('2026-01-01T00:00:00Z'), to: new Date('2026-02-01T00:00:00Z') },
};
const kept = [NONE, NOT_SET, 'mail', 'search'];

it('values of the channel', () => {
  const query = normaliseAttribution(request, scope, []);
  expect(render(compileValues(query, scope).sql)).toMatchSnapshot();
});

it('credit under two models', () => {
  const query = normaliseAttribution(request, scope, []);
  expect(render(compileCredits(query, ['LINEAR', 'TIME_DECAY'], kept, scope).sql)).toMatchSnapshot();
});

it('moves between values of a property, with named touchpoints and a lookback of a month', () => {
  const asked = { ...request, touchpoints: { events: ['visit'] }, by: 'campaign', lookback: 'P1M' };
  const query = normaliseAttribution(asked, scope, []);
  expect(render(compileMoves(query, kept, scope).sql)).toMatchSnapshot();
});
