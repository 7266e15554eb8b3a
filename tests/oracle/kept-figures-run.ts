/** Stories told side by side over one store, and statements that are kept up to date through all of it. */
import fc from 'fast-check';
import { expect } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import type { CompileScope } from '../../server/query/events.ts';
import type { SqlQuery } from '../../server/query/statement.ts';
import { compileScope } from '../support/compile-scope.ts';
import { inTurn } from '../support/in-turn.ts';
import { storeAndTell } from './arrivals.ts';
import type { Arrival } from './arrivals.ts';
import { KeptByHand } from './kept-by-hand.ts';
import { FigureWorld, story } from './kept-figures-world.ts';
import type { Story } from './kept-figures-world.ts';

/** The statements that a story asks, at its present. */
export type Asks = (world: FigureWorld, scope: CompileScope, story: Story) => readonly SqlQuery<object>[];

const STORIES = 8;
const RUNS = 2;

/** At each step of each story: what is kept equals what the statements say when they are run. */
export async function expectKept(engine: Engine, asks: Asks): Promise<void> {
  /** All that was ever stored: stories see each other's events. */
  const stored: Arrival[] = [];
  let runs = 0;
  const stories = fc.array(story, { minLength: STORIES, maxLength: STORIES });
  const follow = async (told: readonly Story[]): Promise<void> => {
    runs += 1;
    const live = told.map((one, i) => new LiveStory(engine, one, `w${runs}-${i}`, asks));
    stored.push(
      ...(await storeAndTell(
        engine,
        live.flatMap((one) => one.begins()),
      )),
    );
    await inTurn(live, 4, (one) => one.open(stored));
    for (let step = 0; live.some((one) => one.hasStep(step)); step += 1) {
      const events = live.flatMap((one) => one.arrives(step));
      const arrived = events.length > 0 ? await storeAndTell(engine, events) : [];
      stored.push(...arrived);
      await inTurn(live, 4, (one) => one.goOn(step, arrived));
    }
  };
  await fc.assert(fc.asyncProperty(stories, follow), { numRuns: RUNS, endOnFailure: true });
}

class LiveStory {
  private readonly world: FigureWorld;
  private kept: KeptByHand[] = [];

  constructor(
    private readonly engine: Engine,
    private readonly story: Story,
    name: string,
    private readonly asks: Asks,
  ) {
    this.world = new FigureWorld(story, name);
  }

  hasStep(step: number): boolean {
    return step < this.story.steps.length;
  }

  begins() {
    return this.world.events(this.story.moments);
  }

  arrives(step: number) {
    return this.world.events(this.story.steps[step]?.arrives ?? []);
  }

  async open(stored: readonly Arrival[]): Promise<void> {
    const { scope, statements } = this.asked();
    const options = { isByRows: this.story.isByRows, ahead: stored };
    this.kept = await Promise.all(
      statements.map((statement) => KeptByHand.of(this.engine, [statement], scope, options)),
    );
    await this.compare(statements);
  }

  async goOn(at: number, arrived: readonly Arrival[]): Promise<void> {
    const step = this.story.steps[at];
    if (!step) return;
    for (const kept of this.kept) await kept.arrive(arrived);
    this.world.goOn(step);
    const { scope, statements } = this.asked();
    const goOn = await Promise.all(this.kept.map((kept, i) => kept.move(statements.slice(i, i + 1), scope)));
    expect(goOn).not.toContain(false);
    await this.compare(statements);
  }

  private asked(): { scope: CompileScope; statements: readonly SqlQuery<object>[] } {
    const scope = compileScope({
      nowMs: this.world.nowMs,
      hasMergedIdentities: this.story.isMerged,
    });
    return { scope, statements: this.asks(this.world, scope, this.story) };
  }

  private async compare(statements: readonly SqlQuery<object>[]): Promise<void> {
    const fresh = await Promise.all(statements.map((statement) => this.engine.query(statement)));
    expect(this.kept.flatMap((kept) => kept.rows())).toEqual(fresh.map(({ rows }) => rows));
  }
}
