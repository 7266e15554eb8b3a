/**
 * How a turn is taken: at once where the last one has ended, by asking for it where another holds it, and over
 * the head of a holder that is gone. Knows nothing of the work.
 */
import { now } from './held-turn.ts';
import type { Instant } from './held-turn.ts';
import { isGone } from './this-program.ts';
import type { Timing } from './timing.ts';
import type { TurnLog, TurnState } from './turn-log.ts';

export interface Taken {
  readonly turn: number;
  /** Not taken yet then. */
  readonly before: Instant;
  /** The turn before was ended by its holder, with all of its work done. */
  readonly isClean: boolean;
  /** Another program had the turn before. */
  readonly wasOthers: boolean;
}

export interface Taking {
  readonly log: TurnLog;
  readonly timing: Timing;
  /** Another program holds a turn or wants one. */
  readonly onOther: () => void;
  /** False once nobody waits for the turn any more. */
  readonly isWanted: () => boolean;
}

/** Resolves once this program has a turn; undefined where it is no longer wanted. Throws EngineError. */
export async function takeTurn(taking: Taking): Promise<Taken | undefined> {
  const { log, timing } = taking;
  const asking = new Asking(taking);
  let tried: Taken | undefined;
  while (taking.isWanted()) {
    const state = await log.read();
    if (tried && state.turn === tried.turn && state.owner === log.owner) return tried;
    if (isOther(state, log.owner, timing)) taking.onOther();
    if (!(await asking.isFree(state))) {
      await pause(timing.waitMs);
      continue;
    }
    // A number that was tried and that nobody has was used up by a crash of the engine.
    const turn = Math.max(state.turn, tried?.turn ?? 0) + 1;
    const isFirst = state.turn === 0;
    tried = {
      turn,
      before: now(),
      isClean: isFirst || state.end === 'ended',
      wasOthers: !isFirst && state.owner !== log.owner,
    };
    await log.take(turn);
  }
  return undefined;
}

/** Another program writes, or did so lately. */
function isOther({ turn, owner, end, endedMs }: TurnState, own: string, { othersMs }: Timing): boolean {
  return turn > 0 && owner !== own && (end === '' || endedMs < othersMs);
}

class Asking {
  private readonly taking: Taking;
  private since: number | undefined;
  private asked = 0;
  private doubted: { readonly turn: number; readonly at: number } | undefined;

  constructor(taking: Taking) {
    this.taking = taking;
  }

  async isFree(state: TurnState): Promise<boolean> {
    const { log, timing } = this.taking;
    this.since ??= state.nowMs;
    if (state.turn === 0) return true;
    if (state.end !== '') {
      return ['', log.owner].includes(state.next) || state.endedMs > timing.nextMs;
    }
    // Its own, from before it lost sight of the store: nothing is under way in it any more.
    if (state.owner === log.owner || isGone(state.process)) return true;
    if (state.silentMs > timing.silentMs) return this.isDoubtLeftStanding(state.turn);
    this.doubted = undefined;
    if (this.asked === state.turn) return false;
    this.asked = state.turn;
    await log.wish(state.turn, this.since);
    return false;
  }

  /** A holder that lives sees the doubt and ends its turn; one that does not is dead. */
  private async isDoubtLeftStanding(turn: number): Promise<boolean> {
    const { log, timing } = this.taking;
    if (this.doubted?.turn === turn) return performance.now() - this.doubted.at > timing.objectMs;
    await log.doubt(turn);
    this.doubted = { turn, at: performance.now() };
    return false;
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms * (0.75 + Math.random() / 2)));
}
