/**
 * Statements answered for many callers at once: what is known and still holds is not asked again, equal
 * statements at the same time run once, and the engine gets a few at a time, callers taking turns. Stands
 * between the analyses and the engine; what is written goes past it. Knows no analysis.
 */
import { createHash } from 'node:crypto';
import type { CallOptions, Engine, QueryAnswer } from '../engine/port.ts';
import { concerns } from '../query/span.ts';
import type { Change, EventSpan } from '../query/span.ts';
import { render } from '../query/sql.ts';
import type { SqlQuery } from '../query/statement.ts';
import { AnswerCache } from './cache.ts';
import { Flight } from './flight.ts';
import { Lane } from './lane.ts';
import type { Place, Standing } from './lane.ts';

export interface AnswerLimits {
  /** Memory for answers that still hold; 0: none is kept. */
  readonly cacheBytes: number;
  /** Statements over many rows that run at once. */
  readonly heavyAtOnce: number;
  readonly lightAtOnce: number;
  /** Statements that may wait for their turn, of each kind. */
  readonly mostWaiting: number;
}

export const DEFAULT_LIMITS: AnswerLimits = {
  cacheBytes: 64 * 1024 ** 2,
  heavyAtOnce: 2,
  lightAtOnce: 8,
  mostWaiting: 1000,
};

/** Who asks, and what the answer must have in it. */
export interface Asker extends Standing {
  /** What was begun since (by performance.now) has in it whatever the asker may expect. */
  readonly since: number;
  /** Resolves once what had been stored by `since` is known, and what it changes has expired. */
  readonly confirmed: () => Promise<void>;
}

/** A statement on its way, with what decides whether others may still join it. */
interface Running {
  readonly flight: Flight<QueryAnswer<unknown>>;
  readonly place: Place;
  readonly reads: EventSpan | null;
  /** By performance.now; Infinity while it waits. */
  begunMs: number;
}

/** What reads few rows gains nothing by more threads. */
const LIGHT: CallOptions = { maxThreads: 2 };

export class Answers {
  readonly #cache: AnswerCache;
  readonly #heavy: Lane;
  readonly #light: Lane;
  readonly #running = new Map<string, Running>();

  constructor(
    private readonly engine: Engine,
    limits: AnswerLimits = DEFAULT_LIMITS,
  ) {
    const { cacheBytes, heavyAtOnce, lightAtOnce, mostWaiting } = limits;
    this.#cache = new AnswerCache(cacheBytes);
    this.#heavy = new Lane({ atOnce: heavyAtOnce, mostWaiting });
    this.#light = new Lane({ atOnce: lightAtOnce, mostWaiting });
  }

  /** How much is going on, for health and tests. */
  get size(): {
    readonly cached: AnswerCache['size'];
    readonly heavy: Lane['size'];
    readonly light: Lane['size'];
  } {
    return { cached: this.#cache.size, heavy: this.#heavy.size, light: this.#light.size };
  }

  /** From now on no answer from before is given that the change may concern. */
  expire(change: Change): void {
    this.#cache.expire(change);
    for (const [key, { place, reads }] of [...this.#running]) {
      // What still waits has read nothing yet.
      if (!place.isWaiting && concerns(change, reads)) this.#running.delete(key);
    }
  }

  /** Throws BusyError when too many statements wait, else as the engine does. */
  async query<Row>(query: SqlQuery<Row>, asker: Asker, options: CallOptions = {}): Promise<QueryAnswer<Row>> {
    const key = query.isVolatile ? null : keyOf(query, options);
    // Only what was begun before the asker came may have missed something.
    if (key !== null && this.#begunMs(key) < asker.since) await asker.confirmed();
    const known = key === null ? undefined : this.#cache.get(key);
    if (known) return { ...(known.answer as QueryAnswer<Row>), isCached: true };
    let running = key === null ? undefined : this.#running.get(key);
    if (running) running.place.alsoFor(asker);
    else running = this.#start(key, query, asker, options);
    return (await running.flight.join(options.signal)) as QueryAnswer<Row>;
  }

  /** When what may be given for the statement was begun; what waits has not, and what there is not neither. */
  #begunMs(key: string): number {
    return this.#cache.get(key)?.begunMs ?? this.#running.get(key)?.begunMs ?? Infinity;
  }

  #start(key: string | null, query: SqlQuery<unknown>, asker: Asker, options: CallOptions): Running {
    const place = (query.isLight ? this.#light : this.#heavy).enter(asker);
    const reads = query.reads ?? null;
    const isNewest = (): boolean => key !== null && this.#running.get(key) === running;
    const end = (): void => {
      if (key !== null && isNewest()) this.#running.delete(key);
      place.leave();
    };
    const run = async (signal: AbortSignal): Promise<QueryAnswer<unknown>> => {
      try {
        await place.admitted;
        running.begunMs = performance.now();
        const limits = { ...(query.isLight && LIGHT), ...options, signal };
        const answer = await this.engine.query(query, limits);
        if (key !== null && isNewest()) this.#cache.set(key, { answer, reads, begunMs: running.begunMs });
        return answer;
      } finally {
        end();
      }
    };
    const running: Running = {
      // Who leaves while the statement waits ends the waiting; one that runs keeps its place until it is over.
      flight: new Flight(run, () => {
        if (key !== null && isNewest()) this.#running.delete(key);
        if (place.isWaiting) place.leave();
      }),
      place,
      reads,
      begunMs: Infinity,
    };
    if (key !== null) this.#running.set(key, running);
    return running;
  }
}

/** Equal for statements that may share an answer: text, parameters, limits. */
function keyOf(query: SqlQuery<unknown>, { maxSeconds, maxBytes, maxThreads }: CallOptions): string {
  const { text, params } = render(query.sql);
  const values = JSON.stringify([params, maxSeconds, maxBytes, maxThreads], (_, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  );
  return createHash('sha256').update(`${text.length} ${text}${values}`).digest('base64');
}
