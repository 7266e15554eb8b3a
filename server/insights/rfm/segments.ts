/**
 * The eleven segments of customers by recency and by the mean of frequency and monetary value. As data: the grid
 * that Shopify's documentation prints (Help Center, "RFM customer analysis", RFM groups; the same cells stand in
 * the Grid chart of its open-source library Polaris Viz). There FM is (F + M) / 2, and the ranges ("FM > 3",
 * "FM is 2 or 3", ...) put halves with the next higher row: so the mean is rounded up here.
 */

/** In the order in which answers list them; the first six are those to keep, then those to win back. */
export const SEGMENTS = [
  'champions',
  'loyal',
  'active',
  'promising',
  'new',
  'needs attention',
  'almost lost',
  'at risk',
  'previously loyal',
  'dormant',
  'prospects',
] as const;
export type Segment = (typeof SEGMENTS)[number];

/** Rows: FM 5 down to 1; columns: R 1 to 5. */
const GRID: readonly (readonly Segment[])[] = [
  ['previously loyal', 'previously loyal', 'loyal', 'loyal', 'champions'],
  ['at risk', 'at risk', 'loyal', 'loyal', 'champions'],
  ['at risk', 'at risk', 'needs attention', 'active', 'active'],
  ['dormant', 'dormant', 'almost lost', 'active', 'active'],
  ['dormant', 'dormant', 'almost lost', 'promising', 'new'],
];

/** Scores of 1 to 5; none for a customer without an order. */
export interface Scores {
  readonly r: number;
  readonly f: number;
  readonly m: number;
}

export function segmentOf({ r, f, m }: Scores): Segment {
  return GRID[5 - Math.ceil((f + m) / 2)]?.[r - 1] ?? 'prospects';
}

const SCORES = [1, 2, 3, 4, 5];

/** The cells (R and the mean of F and M, rounded up) that make a segment; none for prospects. */
export function cellsOf(segment: Segment): readonly { readonly r: number; readonly fm: number }[] {
  return SCORES.flatMap((r) =>
    SCORES.filter((fm) => segmentOf({ r, f: fm, m: fm }) === segment).map((fm) => ({ r, fm })),
  );
}
