/** Churn kept up to date says what the statement says when it is run, in random streams of events. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { compileChurn } from '../../server/insights/overview/churn.sql.ts';
import { normaliseOverview } from '../../server/insights/overview/overview.query.ts';
import type { OverviewRequest } from '../../server/insights/overview/overview.query.ts';
import { churnSpans } from '../../server/insights/overview/overview.result.ts';
import type { JourneyMap } from '../../server/journey/map.ts';
import { retailMap } from '../../server/journey/retail.ts';
import type { CompileScope } from '../../server/query/events.ts';
import { compileScope } from '../support/compile-scope.ts';
import { testEngine } from '../support/engine.ts';
import { expectKept } from './kept-figures-run.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await testEngine();
});
afterAll(() => engine.close());

const mapOf = (noOrderFor: string): JourneyMap => ({
  ...retailMap,
  lifecycle: retailMap.lifecycle.map((stage) => (stage.isLost ? { ...stage, rule: { noOrderFor } } : stage)),
});

function churnOf(request: OverviewRequest, noOrderFor: string, scope: CompileScope) {
  const query = normaliseOverview(request, scope, []);
  return compileChurn(query, churnSpans(query, scope.nowMs), mapOf(noOrderFor), scope);
}

it('says the same at every step of 16 streams', async () => {
  // Just longer than the range, so that customers are lost in many of its intervals.
  const asks = ({ request, lengthMs }: { request: OverviewRequest; lengthMs: number }, scope: CompileScope) =>
    [1.001, 1.7].map((ranges) =>
      churnOf(request, `PT${Math.ceil((ranges * lengthMs) / 60_000 + 61)}M`, scope),
    );
  await expectKept(engine, asks);
});

it.each([
  ['months without an order, which are of no one length', { range: { last: 'P30D' } }, 'P12M'],
  ['a range in which one could be lost twice', { range: { last: 'P30D' } }, 'P30D'],
  ['a range whose end alone moves on', { range: { from: new Date('2026-06-01') } }, 'P200D'],
])('is run again for %s', (_, request, noOrderFor) => {
  expect(churnOf(request, noOrderFor, compileScope()).kept).toBeUndefined();
});
