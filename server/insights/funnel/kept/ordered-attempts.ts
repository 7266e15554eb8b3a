/**
 * Ordered steps, one attempt for each event that may be the first step: for trends, and where exclusions hit or steps
 * may be skipped. As ordered-attempts.sql.ts and chain-choice.sql.ts, with the next moment of each step looked up
 * beforehand, so that an attempt costs its steps. Pure.
 */
import { chainsOf, nextSteps } from '../chains.ts';
import type { Attempts } from './attempts.ts';
import type { Moments } from './moments.ts';
import type { MatchRules } from './rules.ts';
import type { WindowEnd } from './window-end.ts';

export class OrderedAttempts {
  private readonly steps: number;
  private readonly windowEnd: WindowEnd;
  /** Steps after the first (1-based), one list for each way to skip some; of equally good ones the first counts. */
  private readonly chains: readonly (readonly number[])[];
  /** By step (1-based): which can come next. */
  private readonly following: readonly (readonly number[])[];
  /** By step (1-based): the kind of barrier between it and the next; -1: none. */
  private readonly barrierKinds: readonly number[];
  private readonly kinds: number;
  /** For each step, then for each bit of barriers, the next such moment from each on. */
  private next = new Int32Array(0);
  private readonly times: Float64Array;
  private readonly chosen: Float64Array;
  /** The first barrier that hits the chain walked last: after which step, and when. */
  private hitStep = 0;
  private hitTime = 0;

  constructor({ form, optional }: MatchRules, windowEnd: WindowEnd) {
    this.steps = form.steps;
    this.windowEnd = windowEnd;
    const steps = optional.map((isOptional) => ({ isOptional }));
    this.chains = [...chainsOf(steps)].sort(byEarlierSteps);
    this.following = [[], ...steps.map((_, i) => nextSteps(steps, i + 1))];
    this.barrierKinds = [
      -1,
      ...steps.map((_, gap) => form.closed.findIndex((gaps) => gaps.includes(gap))),
    ].map((bit) => (bit < 0 ? -1 : form.steps + bit));
    this.kinds = form.steps + form.closed.length;
    this.times = new Float64Array(form.steps);
    this.chosen = new Float64Array(form.steps);
  }

  /** Adds the attempts of these moments, in order of their starts. */
  add(moments: Moments, out: Attempts): void {
    this.lookAhead(moments);
    for (let at = 0; at < moments.count; at += 1) {
      if ((moments.mask(at) & 1) === 1) this.addFrom(at, moments, out);
    }
  }

  private addFrom(at: number, moments: Moments, out: Attempts): void {
    const end = this.windowEnd(moments.times[at] ?? 0);
    let bestRank = -1;
    let bestEnd = 0;
    let hit = 0;
    for (const chain of this.chains) {
      const last = this.walk(at, chain, end, moments);
      const taken = this.times.reduce((sum, time) => sum + (time > 0 ? 1 : 0), -1);
      // Furthest first, then most steps, then the earliest end.
      const rank = last * 32 + taken;
      const ends = last === 1 ? 0 : (this.times[last - 1] ?? 0);
      if (rank < bestRank || (rank === bestRank && ends >= bestEnd)) continue;
      [bestRank, bestEnd] = [rank, ends];
      this.chosen.set(this.times);
      hit = this.hitStep > 0 && this.hitTime <= end ? this.hitStep : 0;
    }
    out.push(this.chosen, hit > 0 ? this.hitGrade(hit) : 4 * Math.floor(bestRank / 32) + 2);
  }

  /** Counts up to the step after the barrier if it went on, else up to the step before. */
  private hitGrade(step: number): number {
    const next = this.following[step]?.find((k) => (this.chosen[k - 1] ?? 0) > 0);
    return next === undefined ? 4 * step : 4 * next + 1;
  }

  /** Writes the chain's times within the window, and its first hit; returns the last step (1-based) that it took. */
  private walk(from: number, chain: readonly number[], end: number, moments: Moments): number {
    this.times.fill(0);
    this.times[0] = moments.times[from] ?? 0;
    this.hitStep = 0;
    let at = from;
    let step = 1;
    for (const k of chain) {
      const next = this.nextOf(k - 1, at + 1, moments);
      const time = next < moments.count ? (moments.times[next] ?? 0) : Infinity;
      if (this.hitStep === 0) this.findHit(step, at, time, moments);
      if (time > end) return step;
      this.times[k - 1] = time;
      at = next;
      step = k;
    }
    return step;
  }

  /** A barrier after the step and before the next one's time. */
  private findHit(step: number, at: number, nextTime: number, moments: Moments): void {
    const kind = this.barrierKinds[step] ?? -1;
    if (kind < 0) return;
    const stop = this.nextOf(kind, at + 1, moments);
    if (stop === moments.count || (moments.times[stop] ?? 0) >= nextTime) return;
    this.hitStep = step;
    this.hitTime = moments.times[stop] ?? 0;
  }

  private nextOf(kind: number, at: number, moments: Moments): number {
    return this.next[at * this.kinds + kind] ?? moments.count;
  }

  private lookAhead(moments: Moments): void {
    const { kinds, steps } = this;
    const length = (moments.count + 1) * kinds;
    if (this.next.length < length) this.next = new Int32Array(length * 2);
    const { next } = this;
    next.fill(moments.count, length - kinds, length);
    for (let at = moments.count - 1; at >= 0; at -= 1) {
      const row = at * kinds;
      next.copyWithin(row, row + kinds, row + 2 * kinds);
      const mask = moments.mask(at);
      const barrier = moments.barrier(at);
      for (let kind = 0; kind < kinds; kind += 1) {
        const bit = kind < steps ? mask >> kind : barrier >> (kind - steps);
        if ((bit & 1) === 1) next[row + kind] = at;
      }
    }
  }
}

function byEarlierSteps(a: readonly number[], b: readonly number[]): number {
  const place = a.findIndex((k, i) => k !== b[i]);
  return place === -1 ? a.length - b.length : (a[place] ?? 0) - (b[place] ?? Infinity);
}
