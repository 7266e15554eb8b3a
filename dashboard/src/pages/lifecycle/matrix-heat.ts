// The shade of a transition. Pure. By the square root: transitions differ by orders of magnitude.

/** A step of the ramp, 0..7, for a count against the largest. */
export function heatStep(customers: number, most: number): number {
  if (customers <= 0 || most <= 0) return 0;
  return Math.min(7, Math.max(1, Math.round(Math.sqrt(customers / most) * 7)));
}
