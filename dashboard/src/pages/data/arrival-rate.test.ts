import { describe, expect, it } from 'vitest';
import { movedOn, roundAbove, SECONDS } from './arrival-rate.ts';

const told = Array.from({ length: SECONDS }, (_, i) => i + 1);

describe('the last minute', () => {
  it('is as it was told, while the next answer is due', () => {
    expect(movedOn(told, 10_000, 11_500)).toEqual(told);
    expect(movedOn(told, 10_000, 9_000)).toEqual(told);
  });

  it('moves on with the time and falls to nothing', () => {
    expect(movedOn(told, 10_000, 13_000).slice(-3)).toEqual([60, 0, 0]);
    expect(movedOn(told, 0, 3_600_000)).toEqual(Array(SECONDS).fill(0));
  });

  it('is a minute long, whatever was told', () => {
    expect(movedOn([7], 0, 0)).toHaveLength(SECONDS);
    expect(movedOn([7], 0, 0).at(-1)).toBe(7);
    expect(movedOn([], 0, 0)).toEqual(Array(SECONDS).fill(0));
  });

  it('stands under a round number', () => {
    expect([0, 1, 3, 7, 10, 11, 480, 26_000].map(roundAbove)).toEqual([1, 1, 5, 10, 10, 20, 500, 50_000]);
  });
});
