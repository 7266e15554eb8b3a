// The grid of recency and frequency, and the shades of its cells. Pure.
import type { RfmSubscription } from '../../api/generated.ts';

export type RfmCell = RfmSubscription['rfm']['cells'][number];

const SCORES = [1, 2, 3, 4, 5];

/** Rows from the most to the least frequent, each from the longest ago to the latest; cells that nobody is in too. */
export function gridRows(cells: readonly RfmCell[]): RfmCell[][] {
  return [...SCORES].reverse().map((frequency) =>
    SCORES.map(
      (recency) =>
        cells.find((cell) => cell.recency === recency && cell.frequency === frequency) ?? {
          recency,
          frequency,
          customers: 0,
          averageMonetary: 0,
        },
    ),
  );
}

/** A step of the ramp, 0..7; by the square root, since cells differ by orders of magnitude. */
export function shade(customers: number, most: number): number {
  if (customers <= 0 || most <= 0) return 0;
  return Math.min(7, Math.max(1, Math.round(Math.sqrt(customers / most) * 7)));
}

/** Segments of customers worth keeping, to win back, and without an order: the tone of their bar. */
export type Tone = 'keep' | 'winBack' | 'none';
const KEPT = ['champions', 'loyal', 'active', 'promising', 'new'];

/** Which of the three a segment is; one not known here is to be won back. */
export function toneOf(segment: string): Tone {
  if (segment === 'prospects') return 'none';
  return KEPT.includes(segment) ? 'keep' : 'winBack';
}
