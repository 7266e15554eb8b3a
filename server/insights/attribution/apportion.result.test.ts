import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apportion } from './apportion.result.ts';

describe('sharing out in decimals', () => {
  it('gives what is missing to those that lost most, the first among equals', () => {
    expect(apportion(1, [1 / 3, 1 / 3, 1 / 3], 100)).toEqual([0.34, 0.33, 0.33]);
    expect(apportion(1, [0.005, 0.988, 0.007], 100)).toEqual([0, 0.99, 0.01]);
  });

  it('keeps what is exact already', () => {
    expect(apportion(3, [1, 2, 0], 100)).toEqual([1, 2, 0]);
    expect(apportion(49.99, [30, 19.99], 1e4)).toEqual([30, 19.99]);
  });

  it('shares out amounts below zero, and amounts that cancel out', () => {
    expect(apportion(-1, [-1 / 3, -2 / 3], 100)).toEqual([-0.33, -0.67]);
    expect(apportion(0, [1 / 3, -1 / 3], 100)).toEqual([0.33, -0.33]);
  });

  it('gives nothing to those who have nothing, and nothing where nobody is', () => {
    expect(apportion(0.01, [0, 0.004], 100)).toEqual([0, 0.01]);
    expect(apportion(0, [], 100)).toEqual([]);
  });

  it('always adds up, and is never further off than a step more than the total is', () => {
    const cents = fc.array(fc.integer({ min: -1_000_000, max: 1_000_000 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(cents, fc.integer({ min: 1, max: 97 }), (list, parts) => {
        const amounts = list.map((value) => value / parts);
        const total = Math.round(amounts.reduce((sum, amount) => sum + amount, 0) * 100) / 100;
        const shares = apportion(total, amounts, 100);
        const steps = shares.map((share) => Math.round(share * 100));
        expect(steps.reduce((sum, share) => sum + share, 0)).toBe(Math.round(total * 100));
        shares.forEach((share, i) => expect(Math.abs(share - (amounts[i] ?? 0))).toBeLessThan(0.02));
      }),
    );
  });
});
