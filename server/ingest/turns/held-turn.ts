/**
 * A turn that this program holds: says that it lives, looks whether others wait, and ends once nothing is under
 * way in it. Knows neither how it was taken nor what is done in it.
 */
import type { Timing } from './timing.ts';
import type { TurnLog } from './turn-log.ts';

export class HeldTurn {
  readonly number: number;
  /** Resolves once it is given up, or was lost, and nothing is under way in it any more. */
  readonly over: Promise<void>;
  /** Somebody else wanted it. */
  onOther: () => void = () => {};
  private readonly log: TurnLog;
  private readonly timing: Timing;
  private readonly since = performance.now();
  private resolveOver: () => void = () => {};
  private working = 0;
  private idleSince = performance.now();
  private sure: Instant;
  /** `closing`: what is under way ends, nothing begins. `lost`: nothing is written any more either. */
  private state: 'open' | 'closing' | 'lost' = 'open';
  private isClean = true;
  private isEnding = false;
  private next = '';
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;

  /** `taken` is an instant at which it was certainly not taken yet. */
  constructor(log: TurnLog, number: number, taken: Instant, timing: Timing) {
    this.log = log;
    this.number = number;
    this.sure = taken;
    this.timing = timing;
    this.over = new Promise((resolve) => (this.resolveOver = resolve));
  }

  /** Work may begin in it. */
  get isOpen(): boolean {
    return this.state === 'open';
  }

  /** No other program can have taken it, nor will before what is begun now would be ended. */
  get isSure(): boolean {
    return this.state !== 'lost' && ageMs(this.sure) < this.timing.sureMs;
  }

  /** What came of some of its work is not known. */
  get isInDoubt(): boolean {
    return !this.isClean;
  }

  /** Something is under way in it, and it is sure. */
  get mayWrite(): boolean {
    return this.working > 0 && this.isSure;
  }

  begin(): void {
    this.working += 1;
  }

  end(): void {
    this.working -= 1;
    if (this.working > 0) return;
    this.idleSince = performance.now();
    if (!this.isOpen) void this.finish();
  }

  /** What came of some of its work is not known: whoever is next looks. */
  spoil(): void {
    this.isClean = false;
    this.close();
  }

  close(): void {
    if (this.state === 'open') this.state = 'closing';
    if (this.working === 0) void this.finish();
  }

  /** Says that this program lives, and reads whether the turn is still its own. Throws EngineError. */
  async confirm(): Promise<void> {
    const at = now();
    await this.log.alive(this.number);
    await this.read();
    if (this.state !== 'lost') this.sure = at;
  }

  /** Looks again and again until it is over. */
  watch(isWithOthers: () => boolean): void {
    const { lookMs, loneLookMs } = this.timing;
    this.timer = setTimeout(
      () => {
        this.looking = this.look().finally(() => {
          this.looking = undefined;
          if (!this.isEnding) this.watch(isWithOthers);
        });
      },
      isWithOthers() ? lookMs : loneLookMs,
    ).unref();
  }

  private async look(): Promise<void> {
    const { aliveMs, idleMs, loneLookMs } = this.timing;
    try {
      if (ageMs(this.sure) >= aliveMs - loneLookMs / 2) await this.confirm();
      else await this.read();
    } catch {
      // The engine is away: what is written next will say so, and confirms before.
    }
    if (this.isOpen && this.working === 0 && performance.now() - this.idleSince >= idleMs) this.close();
  }

  private async read(): Promise<void> {
    const state = await this.log.read();
    const isMine = state.turn === this.number && state.owner === this.log.owner && state.end === '';
    if (!isMine || state.isDoubted) return this.lose();
    if (state.wisher === '') return;
    this.onOther();
    this.next = state.wisher;
    if (performance.now() - this.since >= this.timing.workMs) this.close();
  }

  private lose(): void {
    if (this.isEnding) return;
    this.state = 'lost';
    this.isClean = false;
    if (this.working === 0) void this.finish();
  }

  private async finish(): Promise<void> {
    if (this.isEnding) return;
    this.isEnding = true;
    clearTimeout(this.timer);
    await this.looking;
    // Where this is not heard, the holder is silent from now on, and that does the same, later.
    await this.log.end(this.number, this.isClean ? 'ended' : 'left', this.next).catch(() => {});
    this.resolveOver();
  }
}

/** By two clocks: one stands still while the machine sleeps, the other may be set. */
export interface Instant {
  readonly steady: number;
  readonly wall: number;
}

export function now(): Instant {
  return { steady: performance.now(), wall: Date.now() };
}

/** By the clock that says more. */
function ageMs({ steady, wall }: Instant): number {
  return Math.max(performance.now() - steady, Math.abs(Date.now() - wall));
}
