/** How far an import is: reading and storing in the share of time that each takes. */
import type { ReadProgress } from './source.ts';

export interface ImportProgress {
  readonly bytesRead: number;
  readonly totalBytes: number;
  /** Records read so far; once all are, of the whole file. */
  readonly rows: number;
  readonly rowsPerSecond: number;
  /** Of the whole work, 0..1. */
  readonly share: number;
  readonly secondsLeft: number;
}

/** Reading and checking take about this share of the time, storing the rest. */
const READING = 0.35;
const EVERY_MS = 200;

export class ProgressMeter {
  readonly read: ReadProgress = { bytesRead: 0, totalBytes: 0, rows: 0 };
  private readonly report: (progress: ImportProgress) => void;
  private readonly now: () => number;
  private readonly begunMs: number;
  private readonly timer: NodeJS.Timeout | undefined;
  private storedShare: number | null = null;

  constructor(report: ((progress: ImportProgress) => void) | undefined, now: () => number) {
    this.report = report ?? (() => {});
    this.now = now;
    this.begunMs = now();
    if (report) this.timer = setInterval(() => this.tell(), EVERY_MS);
  }

  /** Everything is read. */
  staged(rows: number): void {
    this.read.rows = rows;
    this.stored(0);
  }

  /** This share of what was read is stored, 0..1. */
  stored(share: number): void {
    this.storedShare = share;
    this.tell();
  }

  end(): void {
    clearInterval(this.timer);
  }

  /** Of the whole work, 0..1. */
  get share(): number {
    if (this.storedShare !== null) return READING + (1 - READING) * this.storedShare;
    const { bytesRead, totalBytes } = this.read;
    return READING * (totalBytes > 0 ? Math.min(1, bytesRead / totalBytes) : 1);
  }

  private tell(): void {
    const { bytesRead, totalBytes, rows } = this.read;
    const { share } = this;
    const seconds = Math.max(0.001, (this.now() - this.begunMs) / 1000);
    this.report({
      bytesRead,
      totalBytes,
      rows,
      share,
      rowsPerSecond: Math.round((rows * share) / seconds),
      secondsLeft: share > 0 ? Math.ceil(seconds / share - seconds) : 0,
    });
  }
}
