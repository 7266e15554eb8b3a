/**
 * Keeps the rows of live statements up to date from what arrives, for all who ask the same. A statement is run in
 * full when it is first asked for; who asks again has it kept. Knows no analysis: what is kept of which events, and
 * how it is counted, the statement says itself.
 */
import { totalmem } from 'node:os';
import type { Engine } from '../../engine/port.ts';
import { EngineError } from '../../engine/port.ts';
import type { CompileScope } from '../../query/events.ts';
import type { FactsQuery, Kept } from '../../query/kept.ts';
import type { SqlQuery } from '../../query/statement.ts';
import type { Arrivals } from '../arrivals.ts';
import type { ArrivalRow } from '../arrivals.sql.ts';
import { metrics } from '../metrics.ts';
import type { News } from '../new-rows.ts';
import { KeptFacts } from './kept-facts.ts';
import type { KeptRows } from './kept-totals.ts';
import { TooManyFacts } from './read-facts.ts';
import type { Arrival } from './arrival.ts';
import { readArrived } from './arrived.ts';
import { arrivedJoins, toldOf } from './kept.sql.ts';
import { StoredEvents } from './stored-events.ts';

/** Why a statement was run in full. */
export type FullReason =
  /** It cannot be kept: it does not say how. */
  | 'not kept'
  /** Nobody has asked for it before, or it is being built. */
  | 'new'
  /** What it is made of changed as a whole: events removed, too much at once, a look that failed. */
  | 'rebuilt'
  /** Its facts would take more memory than LIVE_BYTES. */
  | 'too large';

export type RebuildReason = 'events were changed' | 'too much at once' | 'arrivals unknown';

export type OnRun = (statement: string, how: 'kept' | FullReason) => void;

/** How many of the news are in rows that are kept. */
export interface Known {
  readonly news: number;
}

/** A statement is to be run. */
export interface ToRun {
  readonly rows: null;
  /** Whoever asks again soon may have it kept. */
  readonly isSoonKept: boolean;
}

export interface KeeperDeps {
  readonly engine: Engine;
  readonly arrivals: Pick<Arrivals, 'known' | 'fresh' | 'freshSince' | 'follow'>;
  readonly log: { warn(details: object, message: string): void };
  readonly now: () => number;
  readonly onRun: OnRun;
  /** Memory for facts and totals. */
  readonly maxBytes: number;
  readonly settleMs: number;
}

/** Memory for facts and totals, unless told: an eighth of the machine's. Taken as it is needed. */
export const LIVE_BYTES = Math.round(totalmem() / 8);

/** Facts and totals that nobody has asked for in this time are dropped; those of no use any more sooner. */
const UNUSED_MS = 120_000;
const UNUSED_BROKEN_MS = 5_000;
const SWEEP_MS = 2_000;
/** Who would need too much is not tried again for so long. */
const TOO_LARGE_MS = 600_000;
/** More events at once than this: everything is read anew. */
const MOST_AT_ONCE = 50_000;
/** Then nobody is read for so long. */
const CALM_MS = 10_000;
/** An insert that is seen so long after it began may have been read already. */
const LATE_MS = 5_000;
/** What a look tells of may be seen a little later. */
const PATIENCE_MS = 5_000;

export class Keeper {
  #facts: KeptFacts[] = [];
  readonly #tooLarge = new Map<string, number>();
  #reading: Promise<void> = Promise.resolve();
  #isMerged = false;
  /** Inserts heard of whose events could not all be seen yet, and since when. */
  #unseen: readonly ArrivalRow[] = [];
  #unseenSince = 0;
  #newestAtMs = -Infinity;
  /** Nobody is read before. */
  #calmAt = -Infinity;
  readonly #stored: StoredEvents;
  readonly #sweeper: NodeJS.Timeout;

