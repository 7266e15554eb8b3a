/** The dry run of a journey map: what publishing it would do, and what is wrong with it. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { retailMap } from '../../server/journey/retail.ts';
import { testEngine } from '../support/engine.ts';
import {
  BEFORE,
  IMPATIENT,
  SAVE,
  previewAt,
  stagesAt,
  storeFour,
  withRule,
} from '../support/journey-maps.ts';
import { serveTest } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';

const MEMBERS = `query ($map: JSON!, $from: String, $to: String) { journeyMapPreview(map: $map) { members(first: 10, from: $from, to: $to) { totalCount nodes { id } } } }`;

let engine: Engine;
let server: TestServer;

beforeEach(async () => {
  engine = await testEngine();
  server = await serveTest(engine);
  await storeFour(engine);
});

afterEach(async () => {
  await server.close();
  await engine.close();
});

describe('journeyMapPreview', () => {
  it('says who would go where, and whom: what a publication then does', async () => {
    const told = await previewAt(server, IMPATIENT);
    expect(told).toMatchObject({
      version: 0,
      problems: [],
      customers: 4,
      moved: 2,
      moves: [{ from: 'active', to: 'at_risk', customers: 2 }],
    });
    const after = told.stages.filter((stage) => stage.after).map(({ stage, after }) => [stage.key, after]);
    expect(await stagesAt(server)).toEqual(BEFORE);
    const members = async (move: object): Promise<unknown> => {
      const found = await server.query<{
        journeyMapPreview: { members: { totalCount: number; nodes: readonly { id: string }[] } };
      }>(MEMBERS, { map: IMPATIENT, ...move });
      return found.journeyMapPreview.members.nodes.map(({ id }) => id).sort();
    };
    expect(await members({})).toEqual(['ann', 'bob']);
    expect(await members({ from: 'active', to: 'at_risk' })).toEqual(['ann', 'bob']);
    expect(await members({ to: 'lost' })).toEqual([]);
    await server.query(SAVE, { map: IMPATIENT });
    expect(await stagesAt(server)).toEqual(Object.fromEntries(after));
    expect(await previewAt(server, IMPATIENT)).toMatchObject({ version: 1, moved: 0, moves: [] });
  });

  it('knows stages by their keys: one that is renamed moves nobody, one that goes away moves all of it', async () => {
    const renamed = retailMap.lifecycle.map((stage) =>
      stage.key === 'active' ? { ...stage, name: 'Regulars' } : stage,
    );
    expect(await previewAt(server, { ...retailMap, lifecycle: renamed })).toMatchObject({ moved: 0 });
    const without = { ...retailMap, lifecycle: retailMap.lifecycle.filter(({ key }) => key !== 'new') };
    await server.query(
      'mutation ($definition: AudienceInput!) { saveAudience(name: "Fresh", definition: $definition) { id } }',
      { definition: { lifecycleStages: ['new'] } },
    );
    const told = await previewAt(server, without);
    expect(told).toMatchObject({ moved: 1, moves: [{ from: 'new', to: 'active', customers: 1 }] });
    expect(told.warnings).toContainEqual(
      expect.objectContaining({ code: 'STAGE_IN_USE', field: 'lifecycle' }),
    );
    expect(told.stages.at(-1)).toMatchObject({ stage: { key: 'new' }, before: 1, after: null });
  });

  it.each([
    [
      'other order events',
      { ...retailMap, orderEvents: [...retailMap.orderEvents, 'page_viewed'] },
      { from: 'prospect', to: 'new', customers: 1 },
    ],
    [
      'a rule that looks back',
      withRule('new', { all: [{ firstOrderWithin: 'P30D' }, { stageBefore: ['loyal'] }] }),
      { from: 'new', to: 'active', customers: 1 },
    ],
  ])('counts also where both maps cannot be read at once: %s', async (_, map, move) => {
    expect(await previewAt(server, map)).toMatchObject({ customers: 4, moved: 1, moves: [move] });
  });

  it('warns of events that never came', async () => {
    const { problems, warnings } = await previewAt(
      server,
      withRule('loyal', { did: { match: { events: ['points_veiwed'] }, atLeast: 2 } }),
    );
    expect(problems).toEqual([]);
    expect(warnings).toContainEqual({
      field: 'lifecycle[7].rule.did.match.events[0]',
      code: 'UNSEEN_EVENT',
      message: 'No event "points_veiwed" has arrived so far.',
    });
  });

  it('tells all problems at once, each with its place, and counts nothing', async () => {
    const told = await previewAt(server, {
      ...IMPATIENT,
      lifecycle: [{ key: 'A b', rule: { noOrderFor: 'soon' } }],
    });
    expect(told.problems.map(({ field }) => field)).toEqual(
      expect.arrayContaining(['lifecycle[0].key', 'lifecycle[0].rule.noOrderFor', 'lifecycle[0].name']),
    );
    expect(told).toMatchObject({ customers: null, moved: null, stages: [], moves: [] });
  });
});
