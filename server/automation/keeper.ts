/**
 * Keeps the log of moves, at one server at a time: looks at customers whom something arrived of, at those whose moment
 * has come, and now and then at everybody, and writes what has changed since they were last told of. Knows neither
 * subscribers nor webhooks.
 */
import type { Log } from '../engine/log.ts';
import type { Engine } from '../engine/port.ts';
import type { InsightScope } from '../insights/scope.ts';
import { asksForStages, movesWithTime } from '../query/audience.ts';
import type { Audience } from '../query/audience.ts';
import { utcText } from '../query/sql.ts';
import type { SqlQuery } from '../query/statement.ts';
import * as looks from './looks.sql.ts';
import type { Whose } from './looks.sql.ts';
import { LIFECYCLE } from './movement.ts';
import type { Found, Subject } from './movement.ts';
import { MOST_IN_BATCH } from './movement-log.ts';
import type { MovementLog } from './movement-log.ts';
import * as statements from './movements.sql.ts';
import { duesOf, movesOf, readSubject } from './subject.ts';
import { Touched } from './touched.ts';

export interface KeeperDeps {
  readonly engine: Engine;
  readonly log: Log;
  readonly movements: MovementLog;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** What questions are answered from at this moment. */
  readonly scope: () => Promise<InsightScope>;
}

/** A subject that is followed in this term. */
interface Followed {
  readonly subject: Subject;
  readonly definition: string;
  /** Null: the lifecycle. */
  readonly audience: Audience | null;
  /** When everybody was looked at last. */
  lookedMs: number;
  /** Everybody is to be looked at: at once, or as soon as that is not too often. */
  isDue: boolean;
  endedAt: number;
  tookMs: number;
}

/** Stages' moments are known for so long ahead; half of it later everybody is looked at again. */
const HORIZON_MS = 24 * 3_600_000;
/** History is told again from a little before the last look: events arrive after they happened. */
const SLACK_MS = 3_600_000;
/** How often everybody is looked at for audiences that change with time, and after changes that tell not whom. */
const PACE_MS = 60_000;
/** Customers in one statement. */
const AT_ONCE = 10_000;
const SECONDS = 600;

export class Keeper {
  readonly #followed = new Map<Subject, Followed>();
  readonly #touched: Touched;
  #term = 0;
  #dueAfterMs = 0;
  #nextDueMs = Infinity;
  #removals = statements.NO_REMOVALS;
  #version = -1;

  constructor(private readonly deps: KeeperDeps) {
    this.#touched = new Touched(deps.engine, deps.now);
  }

  /** A term begins: nothing is known. */
  async begin(term: number): Promise<void> {
    this.#term = term;
    this.#followed.clear();
    this.#version = -1;
    await this.deps.movements.begin(term);
    await this.#touched.begin();
    this.#removals = statements.NO_REMOVALS;
    this.#dueAfterMs = this.deps.now();
  }

