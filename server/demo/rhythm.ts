/**
 * When people shop: the hours of a day, online and in store, as 64 equal shares of visits. Plain data for the
 * generator and the replay; days and seasons stand in generator-calendar.sql.ts.
 */

/** Visits by local hour, 0 to 23: a morning, a lunch and a high evening. */
export const ONLINE_HOURS: readonly number[] = [
  8, 4, 2, 1, 1, 2, 6, 14, 24, 32, 38, 40, 46, 44, 38, 36, 36, 38, 42, 52, 66, 70, 48, 22,
];

/** Store visits by local hour: open from 10 to 21. */
export const STORE_HOURS: readonly number[] = [
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 20, 30, 38, 36, 34, 38, 44, 52, 56, 44, 24, 0, 0, 0,
];

/** The hour of each of 64 equal shares of a day's visits. */
export function hourShares(weights: readonly number[]): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return Array.from({ length: 64 }, (_, share) => {
    let left = ((share + 0.5) / 64) * total;
    return weights.findIndex((weight) => (left -= weight) < 0);
  });
}
