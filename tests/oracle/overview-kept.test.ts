/** The overview's statements kept up to date say what they say when they are run, in random streams of events. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { normaliseOverview } from '../../server/insights/overview/overview.query.ts';
import {
  compileActive,
  compileMilestones,
  compileSales,
} from '../../server/insights/overview/overview.sql.ts';
import { compileScope } from '../support/compile-scope.ts';
import { testEngine } from '../support/engine.ts';
import { customer, storeEvents } from '../support/events.ts';
import { filter } from './kept-figures-world.ts';
import { KeptByHand } from './kept-by-hand.ts';
import { expectKept } from './kept-figures-run.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await testEngine();
});
afterAll(() => engine.close());

it('says the same at every step of 16 streams', async () => {
  const asks = (
    world: { readonly request: Parameters<typeof normaliseOverview>[0] },
    scope: ReturnType<typeof compileScope>,
  ) => {
    const query = normaliseOverview(world.request, scope, []);
    return [compileSales(query, scope), compileActive(query, scope), compileMilestones(query, scope)];
  };
  await expectKept(engine, asks);
});

it('knows who was active in a few minutes that begin and end within a quarter of an hour', async () => {
  const at = (time: string): number => Date.parse(`2001-01-01T${time}Z`);
  const story = customer('often').did('page_view', at('00:01')).did('page_view', at('00:07'));
  await storeEvents(engine, [story.did('page_view', at('00:14:30'))]);
  const scope = compileScope({ nowMs: at('00:26') });
  const statement = compileActive(normaliseOverview({ range: { last: 'PT12M' } }, scope, []), scope);
  const kept = await KeptByHand.of(engine, [statement], scope, { isByRows: true });
  expect(kept.rows()).toEqual([(await engine.query(statement)).rows]);
  expect(kept.rows()[0]).toContainEqual({ position: -1, active: '1' });
});

it.each([
  ['traits', { where: { ...filter, of: 'CUSTOMER' as const } }],
  ['an id, which may be joined to another', { where: { ...filter, property: 'customerId' } }],
  ['an audience', { audience: { where: filter } }],
  ['a range whose end alone moves on', { range: { from: new Date('2026-01-01') } }],
])('is run again for %s', (_, changes) => {
  const scope = compileScope();
  const query = normaliseOverview({ range: { last: 'P30D' }, ...changes }, scope, []);
  const statements = [
    compileSales(query, scope),
    compileActive(query, scope),
    compileMilestones(query, scope),
  ];
  expect(statements.map(({ kept }) => kept)).toEqual([undefined, undefined, undefined]);
});
