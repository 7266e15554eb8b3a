import fc from 'fast-check';
import { expect, it } from 'vitest';
import { IdFilter, MOST_BYTES } from './id-filter.ts';

/** Halves of hashes as good as random, the same for the same seed. */
function halves(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let x = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
    x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
    return (x ^ (x >>> 16)) >>> 0;
  };
}

/** Adds so many hashes; the share of others that it takes for added. */
function falseShare(filter: IdFilter, adds: number): number {
  const [added, again, others] = [halves(1), halves(1), halves(2_000_000_000)];
  for (let i = 0; i < adds; i += 1) filter.add(added(), added());
  for (let i = 0; i < adds; i += 1) {
    if (!filter.has(again(), again())) throw new Error(`${i} is gone`);
  }
  let wrong = 0;
  for (let i = 0; i < 100_000; i += 1) if (filter.has(others(), others())) wrong += 1;
  return wrong / 100_000;
}

it('never says no of what was added', () => {
  const half = fc.integer({ min: 0, max: 0xffffffff });
  fc.assert(
    fc.property(fc.array(fc.tuple(half, half), { maxLength: 200 }), (some) => {
      const filter = new IdFilter(0);
      for (const [high, low] of some) filter.add(high, low);
      expect(some.every(([high, low]) => filter.has(high, low))).toBe(true);
    }),
    { numRuns: 20 },
  );
});

it('takes few others for added, as long as no more come than it was made for, and when it has grown', () => {
  expect(falseShare(new IdFilter(0), 1_000_000)).toBeLessThan(0.0005);
  const grown = new IdFilter(0);
  expect(falseShare(grown, 1_500_000)).toBeLessThan(0.001);
  expect(grown.bytes).toBeGreaterThan(8_900_000);
});

it('holds no more than its bytes, however many are expected', () => {
  expect(new IdFilter(5e9).bytes).toBeLessThanOrEqual(MOST_BYTES);
  expect(new IdFilter(10_000_000).bytes).toBeGreaterThan(50_000_000);
});
