// The last minute, second by second, as it is now: moved on by the time since it was told. Pure.

export const SECONDS = 60;
/** How late the next answer may be before the picture moves on without it. */
const GRACE_MS = 700;

/**
 * Events per second of the last 60 seconds, the newest last. `told` was so at `toldAt` (milliseconds); seconds
 * since then in which nothing was told brought nothing.
 */
export function movedOn(told: readonly number[], toldAt: number, now: number): number[] {
  const passed = Math.max(0, Math.floor((now - toldAt - GRACE_MS) / 1000));
  const moved = [...told.slice(-SECONDS), ...Array<number>(Math.min(passed, SECONDS)).fill(0)].slice(-SECONDS);
  return [...Array<number>(SECONDS - moved.length).fill(0), ...moved];
}

/** A round number at or above the most, for the height of the picture: 1, 2, 5, 10, 20, 50, ... */
export function roundAbove(most: number): number {
  if (most <= 1) return 1;
  const power = 10 ** Math.floor(Math.log10(most));
  return [1, 2, 5, 10].map((step) => step * power).find((top) => top >= most) ?? most;
}
