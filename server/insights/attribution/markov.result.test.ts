import { describe, expect, it } from 'vitest';
import { removalEffects } from './markov.result.ts';
import type { MoveRow } from './markov.sql.ts';

const ENDS = { start: 10, conversion: 11, nothing: 12 };
const STATES: Record<string, number> = { A: 0, B: 1, C: 2, start: 10, conversion: 11, nothing: 12 };

/** Moves of paths such as `A B conversion`, each walked once. */
function movesOf(paths: readonly string[]): readonly MoveRow[] {
  const counts = new Map<string, number>();
  for (const path of paths) {
    const states = ['start', ...path.split(' ')].map((state) => STATES[state] ?? -1);
    states.slice(1).forEach((target, i) => {
      const key = `${states[i]} ${target}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    });
  }
  return [...counts].map(([key, moves]) => {
    const [source = 0, target = 0] = key.split(' ').map(Number);
    return { source, target, moves: String(moves) };
  });
}

function effectsOf(paths: readonly string[], states = 3): readonly number[] {
  return removalEffects(movesOf(paths), states, ENDS).map((effect) => Number(effect.toFixed(12)));
}

describe('removal effects', () => {
  it('are those of the textbook: A B C converts, A C converts, B and C lead nowhere once each', () => {
    // From the start: A 1/2, B 1/4, C 1/4. A: B or C, 1/2 each. B: C 1/2, nothing 1/2. C: converts 2/3.
    // h(C) = 2/3, h(B) = 1/3, h(A) = 1/2 (1/3 + 2/3) = 1/2; all: 1/4 + 1/12 + 1/6 = 1/2.
    // Without A: 1/12 + 1/6 = 1/4. Without B: 1/2 * 1/2 * 2/3 + 1/6 = 1/3. Without C: 0.
    const paths = ['A B C conversion', 'A C conversion', 'B nothing', 'C nothing'];
    expect(effectsOf(paths)).toEqual([0.5, Number((1 / 3).toFixed(12)), 1]);
  });

  it('are whole where there is but one value', () => {
    expect(effectsOf(['A conversion', 'A nothing', 'A A conversion'], 1)).toEqual([1]);
  });

  it('do not depend on how often a value follows itself', () => {
    const once = effectsOf(['A B conversion', 'B nothing', 'A conversion']);
    expect(effectsOf(['A A A B conversion', 'B B nothing', 'A conversion'])).toEqual(once);
    expect(effectsOf(['A B B B conversion', 'B nothing', 'A conversion'])).toEqual(once);
  });

  it('follow loops between values', () => {
    const paths = ['A B A nothing', 'A B conversion'];
    // From A: B 2/3, nothing 1/3. From B: A 1/2, conversion 1/2. h(A) = 1/2, all start at A.
    expect(effectsOf(paths)).toEqual([1, 1, 0]);
  });

  it('are nothing for what no path has, and for what leads nowhere', () => {
    expect(effectsOf(['A conversion', 'B nothing'])).toEqual([1, 0, 0]);
  });

  it('are nothing at all without a conversion, or without a path', () => {
    expect(effectsOf(['A nothing', 'A B nothing'])).toEqual([0, 0, 0]);
    expect(effectsOf([])).toEqual([0, 0, 0]);
  });

  it('give part of the credit to a value that only leads on to others, on paths that did not convert', () => {
    // C is on no path to a conversion, but leads to A, which converts half the time.
    const [a, , c] = effectsOf(['A conversion', 'C A nothing']);
    expect(a).toBe(1);
    expect(c).toBe(0.5);
  });

  it('stay exact enough with as many states as there can be', () => {
    const states = 103;
    const ends = { start: 200, conversion: 201, nothing: 202 };
    const moves: MoveRow[] = [];
    for (let i = 0; i < states; i += 1) {
      moves.push({ source: ends.start, target: i, moves: '1' });
      moves.push({ source: i, target: (i + 1) % states, moves: '999' });
      moves.push({ source: i, target: ends.conversion, moves: '1' });
    }
    const effects = removalEffects(moves, states, ends);
    // All alike by symmetry; from i the way round to the removed state is 0.999 to the power of the steps.
    const lost = effects.map(() => 0).map((_, k) => 0.999 ** k);
    const expected = lost.reduce((sum, share) => sum + share, 0) / states;
    for (const effect of effects) expect(effect).toBeCloseTo(expected, 10);
  });
});
