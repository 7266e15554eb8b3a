/**
 * A customer's attempts side by side: when each took its steps, and its grade as attempts.sql.ts has it (four times
 * the furthest step, two more if clean, one more if an exclusion hit it and it went on). One object is filled anew for
 * each customer. Pure.
 */
export class Attempts {
  count = 0;
  grades = new Int32Array(16);
  /** A row of so many times for each attempt. */
  times: Float64Array;
  readonly steps: number;

  constructor(steps: number) {
    this.steps = steps;
    this.times = new Float64Array(16 * steps);
  }

  start(at: number): number {
    return this.times[at * this.steps] ?? 0;
  }

  push(times: Float64Array, grade: number): void {
    if (this.count === this.grades.length) {
      const grades = new Int32Array(this.count * 2);
      grades.set(this.grades);
      this.grades = grades;
      const all = new Float64Array(this.count * 2 * this.steps);
      all.set(this.times);
      this.times = all;
    }
    this.grades[this.count] = grade;
    this.times.set(times, this.count * this.steps);
    this.count += 1;
  }

  /**
   * Writes the times of the best: of the best grade those there first, of those the longest, of those the latest start,
   * of those the first. False where there is none, or the best was hit by an exclusion.
   */
  best(out: Float64Array): boolean {
    let best = -1;
    for (let at = 0; at < this.count; at += 1) if (best < 0 || this.isBetter(at, best)) best = at;
    if (best < 0 || ((this.grades[best] ?? 0) & 2) === 0) return false;
    out.set(this.times.subarray(best * this.steps, (best + 1) * this.steps));
    return true;
  }

  private isBetter(a: number, b: number): boolean {
    const grade = (this.grades[a] ?? 0) - (this.grades[b] ?? 0);
    if (grade !== 0) return grade > 0;
    const finish = this.finish(a) - this.finish(b);
    if (finish !== 0) return finish < 0;
    const taken = this.taken(a) - this.taken(b);
    return taken === 0 ? this.start(a) > this.start(b) : taken > 0;
  }

  finish(at: number): number {
    let latest = 0;
    for (let i = at * this.steps; i < (at + 1) * this.steps; i += 1) {
      latest = Math.max(latest, this.times[i] ?? 0);
    }
    return latest;
  }

  taken(at: number): number {
    let taken = 0;
    for (let i = at * this.steps; i < (at + 1) * this.steps; i += 1) if ((this.times[i] ?? 0) > 0) taken += 1;
    return taken;
  }
}