  /** One look: what is new of these subjects is in the log afterwards. `version` rises with what arrives. */
  async look(subjects: readonly Subject[], version: number): Promise<void> {
    const nowMs = this.deps.now();
    const isNew = subjects.some((subject) => !this.#followed.has(subject));
    const isDue = nowMs >= this.#nextDueMs;
    const isIdle = version === this.#version && !this.#touched.isSettling && !isNew && !isDue;
    if (isIdle && !this.#wantsAll(nowMs)) return;
    const scope = await this.deps.scope();
    const touched = await this.#touched.since();
    this.#version = version;
    const due = isDue ? await this.#dueUpTo(nowMs) : [];
    await this.#follow(subjects, scope);
    if (touched.isMore) for (const each of this.#followed.values()) each.isDue = true;
    const whose = [...new Set([...touched.keys, ...due])];
    for (let from = 0; from < whose.length; from += AT_ONCE) {
      for (const each of this.#followed.values()) {
        await this.#lookAt(each, whose.slice(from, from + AT_ONCE), scope);
      }
    }
    for (const each of this.#followed.values()) {
      if (this.#isDue(each, nowMs)) await this.#lookAtAll(each, scope);
    }
    if (isDue || whose.length > 0) await this.#readNextDue();
    await this.#sweep();
  }

  /** True once the log says of a subject all that is new. */
  follows(subject: Subject): boolean {
    return this.#followed.has(subject);
  }

  /** Something went wrong midway: everybody is looked at again. */
  doubt(): void {
    for (const each of this.#followed.values()) {
      each.isDue = true;
      each.endedAt = Math.min(each.endedAt, performance.now() - PACE_MS);
    }
    this.#version = -1;
  }

  #wantsAll(nowMs: number): boolean {
    return [...this.#followed.values()].some((each) => this.#isDue(each, nowMs));
  }

  #isDue(each: Followed, nowMs: number): boolean {
    const restedMs = performance.now() - each.endedAt;
    const isBeyond = each.audience === null && Math.abs(nowMs - each.lookedMs) > HORIZON_MS;
    if (isBeyond) return true;
    if (restedMs < each.tookMs) return false;
    if (each.isDue && restedMs > PACE_MS) return true;
    if (each.audience === null) return restedMs > HORIZON_MS / 2;
    return movesWithTime(each.audience) && Math.abs(nowMs - each.lookedMs) > PACE_MS;
  }

  /** Begins to follow what is not followed yet. */
  async #follow(asked: readonly Subject[], scope: InsightScope): Promise<void> {
    // An audience by stages moves with them: it is looked at when the moment of one comes.
    const isByStage = asked.some((subject) => {
      const audience = readSubject(subject, scope)?.audience;
      return audience && asksForStages(audience);
    });
    const subjects = isByStage ? [...new Set([LIFECYCLE, ...asked])] : asked;
    const fresh = subjects.filter((subject) => !this.#followed.has(subject));
    for (const subject of subjects) {
      const known = this.#followed.get(subject);
      if (known && readSubject(subject, scope)?.definition !== known.definition) fresh.push(subject);
    }
    if (fresh.length === 0) return;
    const { rows } = await this.deps.engine.query(statements.followedSubjects, { maxSeconds: 20 });
    for (const subject of fresh) {
      const read = readSubject(subject, scope);
      if (!read) this.#followed.delete(subject);
      else
        await this.#begin(
          { ...read, subject },
          rows.find((row) => row.subject === subject),
          scope,
        );
    }
  }

  async #begin(
    { subject, definition, audience }: Pick<Followed, 'subject' | 'definition' | 'audience'>,
    before: statements.FollowedRow | undefined,
    scope: InsightScope,
  ): Promise<void> {
    const { nowMs } = scope.compile;
    const each: Followed = {
      ...{ subject, definition, audience, tookMs: 0 },
      lookedMs: before?.looked_ms ?? nowMs,
      isDue: false,
      endedAt: -Infinity,
    };
    const isKnown = before?.definition === definition && nowMs - each.lookedMs < statements.FORGOTTEN_MS;
    if (!isKnown) {
      await this.#take(each, scope);
      each.lookedMs = nowMs;
    }
    await this.#lookAtAll(each, scope);
    this.#followed.set(subject, each);
  }

  /** With nothing to compare with: as it is now, told to nobody. */
  async #take({ subject, audience }: Followed, { compile, journeyMap }: InsightScope): Promise<void> {
    const batch = (await this.deps.movements.end()).batch + 1;
    const statement = audience
      ? looks.takeMembers(subject, audience, batch, compile)
      : looks.takeStages(journeyMap, compile.nowMs, batch, compile);
    await this.deps.engine.command('automation.take', statement, { maxSeconds: SECONDS, maxThreads: 2 });
  }

