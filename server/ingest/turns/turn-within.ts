/**
 * The order among those who write in one program: any number beside each other, or one alone. Stands before the
 * order among programs, which lets a program's own work overlap. Knows nothing of what is written.
 */
import type { Engine } from '../../engine/port.ts';
import { silentLog } from '../../engine/log.ts';
import type { Log } from '../../engine/log.ts';
import { createTurns } from './turns.ts';
import type { Turns } from './turns.ts';

export interface Turn {
  /** For what is written in a turn. */
  readonly engine: Engine;
  /** As of turns among programs. */
  readonly hasOthers: boolean;
  /** Does the work while nobody is alone. */
  during<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T>;
  /** Does the work while nobody else writes at all; never within `during`. */
  alone<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T>;
}

/** Stands in the place of the order among programs, and keeps to it. */
export class TurnWithin implements Turn, Turns {
  private beside = 0;
  private last: Promise<unknown> = Promise.resolve();
  /** Those who are or want to be alone. */
  private lone = 0;
  private onQuiet: () => void = () => {};

  constructor(private readonly programs: Turns) {}

  get hasOthers(): boolean {
    return this.programs.hasOthers;
  }

  get engine(): Engine {
    return this.programs.engine;
  }

  onTaken(recover: () => Promise<void>): void {
    this.programs.onTaken(recover);
  }

  close(): Promise<void> {
    return this.programs.close();
  }

  async during<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    while (this.lone > 0) await this.last;
    this.beside += 1;
    try {
      return await this.programs.during(work, signal);
    } finally {
      this.beside -= 1;
      if (this.beside === 0) this.onQuiet();
    }
  }

  alone<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    this.lone += 1;
    const turn = this.last.then(async () => {
      if (this.beside > 0) await new Promise<void>((resolve) => (this.onQuiet = resolve));
      return this.programs.during(work, signal);
    });
    this.last = turn.then(
      () => (this.lone -= 1),
      () => (this.lone -= 1),
    );
    return turn;
  }
}

const owns = new WeakMap<Engine, TurnWithin>();

/** Of a program that writes to the store of this engine, the same for all of it; to be closed by it. */
export function ownTurn(engine: Engine, log: Log = silentLog): TurnWithin {
  const known = owns.get(engine);
  if (known) return known;
  const turn = new TurnWithin(createTurns({ engine, log }));
  owns.set(engine, turn);
  return turn;
}

/** Lets others write at once, where this program did. */
export async function closeOwnTurn(engine: Engine): Promise<void> {
  await owns.get(engine)?.close();
}
