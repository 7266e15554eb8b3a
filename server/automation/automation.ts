/**
 * Automation as callers see it: moves of customers from a cursor on, and webhooks. Puts the parts together; knows no
 * GraphQL.
 */
import { randomBytes } from 'node:crypto';
import type { Log } from '../engine/log.ts';
import type { Engine } from '../engine/port.ts';
import type { InsightScope } from '../insights/scope.ts';
import type { Arrivals } from '../live/arrivals.ts';
import { inputError } from '../query/problem.ts';
import { ended, follow } from './following.ts';
import type { FollowingDeps, ToldMove } from './following.ts';
import { Host } from './host.ts';
import { Keeper } from './keeper.ts';
import { Lease } from './lease.ts';
import { LogTail } from './log-tail.ts';
import { audienceSubject, cursorAt, entries, LIFECYCLE, positionOf } from './movement.ts';
import type { MoveFilter, Position, Subject } from './movement.ts';
import { MovementLog } from './movement-log.ts';
import { Needs } from './needs.ts';
import { readSubject } from './subject.ts';
import { Webhooks } from './webhooks/webhooks.ts';
import type { WebhookSettings } from './webhooks/webhooks.ts';

export interface AutomationDeps {
  readonly engine: Engine;
  readonly log: Log;
  readonly arrivals: Arrivals;
  readonly now: () => number;
  /** What questions are answered from at this moment. */
  readonly scope: () => Promise<InsightScope>;
  readonly customers: FollowingDeps['customers'];
  readonly webhooks?: Partial<WebhookSettings> | undefined;
}

export class Automation {
  readonly webhooks: Webhooks;
  readonly #movements: MovementLog;
  readonly #tail: LogTail;
  readonly #needs: Needs;
  readonly #host: Host;
  readonly #following: FollowingDeps;
  readonly #closing = new AbortController();

  constructor(deps: AutomationDeps) {
    const { engine, log, arrivals, scope, customers } = deps;
    const owner = randomBytes(8).toString('hex');
    this.#movements = new MovementLog(engine, owner);
    this.#tail = new LogTail(this.#movements, log);
    this.#needs = new Needs(engine, owner);
    this.#following = { log, movements: this.#movements, tail: this.#tail, customers, scope };
    const ready = (subject: Subject): Promise<Position> => this.#beginning(subject);
    this.webhooks = new Webhooks({
      ...deps,
      following: this.#following,
      ready,
      nudge: () => this.#host.nudge(),
    });
    const keeper = new Keeper({ ...deps, movements: this.#movements });
    const lease = new Lease(engine, owner);
    const parts = { lease, keeper, needs: this.#needs, tail: this.#tail, companion: this.webhooks };
    this.#host = new Host({ engine, log, arrivals, ...parts });
  }

  /** Looks whether there are webhooks to be delivered, from now on. */
  start(): void {
    this.#host.start();
  }

  /** Customers who move from one stage to another; null: any. Throws InputError for what cannot be followed. */
  lifecycleMoves(
    stages: { readonly from: string | null; readonly to: string | null },
    after: string | null,
    scope: InsightScope,
  ): AsyncIterableIterator<ToldMove> {
    for (const field of ['from', 'to'] as const) checkStage(field, stages[field], scope);
    return this.#follow({ subject: LIFECYCLE, before: stages.from, after: stages.to }, after);
  }

  /** Customers who enter a saved audience. Throws InputError for what cannot be followed. */
  audienceEntries(id: string, after: string | null, scope: InsightScope): AsyncIterableIterator<ToldMove> {
    checkAudience(id, scope);
    return this.#follow(entries(id), after);
  }

  /** Where the log ends now: whoever goes on from there misses nothing from now on. */
  async cursor(audienceId: string | null, scope: InsightScope): Promise<string> {
    if (audienceId !== null) checkAudience(audienceId, scope);
    return cursorAt(await this.#beginning(audienceId === null ? LIFECYCLE : audienceSubject(audienceId)));
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#tail.close();
    await this.#host.close();
  }

  #follow(filter: MoveFilter, after: string | null): AsyncIterableIterator<ToldMove> {
    const from = after === null ? null : positionOf(after, Date.now());
    const abort = new AbortController();
    const end = (): void => abort.abort();
    this.#closing.signal.addEventListener('abort', end, { once: true });
    if (this.#closing.signal.aborted) end();
    const moves = this.#moves(filter, from, abort.signal);
    return {
      next: () => moves.next(),
      return: async () => {
        this.#closing.signal.removeEventListener('abort', end);
        end();
        return moves.return(undefined);
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }

  async *#moves(
    filter: MoveFilter,
    from: Position | null,
    signal: AbortSignal,
  ): AsyncGenerator<ToldMove, undefined> {
    const { subject } = filter;
    await this.#needs.add(subject);
    try {
      this.start();
      const begins = from ?? (await this.#beginning(subject, signal));
      this.#host.nudge();
      yield* follow(this.#following, begins, filter, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      this.#needs.remove(subject);
    }
    return undefined;
  }

  /** The end of the log once all that was new of a subject before is in it. */
  async #beginning(subject: Subject, signal?: AbortSignal): Promise<Position> {
    this.start();
    await this.#needs.add(subject);
    try {
      await this.#host.ready(subject, signal);
      return ended(await this.#movements.end());
    } finally {
      this.#needs.remove(subject);
    }
  }
}

export function checkStage(field: string, key: string | null, { journeyMap }: InsightScope): void {
  const keys = journeyMap.lifecycle.map((stage) => stage.key);
  if (key === null || keys.includes(key)) return;
  const message = `There is no lifecycle stage "${key.slice(0, 60)}"; there are ${keys.join(', ')}.`;
  throw inputError(field, 'UNKNOWN_STAGE', message);
}

export function checkAudience(id: string, scope: InsightScope, field = 'id'): void {
  if (scope.compile.vocabulary.audiences?.has(id) && readSubject(audienceSubject(id), scope)) return;
  const isThere = scope.compile.vocabulary.audiences?.has(id);
  const message = isThere
    ? 'This audience cannot be used any more; `audiences` says why.'
    : `There is no saved audience with the id "${id.slice(0, 60)}".`;
  throw inputError(field, 'UNKNOWN_AUDIENCE', message);
}
