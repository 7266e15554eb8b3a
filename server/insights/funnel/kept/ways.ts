/**
 * Funnels in which the best order of one instant depends on what is skipped and what is hit: a customer with ties is
 * matched once for every way to skip steps and place to stop runs, and of the attempts of one start the best counts, as
 * compileBestWays in ties.sql.ts says. Pure.
 */
import { chainsOf } from '../chains.ts';
import type { Attempts } from './attempts.ts';
import type { MatchRules } from './rules.ts';
import type { Way } from './settled-ties.ts';

/** For each way to skip some: the steps taken, and the step after which runs stop. */
export function waysOf({ optional, hasBarriers }: MatchRules): readonly Way[] {
  const chains = chainsOf(optional.map((isOptional) => ({ isOptional })));
  return chains.flatMap((chain) => {
    const steps = chain.reduce((mask, k) => mask + 2 ** (k - 1), 1);
    const stops = hasBarriers ? [0, 1, ...chain.slice(0, -1)] : [0];
    return stops.map((stop) => ({ steps, stop }));
  });
}

/** Attempts gathered over several ways: of each start the best, in order of starts. */
export class BestOfWays {
  private readonly best = new Map<
    number,
    { readonly times: Float64Array; readonly rank: readonly number[]; readonly grade: number }
  >();

  /** Attempts that did not take the way's steps, up to their last, are left out. */
  add(attempts: Attempts, way: Way): void {
    for (let at = 0; at < attempts.count; at += 1) {
      const times = attempts.times.slice(at * attempts.steps, (at + 1) * attempts.steps);
      const last = times.findLastIndex((time) => time > 0) + 1;
      const own = times.reduce((mask, time, k) => mask + (time > 0 ? 2 ** k : 0), 0);
      if (own !== (way.steps & (2 ** last - 1))) continue;
      const grade = attempts.grades[at] ?? 0;
      const earlier = times.reduce((sum, time, k) => sum + (time > 0 ? 2 ** (attempts.steps - 1 - k) : 0), 0);
      const sooner = [...times].map((time) => -time);
      const rank = [last, attempts.taken(at), -attempts.finish(at), earlier, grade, ...sooner];
      const known = this.best.get(attempts.start(at));
      if (!known || isMore(rank, known.rank)) this.best.set(attempts.start(at), { times, rank, grade });
    }
  }

  /** Adds them, and forgets them. */
  moveTo(out: Attempts): void {
    const starts = [...this.best.keys()].sort((a, b) => a - b);
    for (const start of starts) {
      const found = this.best.get(start);
      if (found) out.push(found.times, found.grade);
    }
    this.best.clear();
  }
}

function isMore(a: readonly number[], b: readonly number[]): boolean {
  const place = a.findIndex((x, i) => x !== b[i]);
  return place >= 0 && (a[place] ?? 0) > (b[place] ?? 0);
}
