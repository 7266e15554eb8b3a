/**
 * Takes what other tools wrote into the table `landing`: stores it as events, each id once, and drops what is
 * taken. Every server may do it; who was killed over it is gone on from, and nothing counts twice. Knows
 * nothing of HTTP.
 */
import type { Log } from '../../engine/log.ts';
import { EngineError } from '../../engine/port.ts';
import type { Engine } from '../../engine/port.ts';
import { tellsOfMore } from '../../query/beside-events.ts';
import type { Change } from '../../query/span.ts';
import { param, sql } from '../../query/sql.ts';
import type { Sql } from '../../query/sql.ts';
import { announceChange } from '../announce.ts';
import { ROW_LIMITS } from '../event.ts';
import {
  countSlice,
  dropParts,
  keepRejected,
  landedParts,
  plansOf,
  repairSlice,
  storeSlice,
} from './landing.sql.ts';
import type { PlanRow } from './landing.sql.ts';
import { nextStep } from './slices.ts';
import type { LandedPart, NextStep, Plan, Slice, SliceLimits } from './slices.ts';

/** Nobody else writes events meanwhile: no other program, and nothing else in this one. */
export interface Turns {
  /** For what is written within; absent: as given. */
  readonly engine?: Engine;
  during<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T>;
}

interface Heard {
  /** What changed before this moment (performance.now) was told. */
  readonly seenAt: number;
  onChange(listener: (change: Change) => void): void;
}

export interface LandingDeps {
  readonly engine: Engine;
  readonly log: Log;
  readonly turns?: Turns;
  /** Whoever looks at what arrives hears of rows that landed; absent: nobody does. */
  readonly arrivals?: Heard;
  /** For tests. */
  readonly limits?: SliceLimits;
}

export interface Landing {
  /** Looks when rows were heard of, and where nobody listens now and then; from now on, until closed. */
  watch(): void;
  /** Takes all that is there now; resolves to how many slices it took. */
  drain(): Promise<number>;
  /** Resolves once nothing is under way any more. */
  close(): Promise<void>;
}

const ALONE: Turns = { during: (work) => work() };
/** What one turn stores: others wait for no more than that. */
const LIMITS: SliceLimits = { rows: 100_000, bytes: 64 * 1024 * 1024 };
/** Most parts looked at together. */
const MOST_PARTS = 500;
const LOOK_MS = 500;
/** Where nothing was there; and where nothing was for a minute. */
const IDLE_LOOK_MS = 1000;
const QUIET_LOOK_MS = 2000;
const QUIET_AFTER_MS = 60_000;
/** As long as somebody listens, and heard nothing. */
const LISTENED_MS = 3000;
const UNHEARD_LOOK_MS = 30_000;
/** After a failure. */
const RETRY_MS = 3000;
const SECONDS = 600;

export function openLanding(deps: LandingDeps): Landing {
  return new LandingDrain(deps);
}

class LandingDrain implements Landing {
  readonly #deps: LandingDeps;
  readonly #engine: Engine;
  readonly #limits: SliceLimits;
  readonly #closing = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<unknown> = Promise.resolve();
  #isFailing = false;
  /** By performance.now. */
  #foundAt = performance.now();
  #lookedAt = -Infinity;
  #isHeard = false;
  #isLooking = false;

  constructor(deps: LandingDeps) {
    this.#deps = deps;
    this.#engine = deps.turns?.engine ?? deps.engine;
    this.#limits = deps.limits ?? LIMITS;
  }

  watch(): void {
    this.#deps.arrivals?.onChange((change) => {
      if (!tellsOfMore(change)) return;
      this.#isHeard = true;
      if (change === null || this.#isLooking) return;
      clearTimeout(this.#timer);
      this.#lookIn(0);
    });
    this.#lookIn(LOOK_MS);
  }