  constructor(private readonly deps: KeeperDeps) {
    this.#stored = new StoredEvents(deps.engine, deps.settleMs);
    deps.arrivals.follow(
      (news) => this.#follow(news),
      () => (this.#awake.length > 0 ? toldOf(this.#isMerged) : null),
    );
    this.#sweeper = setInterval(() => this.#sweep(), SWEEP_MS).unref();
  }

  get bytes(): number {
    return this.#facts.reduce((sum, facts) => sum + facts.bytes, 0);
  }

  /** The statement's rows with all that was stored by a moment (performance.now), or that it is to be run. */
  async answer<Row>(
    query: SqlQuery<Row>,
    scope: CompileScope,
    since: number,
  ): Promise<(KeptRows<Row> & Known) | ToRun> {
    const { kept } = query;
    const { arrivals } = this.deps;
    if (!kept) return this.#runs(query, 'not kept');
    this.#isMerged = scope.hasMergedIdentities;
    const facts = this.#of(kept.facts);
    if (typeof facts === 'string') return this.#runs(query, facts);
    if (performance.now() >= this.#calmAt && facts.isWanted()) this.#build(facts, scope);
    if (facts.state === 'ready') await arrivals.freshSince(since);
    const news = arrivals.known;
    const rows = facts.state === 'ready' ? await this.#rowsOf(facts, kept, scope) : null;
    if (!rows) return this.#runs(query, 'new');
    this.#told(query.name, 'kept', '');
    const isWhole = rows.isWhole && this.#unseen.length === 0;
    return { ...(rows as KeptRows<Row>), isWhole, news };
  }

  close(): void {
    clearInterval(this.#sweeper);
    for (const facts of this.#facts) facts.close();
    this.#facts = [];
  }

  #runs({ name }: SqlQuery<unknown>, why: FullReason): ToRun {
    this.#told(name, 'full', why);
    return { rows: null, isSoonKept: why === 'new' || why === 'rebuilt' };
  }

  #told(statement: string, how: 'kept' | 'full', why: FullReason | ''): void {
    metrics.runs.inc({ statement, how, why });
    this.deps.onRun(statement, why === '' ? 'kept' : why);
  }

  /** Facts that serve the query; those asked for the first time are only remembered. */
  #of(query: FactsQuery): KeptFacts | FullReason {
    if ((this.#tooLarge.get(query.shape) ?? -Infinity) > performance.now() - TOO_LARGE_MS) return 'too large';
    const known = this.#facts.find((facts) => facts.state !== 'broken' && facts.serves(query));
    if (known) return known;
    const wasBroken = this.#facts.some((facts) => facts.state === 'broken' && facts.shape === query.shape);
    this.#facts.push(this.#open(query));
    return wasBroken ? 'rebuilt' : 'new';
  }

  #open(query: FactsQuery): KeptFacts {
    const { engine, settleMs, maxBytes, now } = this.deps;
    const facts: KeptFacts = new KeptFacts(query, {
      engine,
      stored: this.#stored,
      look: () => this.deps.arrivals.fresh(),
      settleMs,
      now,
      maxBytes: () => maxBytes - (this.bytes - facts.bytes),
    });
    return facts;
  }

  #build(facts: KeptFacts, scope: CompileScope): void {
    facts
      .build(scope, (read) => this.#readInTurn(read))
      .catch((error: unknown) => {
        if (error instanceof TooManyFacts) this.#tooLarge.set(facts.shape, performance.now());
        else if (!isCancelled(error)) this.deps.log.warn({ err: error }, 'a live answer cannot be kept');
      });
  }

  /** Everybody is read for one at a time. */
  #readInTurn(read: () => Promise<void>): Promise<void> {
    const turn = this.#reading.then(read);
    this.#reading = turn.catch(() => {});
    return turn;
  }

  async #rowsOf(
    facts: KeptFacts,
    kept: Kept<unknown>,
    scope: CompileScope,
  ): Promise<KeptRows<unknown> | null> {
    try {
      return await facts.rows(kept, scope);
    } catch (error) {
      facts.spoil();
      if (!isCancelled(error)) this.deps.log.warn({ err: error }, 'a live answer is read anew');
      return null;
    }
  }

