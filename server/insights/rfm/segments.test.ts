import { describe, expect, it } from 'vitest';
import { cellsOf, SEGMENTS, segmentOf } from './segments.ts';

describe('segments of customers', () => {
  it.each([
    [{ r: 5, f: 5, m: 5 }, 'champions'],
    [{ r: 5, f: 3, m: 4 }, 'champions'],
    [{ r: 4, f: 4, m: 4 }, 'loyal'],
    [{ r: 3, f: 5, m: 2 }, 'loyal'],
    [{ r: 5, f: 3, m: 3 }, 'active'],
    [{ r: 4, f: 1, m: 2 }, 'active'],
    [{ r: 4, f: 1, m: 1 }, 'promising'],
    [{ r: 5, f: 1, m: 1 }, 'new'],
    [{ r: 3, f: 3, m: 3 }, 'needs attention'],
    [{ r: 3, f: 2, m: 3 }, 'needs attention'],
    [{ r: 3, f: 2, m: 2 }, 'almost lost'],
    [{ r: 2, f: 4, m: 4 }, 'at risk'],
    [{ r: 1, f: 2, m: 3 }, 'at risk'],
    [{ r: 2, f: 5, m: 4 }, 'previously loyal'],
    [{ r: 1, f: 2, m: 2 }, 'dormant'],
    [{ r: 0, f: 0, m: 0 }, 'prospects'],
  ])('%j: %s', (scores, segment) => {
    expect(segmentOf(scores)).toBe(segment);
  });

  it('are eleven, and together every cell once', () => {
    expect(SEGMENTS).toHaveLength(11);
    const cells = SEGMENTS.flatMap(cellsOf).map(({ r, fm }) => `${r} ${fm}`);
    expect(new Set(cells).size).toBe(25);
    expect(cells).toHaveLength(25);
    expect(cellsOf('prospects')).toEqual([]);
  });
});
