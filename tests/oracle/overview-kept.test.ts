/** The overview's statements kept up to date say what they say when they are run, in random streams of events. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { normaliseOverview } from '../../server/insights/overview/overview.query.ts';
import { compileActive, compileMilestones, compileSales } from '../../server/insights/overview/overview.sql.ts';
import type { CompileScope } from '../../server/query/events.ts';
import type { SqlQuery } from '../../server/query/sql.ts';
import { compileScope } from '../support/compile-scope.ts';
import { testEngine } from '../support/engine.ts';
import { FigureWorld, story } from './kept-figures-world.ts';
import type { Story } from './kept-figures-world.ts';
import { KeptReplay, storeAndTell } from './kept-replay.ts';
import type { Arrival } from './kept-replay.ts';

let engine: Engine;
let worlds = 0;
/** All that was ever stored: worlds are not kept apart. */
const everything: Arrival[] = [];
beforeAll(async () => {
  engine = await testEngine();
});
afterAll(() => engine.close());

it('says the same at every step of 60 streams', async () => {
  await fc.assert(fc.asyncProperty(story, follow), { numRuns: 60, endOnFailure: true });
}, 240_000);

async function follow(told: Story): Promise<void> {
  const world = new FigureWorld(told, `w${(worlds += 1)}`);
  everything.push(...(await storeAndTell(engine, world.events(told.moments))));
  const { scope, statements } = asked(world);
  const replays = await Promise.all(
    statements.map((one) =>
      KeptReplay.of(engine, keptOf(one), scope, { isByRows: told.isByRows, later: everything }),
    ),
  );
  await compare(statements, replays);
  for (const step of told.steps) {
    const events = world.events(step.arrives);
    const arrived = events.length > 0 ? await storeAndTell(engine, events) : [];
    everything.push(...arrived);
    for (const replay of replays) await replay.arrive(arrived, asked(world).scope);
    world.goOn(step);
    const next = asked(world);
    for (const [i, replay] of replays.entries()) await replay.move(keptOf(next.statements[i]), next.scope);
    await compare(next.statements, replays);
  }
}

function asked(world: FigureWorld): { scope: CompileScope; statements: readonly SqlQuery<object>[] } {
  const scope = compileScope({ nowMs: world.nowMs });
  const query = normaliseOverview(world.request, scope, []);
  return {
    scope,
    statements: [compileSales(query, scope), compileActive(query, scope), compileMilestones(query, scope)],
  };
}

function keptOf(statement: SqlQuery<object> | undefined) {
  if (!statement?.kept) throw new Error(`not kept: ${statement?.name}`);
  return statement.kept;
}

async function compare(
  statements: readonly SqlQuery<object>[],
  replays: readonly KeptReplay<object>[],
): Promise<void> {
  const fresh = await Promise.all(statements.map((statement) => engine.query(statement)));
  expect(replays.map((replay) => replay.rows())).toEqual(fresh.map(({ rows }) => rows));
}
