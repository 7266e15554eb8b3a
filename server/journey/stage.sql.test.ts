/** The statements of a small map, for reviewers to read; that they are right is shown on the engine. */
import { expect, it } from 'vitest';
import { render } from '../query/sql.ts';
import { vocabularyOf } from './map.ts';
import type { JourneyMap } from './map.ts';
import { stageChanges } from './stage-changes.sql.ts';
import { everybody } from './signals.sql.ts';
import { customersInLifecycleStages, stagesAt } from './stage.sql.ts';

const face = { color: '#000000', description: 'A stage.', isLost: false };
const map: JourneyMap = {
  stages: [],
  lifecycle: [
    { ...face, key: 'gone', name: 'Gone', rule: { noOrderFor: 'P60D' } },
    { ...face, key: 'rich', name: 'Rich', rule: { revenue: { atLeast: 100, within: 'P1M' } } },
    {
      ...face,
      key: 'looking',
      name: 'Looking',
      rule: { did: { match: { events: ['view'] }, within: 'P7D' } },
    },
    { ...face, key: 'rest', name: 'Rest', rule: {} },
  ],
  orderEvents: ['buy'],
  returnEvents: ['return'],
};
const scope = { vocabulary: vocabularyOf(map), hasMergedIdentities: false, nowMs: Date.UTC(2026, 0, 31) };
const may = Date.UTC(2026, 4, 1);

it('stages at an instant', () => {
  expect(render(stagesAt(map, [may], everybody, scope)).text).toMatchSnapshot();
});

it('changes of stage', () => {
  const stretch = { fromMs: 0, toMs: may };
  expect(render(stageChanges(map, stretch, everybody, scope)).text).toMatchSnapshot();
});

it('stages at an instant, where a rule asks for the stage before', () => {
  const [gone, ...rest] = map.lifecycle;
  const back = { ...face, key: 'back', name: 'Back', rule: { stageBefore: ['gone'] } };
  const lifecycle = gone ? [gone, back, ...rest] : rest;
  expect(render(stagesAt({ ...map, lifecycle }, [may], everybody, scope)).text).toMatchSnapshot();
});

it('customers in stages, now unless told otherwise', () => {
  const customersIn = customersInLifecycleStages(map, scope);
  expect(render(customersIn(['rich', 'rest', 'unknown'])).text).toMatch(
    /WHERE \(stage_0 = 2\) OR \(stage_0 = 4\)$/,
  );
  expect(render(customersIn(['rich'])).params['p1']).toBe(scope.nowMs);
  expect(render(customersIn(['rich'], may)).params['p1']).toBe(may);
});

it('reads joined customers through their identities', () => {
  const merged = { ...scope, hasMergedIdentities: true };
  const { text } = render(stagesAt(map, [may], everybody, merged));
  expect(text).toContain('FROM resolved_events');
  expect(text).toContain('FROM resolved_customers');
});
