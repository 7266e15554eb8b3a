/**
 * Moves as they come into the log, to one subscriber: from a cursor on or from now, in order, each at least once. A
 * subscriber takes the next when it is ready for it; what it has not taken yet waits in the log. Knows no GraphQL.
 */
import type { Log } from '../engine/log.ts';
import type { CustomerRow, InsightScope } from '../insights/scope.ts';
import { cursorAt } from './movement.ts';
import type { Move, MoveFilter, Position } from './movement.ts';
import type { MovementLog } from './movement-log.ts';
import type { LogTail } from './log-tail.ts';

/** A move with the customer as they are now. */
export interface ToldMove {
  readonly cursor: string;
  readonly customer: CustomerRow;
  readonly before: string;
  readonly after: string;
  readonly at: Date;
}

export interface FollowingDeps {
  readonly log: Log;
  readonly movements: MovementLog;
  readonly tail: LogTail;
  readonly customers: (
    keys: readonly string[],
    scope: InsightScope,
  ) => Promise<ReadonlyMap<string, CustomerRow>>;
  readonly scope: () => Promise<InsightScope>;
}

const PAGE = 200;
const RETRY_MS = 1_000;
/** After every move of a batch. */
const END = 0xffff_ffff;

/** Up to `most` moves after a place, and the place that they reach up to. Whoever was erased since is left out. */
export async function tellAfter(
  deps: FollowingDeps,
  from: Position,
  filter: MoveFilter,
  most: number,
): Promise<{ readonly told: readonly ToldMove[]; readonly upTo: Position }> {
  const end = await deps.tail.look();
  const moves = await deps.movements.after(from, filter, most);
  const last = moves.at(-1);
  const upTo =
    last && moves.length === most ? { batch: last.batch, n: last.n } : later(last ?? from, ended(end));
  if (moves.length === 0) return { told: [], upTo };
  const customers = await deps.customers(
    moves.map(({ key }) => key),
    await deps.scope(),
  );
  const told = moves.flatMap((move) => {
    const customer = customers.get(move.key);
    return customer ? [toldMove(move, customer)] : [];
  });
  return { told, upTo };
}

/** Ends when the signal aborts. */
export async function* follow(
  deps: FollowingDeps,
  from: Position,
  filter: MoveFilter,
  signal: AbortSignal,
): AsyncGenerator<ToldMove> {
  const unwatch = deps.tail.watch();
  let place = from;
  try {
    while (!signal.aborted) {
      let page;
      try {
        page = await tellAfter(deps, place, filter, PAGE);
      } catch (error) {
        deps.log.warn({ err: error }, 'moves could not be read; trying again');
        await rest(signal);
        continue;
      }
      for (const move of page.told) {
        if (signal.aborted) return;
        yield move;
      }
      place = page.upTo;
      if (place.n === END) await deps.tail.beyond(place.batch, signal);
    }
  } finally {
    unwatch();
  }
}

/** A batch is seen whole: its end is after all of its moves. */
export function ended({ batch }: Position): Position {
  return { batch, n: END };
}

function later(a: Position, b: Position): Position {
  return a.batch > b.batch || (a.batch === b.batch && a.n > b.n) ? a : b;
}

function toldMove(move: Move, customer: CustomerRow): ToldMove {
  const { before, after, atMs } = move;
  return { cursor: cursorAt(move), customer, before, after, at: new Date(atMs) };
}

function rest(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, RETRY_MS);
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });
}
