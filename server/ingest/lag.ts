/** How long calls took from arrival to the store, over the last minute. Knows nothing of what they brought. */
import { performance } from 'node:perf_hooks';

const WINDOW_MS = 60_000;
/** Enough for a median. */
const MOST_SAMPLES = 6_000;

export class Lag {
  private samples: { readonly at: number; readonly ms: number }[] = [];
  private every = 1;
  private skipped = 0;

  /** A call took so long. */
  add(ms: number): void {
    this.skipped += 1;
    if (this.skipped < this.every) return;
    this.skipped = 0;
    this.samples.push({ at: performance.now(), ms });
    if (this.samples.length < MOST_SAMPLES) return;
    this.prune();
    this.every = this.samples.length >= MOST_SAMPLES / 2 ? this.every * 2 : 1;
    if (this.every > 1) this.samples = this.samples.filter((_, i) => i % 2 === 0);
  }

  /** In milliseconds; 0 where nothing came. */
  median(): number {
    this.prune();
    const sorted = this.samples.map(({ ms }) => ms).sort((a, b) => a - b);
    return sorted[sorted.length >> 1] ?? 0;
  }

  private prune(): void {
    const from = performance.now() - WINDOW_MS;
    this.samples = this.samples.filter(({ at }) => at >= from);
  }
}
