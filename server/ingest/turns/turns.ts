/**
 * One program at a time writes events and identities, however many share a store: between looking whether an id is
 * known and storing it nobody else can store it. Knows nothing of what is written.
 */
import { askedThrough } from '../../engine/asked-through.ts';
import type { Log } from '../../engine/log.ts';
import { EngineError } from '../../engine/port.ts';
import type { CallOptions, Engine } from '../../engine/port.ts';
import { HeldTurn } from './held-turn.ts';
import { takeTurn } from './taking.ts';
import { newOwner } from './this-program.ts';
import { TIMING } from './timing.ts';
import type { Timing } from './timing.ts';
import { TurnLog } from './turn-log.ts';

export interface Turns {
  /**
   * The engine for what is written within `during`: its statements say in which turn they belong, are refused
   * (UNAVAILABLE) once the turn is lost, and are ended by whoever takes over from a program that is gone.
   */
  readonly engine: Engine;
  /** Other programs wrote, or wanted to, in the last minute: work should be in small pieces. */
  readonly hasOthers: boolean;
  /**
   * Does the work while no other program may write; several of one program may overlap, none within another.
   * Work that fails ends the turn as soon as what else is under way has ended, and the next begins with
   * `onTaken`. Rejects with what the work throws, CANCELLED where the signal ends the wait (not the work), or an
   * EngineError where no turn can be had: UNAVAILABLE where the engine is away.
   */
  during<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T>;
  /**
   * Runs before the first work of the program's first turn, and of each turn after one, of any program or the
   * last of this one, whose work was not all done; what was under way in that one has ended by then.
   */
  onTaken(recover: () => Promise<void>): void;
  /**
   * Called before the first work of a turn after one of another program, and after work that was done alone: what is
   * known of the store may be old. No work is under way then.
   */
  onReturned(listener: () => void): void;
  /** Gives the turn up once what is under way in it has ended; whoever waits is refused. */
  close(): Promise<void>;
}

export interface TurnsDeps {
  readonly engine: Engine;
  readonly log: Log;
  readonly timing?: Partial<Timing>;
}

export function createTurns({ engine, log, timing }: TurnsDeps): Turns {
  return new ProgramTurns(engine, log, { ...TIMING, ...timing });
}

class ProgramTurns implements Turns {
  readonly engine: Engine;
  private readonly turnLog: TurnLog;
  private readonly log: Log;
  private readonly timing: Timing;
  private readonly recoveries: (() => Promise<void>)[] = [];
  private readonly returns: (() => void)[] = [];
  private turn: HeldTurn | undefined;
  private opening: Promise<void> | undefined;
  private waiting = 0;
  private othersAt = -Infinity;
  private isFirst = true;
  private isInDoubt = false;
  private isClosed = false;

  constructor(engine: Engine, log: Log, timing: Timing) {
    this.turnLog = new TurnLog(engine, newOwner());
    this.log = log;
    this.timing = timing;
    this.engine = this.within(engine);
  }

  get hasOthers(): boolean {
    return performance.now() - this.othersAt < this.timing.othersMs;
  }

  async during<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const turn = await this.enter(signal);
    try {
      return await work();
    } catch (error) {
      turn.spoil();
      throw error;
    } finally {
      turn.end();
    }
  }

  onTaken(recover: () => Promise<void>): void {
    this.recoveries.push(recover);
  }

  onReturned(listener: () => void): void {
    this.returns.push(listener);
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await this.opening?.catch(() => {});
    this.turn?.close();
    await this.turn?.over;
  }

  /** Resolves with work begun in a turn that is open. */
  private async enter(signal: AbortSignal | undefined): Promise<HeldTurn> {
    this.waiting += 1;
    try {
      for (;;) {
        if (signal?.aborted) throw new EngineError('CANCELLED', 'The caller no longer wants the answer.');
        if (this.isClosed) throw new EngineError('UNAVAILABLE', 'This program no longer writes.');
        const { turn } = this;
        if (turn?.isOpen && turn.isSure && !this.opening) {
          turn.begin();
          return turn;
        }
        this.opening ??= this.open().finally(() => (this.opening = undefined));
        await orAborted(this.opening, signal);
      }
    } finally {
      this.waiting -= 1;
    }
  }

  private async open(): Promise<void> {
    if (this.turn?.isOpen) {
      await this.turn.confirm();
      if (this.turn.isOpen) return;
    }
    await this.turn?.over;
    // What it began may have reached the store after whoever took over looked.
    this.isInDoubt ||= this.turn?.isInDoubt === true;
    this.turn = undefined;
    const taken = await takeTurn({
      log: this.turnLog,
      timing: this.timing,
      onOther: () => (this.othersAt = performance.now()),
      isWanted: () => this.waiting > 0 && !this.isClosed,
    });
    if (!taken) return;
    if (taken.wasOthers) for (const listener of this.returns) listener();
    const turn = new HeldTurn(this.turnLog, taken.turn, taken.before, this.timing);
    turn.onOther = () => (this.othersAt = performance.now());
    this.turn = turn;
    turn.watch(() => this.hasOthers);
    const isClean = taken.isClean && !this.isInDoubt;
    if (this.isFirst || !isClean) await this.recover(turn, isClean);
    this.isFirst = false;
    this.isInDoubt = false;
  }

  private async recover(turn: HeldTurn, isClean: boolean): Promise<void> {
    turn.begin();
    try {
      if (!isClean) {
        this.log.info({ turn: turn.number }, 'looking what came of what was being written before');
        await this.turnLog.endStatements(turn.number);
      }
      for (const recover of this.recoveries) await recover();
    } catch (error) {
      turn.spoil();
      throw error;
    } finally {
      turn.end();
    }
  }

  private within(engine: Engine): Engine {
    const inTurn = async <T>(write: (options: CallOptions) => Promise<T>): Promise<T> => {
      const { turn } = this;
      // Confirmed before it is written, where it has not been for a while.
      if (turn && !turn.isSure) await turn.confirm();
      if (!turn?.mayWrite) throw new EngineError('UNAVAILABLE', 'Another program writes to the store now.');
      return write({ turn: turn.number });
    };
    return {
      ...askedThrough(engine, (query, options) => engine.query(query, options)),
      insert: (table, rows, options) => inTurn((own) => engine.insert(table, rows, { ...options, ...own })),
      insertStream: (table, body, format, options) =>
        inTurn((own) => engine.insertStream(table, body, format, { ...options, ...own })),
      insertSelect: (name, statement, body, options) =>
        inTurn((own) => engine.insertSelect(name, statement, body, { ...options, ...own })),
      command: (name, statement, options) =>
        inTurn((own) => engine.command(name, statement, { ...options, ...own })),
    };
  }
}

function orAborted(work: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const give = (): void => resolve();
    signal.addEventListener('abort', give, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', give));
  });
}