  async #lookAtAll(each: Followed, scope: InsightScope): Promise<void> {
    const begun = performance.now();
    await this.#lookAt(each, null, scope);
    each.lookedMs = scope.compile.nowMs;
    each.isDue = false;
    each.endedAt = performance.now();
    each.tookMs = each.endedAt - begun;
    await this.#save(each);
    if (each.audience === null) await this.#readNextDue();
  }

  async #lookAt(each: Followed, whose: Whose, scope: InsightScope): Promise<void> {
    if (each.audience) await this.#lookAtMembers(each.subject, each.audience, whose, scope);
    else await this.#lookAtStages(each, whose, scope);
  }

  async #lookAtStages(each: Followed, whose: Whose, { compile, journeyMap }: InsightScope): Promise<void> {
    const { nowMs } = compile;
    const times = { fromMs: each.lookedMs - SLACK_MS, nowMs, untilMs: nowMs + HORIZON_MS };
    const query = looks.stageLook(journeyMap, times, whose, compile);
    const keys = ['', ...journeyMap.lifecycle.map(({ key }) => key)];
    await this.#write(query, whose, (row) => ({ found: movesOf(row, keys), dues: duesOf(row) }));
  }

  async #lookAtMembers(
    subject: Subject,
    audience: Audience,
    whose: Whose,
    { compile, journeyMap }: InsightScope,
  ): Promise<void> {
    const scope = { ...compile, customersInLifecycleStages: looks.stagesOf(journeyMap, whose, compile) };
    await this.#write(looks.memberLook(subject, audience, whose, scope), whose, ({ key, is_in }) => ({
      found: [
        {
          ...{ subject, key, atMs: compile.nowMs },
          before: is_in ? 'out' : 'in',
          after: is_in ? 'in' : 'out',
        },
      ],
      dues: [],
    }));
  }

  /** What a look finds, in bounded memory. */
  async #write<Row>(
    query: SqlQuery<Row>,
    whose: Whose,
    read: (row: Row) => { readonly found: readonly Found[]; readonly dues: readonly object[] },
  ): Promise<void> {
    const { engine, movements } = this.deps;
    const options = whose ? { maxSeconds: 60 } : { maxSeconds: SECONDS, maxThreads: 2 };
    const rows = whose ? (await engine.query(query, options)).rows : engine.stream(query, options);
    let found: Found[] = [];
    let dues: object[] = [];
    const flush = async (): Promise<void> => {
      const [moves, moments] = [found, dues];
      [found, dues] = [[], []];
      await engine.insert('standing_dues', moments);
      await movements.append(moves);
    };
    for await (const row of rows) {
      const part = read(row);
      found.push(...part.found);
      dues.push(...part.dues);
      if (found.length + dues.length >= MOST_IN_BATCH) await flush();
    }
    await flush();
  }

  async #save(each: Followed): Promise<void> {
    const { subject, definition, lookedMs } = each;
    const row = { subject, definition, looked_at: utcText(lookedMs), term: this.#term, version: Date.now() };
    await this.deps.engine.insert('followed', [row]);
  }

  async #dueUpTo(nowMs: number): Promise<readonly string[]> {
    const query = statements.duesUpTo(this.#dueAfterMs, nowMs);
    const { rows } = await this.deps.engine.query(query, { maxSeconds: 20 });
    this.#dueAfterMs = nowMs;
    return rows.map(({ key }) => key);
  }

  async #readNextDue(): Promise<void> {
    const { rows } = await this.deps.engine.query(statements.nextDue(this.#dueAfterMs), { maxSeconds: 20 });
    this.#nextDueMs = rows[0]?.due_ms ?? Infinity;
  }

  /**
   * Customers who were erased while they were looked at leave no trace here either; nor those of whom a server wrote
   * that ended before it could look. Who has been told of may stand here for a moment more.
   */
  async #sweep(): Promise<void> {
    const state = await this.#removalsState();
    if (state === this.#removals) return;
    for (const statement of statements.forgetUnknown()) {
      await this.deps.engine.command('automation.forget', statement, { maxSeconds: SECONDS });
    }
    this.#removals = state;
  }

  async #removalsState(): Promise<string> {
    const { rows } = await this.deps.engine.query(statements.removalsState, { maxSeconds: 20 });
    return rows[0]?.state ?? statements.NO_REMOVALS;
  }
}
