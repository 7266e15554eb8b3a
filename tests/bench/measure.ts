/**
 * Times in a noisy world: what is compared takes turns, round by round, so that whatever else the machine does
 * falls on all alike; the median of the rounds counts. Knows nothing of what is run.
 */

export type Task = () => Promise<unknown>;

/** Median milliseconds of each task. A first round is not counted; later ones each begin with another task. */
export async function interleaved<Name extends string>(
  tasks: Readonly<Record<Name, Task>>,
  rounds: number,
): Promise<Readonly<Record<Name, number>>> {
  const entries = Object.entries(tasks) as [Name, Task][];
  const times = new Map<Name, number[]>(entries.map(([name]) => [name, []]));
  for (let round = 0; round <= rounds; round += 1) {
    const from = round % entries.length;
    for (const [name, run] of [...entries.slice(from), ...entries.slice(0, from)]) {
      const took = await timed(run);
      if (round > 0) times.get(name)?.push(took);
    }
  }
  return Object.fromEntries([...times].map(([name, taken]) => [name, median(taken)])) as Record<Name, number>;
}

/** Milliseconds that a task takes. */
export async function timed(run: Task): Promise<number> {
  const begun = performance.now();
  await run();
  return performance.now() - begun;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Linear between neighbours; 0 of nothing. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)] ?? 0;
  const above = sorted[Math.ceil(place)] ?? 0;
  return below + (above - below) * (place - Math.floor(place));
}