  get #awake(): readonly KeptFacts[] {
    return this.#facts.filter(({ state }) => state === 'building' || state === 'ready');
  }

  /** What each look found, before anybody hears of it. Never rejects. */
  async #follow(news: News | null): Promise<void> {
    const awake = this.#awake;
    if (awake.length === 0) {
      this.#unseen = [];
      return;
    }
    try {
      if (!news?.isWhole) return this.#spoilAll('arrivals unknown');
      if (news.fresh.some(({ kind }) => kind === 'anything')) return this.#spoilAll('events were changed');
      await this.#hand(news, awake);
    } catch (error) {
      this.#spoilAll('arrivals unknown');
      if (!isCancelled(error))
        this.deps.log.warn({ err: error }, 'what arrived cannot be read; live answers are read anew');
    }
  }

  async #hand({ fresh, after }: News, awake: readonly KeptFacts[]): Promise<void> {
    await this.#handJoins(fresh, awake);
    const before = new Set(this.#unseen.map(({ batch }) => batch));
    const heard = [...this.#unseen, ...fresh.filter(({ kind }) => kind === 'events')];
    if (heard.length === 0) return;
    if (heard.reduce((sum, row) => sum + row.events, 0) > MOST_AT_ONCE) return this.#flooded();
    const byBatch = await readArrived(heard, this.deps.engine, this.#isMerged);
    const isSeen = ({ batch, events }: ArrivalRow): boolean => (byBatch.get(batch)?.length ?? 0) >= events;
    this.#wait(heard.filter((row) => !isSeen(row)));
    this.#newestAtMs = heard.reduce((newest, { at_ms }) => Math.max(newest, at_ms), this.#newestAtMs);
    const seen = heard.filter(isSeen);
    const eventsOf = (some: readonly ArrivalRow[]): Arrival[] =>
      some.flatMap(({ batch }) => byBatch.get(batch) ?? []);
    const isLate = ({ at_ms, batch }: ArrivalRow): boolean =>
      before.has(batch) || at_ms < this.#newestAtMs - LATE_MS;
    const late = eventsOf(seen.filter(isLate));
    const inTime = eventsOf(seen.filter((row) => !isLate(row)));
    for (const facts of awake) {
      // When those could be seen first is not known.
      if (late.length > 0) await facts.take(late, -Infinity);
      if (inTime.length > 0) await facts.take(inTime, after);
    }
  }

  async #handJoins(fresh: News['fresh'], awake: readonly KeptFacts[]): Promise<void> {
    const joins = fresh.filter(({ kind }) => kind === 'identities').map(({ batch }) => batch);
    if (joins.length === 0) return;
    const { rows } = await this.deps.engine.query(arrivedJoins(joins));
    await Promise.all(awake.map((facts) => facts.join(rows)));
  }

  /** Asks for these again with the next look; not for ever. */
  #wait(unseen: readonly ArrivalRow[]): void {
    const now = performance.now();
    if (this.#unseen.length === 0 || unseen.length === 0) this.#unseenSince = now;
    this.#unseen = unseen;
    if (now - this.#unseenSince < PATIENCE_MS) return;
    this.#unseen = [];
    this.#spoilAll('arrivals unknown');
  }

  /** More will come, as while a file is imported: everybody is read once it is over. */
  #flooded(): void {
    this.#calmAt = performance.now() + CALM_MS;
    this.#spoilAll('too much at once');
  }

  #spoilAll(why: RebuildReason): void {
    metrics.rebuilds.inc({ why });
    for (const facts of this.#facts) facts.spoil();
  }

  #sweep(): void {
    const now = performance.now();
    for (const [shape, at] of this.#tooLarge) if (at < now - TOO_LARGE_MS) this.#tooLarge.delete(shape);
    this.#facts = this.#facts.filter((facts) => {
      // What takes long to run in full is asked for rarely until it is kept.
      const unusedMs = facts.state === 'broken' ? UNUSED_BROKEN_MS : UNUSED_MS;
      const isUnused = facts.dropUnused(now - unusedMs);
      if (isUnused) facts.close();
      return !isUnused;
    });
    metrics.factsBytes.set(this.bytes);
  }
}

function isCancelled(error: unknown): boolean {
  return error instanceof EngineError && error.code === 'CANCELLED';
}
