/** Strict order: each event of the first step starts an attempt, and the events that follow it at once decide. Pure. */
import type { Attempts } from './attempts.ts';
import type { Moments } from './moments.ts';
import type { WindowEnd } from './window-end.ts';

export function addStrictAttempts(moments: Moments, windowEnd: WindowEnd, out: Attempts): void {
  const times = new Float64Array(out.steps);
  for (let at = 0; at < moments.count; at += 1) {
    if ((moments.mask(at) & 1) === 0) continue;
    const start = moments.times[at] ?? 0;
    const end = windowEnd(start);
    times.fill(0);
    let k = 0;
    for (; k < out.steps && at + k < moments.count; k += 1) {
      const time = moments.times[at + k] ?? 0;
      if (time > end || ((moments.mask(at + k) >> k) & 1) === 0) break;
      times[k] = time;
    }
    out.push(times, 4 * k + 2);
  }
}
