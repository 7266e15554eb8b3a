// Which part of a stacked area stands at a point of the plot. Pure.

/** Of times in order, the nearest to a moment; -1 of none. */
export function nearestTime(times: readonly string[], moment: number): number {
  let nearest = -1;
  for (const [i, time] of times.entries()) {
    const best = nearest < 0 ? Infinity : Math.abs(Date.parse(times[nearest] ?? '') - moment);
    if (Math.abs(Date.parse(time) - moment) < best) nearest = i;
  }
  return nearest;
}

/** Of values stacked from the bottom up, the one at a height; -1 above all. */
export function stackedAt(values: readonly number[], height: number): number {
  let top = 0;
  return values.findIndex((value) => height >= 0 && height < (top += value));
}
