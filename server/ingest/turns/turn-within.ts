/**
 * The order among those who write in one program: any number beside each other, or one alone. Stands before the
 * order among programs, which lets a program's own work overlap. Knows nothing of what is written.
 */
import { EngineError } from '../../engine/port.ts';
import type { Engine } from '../../engine/port.ts';
import { silentLog } from '../../engine/log.ts';
import type { Log } from '../../engine/log.ts';
import { createTurns } from './turns.ts';
import type { Turns } from './turns.ts';

export interface Turn {
  /** For what is written in a turn. */
  readonly engine: Engine;
  /** Others write too, in this program or another. */
  readonly hasOthers: boolean;
  /** Does the work while nobody is alone. */
  during<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T>;
  /** Does the work while nobody else writes at all; never within `during`. */
  alone<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T>;
}

interface Waiting {
  readonly isAlone: boolean;
  readonly begin: () => void;
}

/** Stands in the place of the order among programs, and keeps to it. First come, first served. */
export class TurnWithin implements Turn, Turns {
  private beside = 0;
  private isOneAlone = false;
  private hadBeside = false;
  private readonly waiting: Waiting[] = [];
  private readonly returns: (() => void)[] = [];

  constructor(private readonly programs: Turns) {}

  get hasOthers(): boolean {
    return this.hadBeside || this.programs.hasOthers;
  }

  get engine(): Engine {
    return this.programs.engine;
  }

  onTaken(recover: () => Promise<void>): void {
    this.programs.onTaken(recover);
  }

  onReturned(listener: () => void): void {
    this.returns.push(listener);
    this.programs.onReturned(listener);
  }

  close(): Promise<void> {
    return this.programs.close();
  }

  async during<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    this.hadBeside = true;
    await this.enter(false, signal);
    try {
      return await this.programs.during(work, signal);
    } finally {
      this.beside -= 1;
      this.beginNext();
    }
  }

  async alone<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    await this.enter(true, signal);
    try {
      return await this.programs.during(work, signal);
    } finally {
      for (const listener of this.returns) listener();
      this.isOneAlone = false;
      this.beginNext();
    }
  }

  /** Throws CANCELLED where the signal ends the wait. */
  private enter(isAlone: boolean, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        const at = this.waiting.indexOf(one);
        if (at < 0) return;
        this.waiting.splice(at, 1);
        reject(new EngineError('CANCELLED', 'The caller no longer wants the answer.'));
        this.beginNext();
      };
      const begin = (): void => {
        signal?.removeEventListener('abort', leave);
        resolve();
      };
      const one: Waiting = { isAlone, begin };
      this.waiting.push(one);
      signal?.addEventListener('abort', leave, { once: true });
      if (signal?.aborted) leave();
      else this.beginNext();
    });
  }

  private beginNext(): void {
    for (let next = this.waiting[0]; next && !this.isOneAlone; next = this.waiting[0]) {
      if (next.isAlone && this.beside > 0) return;
      this.waiting.shift();
      if (next.isAlone) this.isOneAlone = true;
      else this.beside += 1;
      next.begin();
    }
  }
}

/** For who cannot write beside others of this program either. */
export function aloneIn(turn: Turn): Pick<Turn, 'engine' | 'during'> {
  return { engine: turn.engine, during: (work, signal) => turn.alone(work, signal) };
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
