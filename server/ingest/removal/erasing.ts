/** Erasing customers as callers see it. */
import { eraseCustomer, resumeRemovals } from './removal.service.ts';
import type { RemovalDeps } from './removal.service.ts';
import { readErasures } from './removals-log.ts';

export interface ErasingDeps extends RemovalDeps {
  /** Takes in what other tools have written so far. */
  readonly arrived?: (() => Promise<void>) | undefined;
}

export class Erasing {
  constructor(private readonly deps: ErasingDeps) {}

  /** False where nothing is known of the id. Throws EventsWaitError. */
  async erase(id: string): Promise<boolean> {
    await this.deps.arrived?.();
    return eraseCustomer(this.deps, id);
  }

  /** Receipts, the newest first; `after`: instant and id of the last of the page before. */
  list(first: number, after: readonly string[] | null): ReturnType<typeof readErasures> {
    return readErasures(this.deps.engine, first, after);
  }

  /** Finishes what a process that is gone had begun. */
  resume(): Promise<void> {
    return resumeRemovals(this.deps);
  }
}