  async drain(): Promise<number> {
    let slices = 0;
    while ((await this.#parts(1)).length > 0 && !this.#closing.signal.aborted) {
      const step = await this.#turn(() => this.#step());
      if (step?.kind === 'store') slices += 1;
    }
    return slices;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    clearTimeout(this.#timer);
    await this.#running;
  }

  #lookIn(ms: number): void {
    if (this.#closing.signal.aborted) return;
    this.#timer = setTimeout(() => {
      this.#isLooking = true;
      this.#running = this.#look().then((pauseMs) => {
        this.#isLooking = false;
        this.#lookIn(pauseMs);
      });
    }, ms).unref();
  }

  /** Whoever listens would have heard of rows. */
  get #isQuiet(): boolean {
    const now = performance.now();
    const seenAt = this.#deps.arrivals?.seenAt ?? -Infinity;
    return !this.#isHeard && now - seenAt < LISTENED_MS && now - this.#lookedAt < UNHEARD_LOOK_MS;
  }

  /** Resolves to how long until the next look; never rejects. */
  async #look(): Promise<number> {
    if (this.#isQuiet) return QUIET_LOOK_MS;
    this.#isHeard = false;
    this.#lookedAt = performance.now();
    try {
      const slices = await this.drain();
      this.#isFailing = false;
      if (slices > 0) this.#foundAt = performance.now();
      const quietMs = performance.now() - this.#foundAt;
      return slices > 0 ? LOOK_MS : quietMs < QUIET_AFTER_MS ? IDLE_LOOK_MS : QUIET_LOOK_MS;
    } catch (error) {
      if (this.#closing.signal.aborted) return LOOK_MS;
      this.#lookedAt = -Infinity;
      const details = { code: error instanceof EngineError ? error.code : undefined, error: String(error) };
      if (!this.#isFailing) this.#deps.log.warn(details, 'rows landed by other tools wait; trying again');
      this.#isFailing = true;
      return RETRY_MS;
    }
  }

  #turn<T>(work: () => Promise<T>): Promise<T> {
    return (this.#deps.turns ?? ALONE).during(work, this.#closing.signal);
  }

  async #parts(most: number): Promise<readonly LandedPart[]> {
    const { rows } = await this.#engine.query(landedParts(most));
    return rows.map((row) => ({
      name: row.name,
      id: row.id,
      rows: Number(row.rows),
      bytes: Number(row.bytes),
    }));
  }

  /** Others may have been here since the last look: what is to be done is found within the turn. */
  async #step(): Promise<NextStep | null> {
    const parts = await this.#parts(MOST_PARTS);
    if (parts.length === 0) return null;
    const { rows } = await this.#engine.query(plansOf(parts));
    const plans = rows.map(planOf);
    const step = nextStep(parts, plans, this.#limits);
    if (step?.kind === 'drop') await this.#drop(step.parts);
    if (step?.kind === 'store') {
      const plan = await this.#store(step);
      const after = nextStep(parts, [...plans.filter(({ key }) => key !== plan.key), plan], this.#limits);
      if (after?.kind === 'drop') await this.#drop(after.parts);
    }
    return step;
  }

  #drop(parts: readonly LandedPart[]): Promise<void> {
    return this.#run('landing.drop', dropParts(parts));
  }

  /** What is decided is written down first: after a crash it is gone on with, not decided anew. */
  async #store({ slice, plan: begun }: Extract<NextStep, { kind: 'store' }>): Promise<Plan> {
    const plan = begun ? await this.#goOn(slice, begun) : await this.#begin(slice);
    if (plan.rejected > 0) await this.#run('landing.keep_rejected', keepRejected(slice, ROW_LIMITS));
    await this.#count(plan);
    const stored = { ...plan, isStored: true };
    await this.#write(stored);
    return stored;
  }

  async #begin(slice: Slice): Promise<Plan> {
    const { rows } = await this.#engine.query(countSlice(slice, ROW_LIMITS), { maxSeconds: SECONDS });
    const [all, rejected, fresh] = [rows[0]?.rows, rows[0]?.rejected, rows[0]?.fresh].map(Number);
    if (all === undefined || rejected === undefined || fresh === undefined)
      throw new Error('nothing counted');
    const partIds = slice.parts.map(({ id }) => id);
    const duplicates = all - rejected - fresh;
    const plan = { key: slice.key, partIds, duplicates, rejected, isStored: false };
    await this.#write(plan);
    if (fresh > 0) await this.#run(storeName(slice), storeSlice(slice, ROW_LIMITS, 'by ids'));
    return plan;
  }

  /** The statement of a killed process may run on in the engine: it ends before its work is looked at. */
  async #goOn(slice: Slice, plan: Plan): Promise<Plan> {
    const name = param.string(storeName(slice));
    await this.#run('landing.end_statements', sql`KILL QUERY WHERE Settings['log_comment'] = ${name} SYNC`);
    await this.#run(storeName(slice), storeSlice(slice, ROW_LIMITS, 'by events'));
    const repair = repairSlice(slice, ROW_LIMITS);
    await this.#run('landing.repair_ids', repair.ids);
    await this.#run('landing.repair_customers', repair.customers);
    await announceChange(this.#engine);
    return plan;
  }

  #run(name: string, statement: Sql): Promise<void> {
    return this.#engine.command(name, statement, { maxSeconds: SECONDS });
  }

  async #count({ key, duplicates, rejected }: Plan): Promise<void> {
    if (duplicates + rejected === 0) return;
    const row = { duplicates, rejected, identified: 0, removed: 0 };
    await this.#engine.insert('ingest_counts', [row], { deduplicationToken: `landing ${key}` });
  }

  async #write({ key, partIds, duplicates, rejected, isStored }: Plan): Promise<void> {
    const row = { slice: key, parts: partIds, duplicates, rejected, is_stored: Number(isStored) };
    await this.#engine.insert('landing_slices', [row]);
  }
}

const storeName = ({ key }: Slice): string => `landing.store ${key}`;

function planOf(row: PlanRow): Plan {
  return {
    key: row.slice,
    partIds: row.part_ids,
    duplicates: Number(row.duplicates),
    rejected: Number(row.rejected),
    isStored: row.stored > 0,
  };
}
