/** Facts of staged events: each at its instant, its kind the stage's number, its amount beside. */
import { factAt, timeOfFact } from '../../query/kept.ts';
import type { CustomerFacts } from '../../query/kept.ts';

/** Numbers a fact. */
export const STEP = 2;

/** Where those from an instant on begin. */
export function factsFrom({ values, begin, end }: CustomerFacts, ms: number): number {
  const first = factAt(ms, 0);
  let [low, high] = [0, (end - begin) / STEP];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[begin + middle * STEP] ?? 0) < first) low = middle + 1;
    else high = middle;
  }
  return begin + low * STEP;
}

/** An event enters the range once its end passes it, and leaves it once its start does. */
export function untilNext(facts: CustomerFacts, edges: readonly number[], out: number[]): void {
  edges.forEach((edge, i) => {
    const next = factsFrom(facts, edge);
    out[i] = next < facts.end ? timeOfFact(facts.values[next] ?? 0) + 1 : Infinity;
  });
}
