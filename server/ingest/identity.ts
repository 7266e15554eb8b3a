/**
 * Identities and traits in the engine: reads what is known, applies the rules, writes what changed. One batch
 * after the other, all that wait taken together; so a read and its write never cross.
 */
import type { Engine } from '../engine/port.ts';
import { sql } from '../query/sql.ts';
import { announceChange } from './announce.ts';
import { IdentityDesk } from './identity-desk.ts';
import { identifyRequest, mergeRequest } from './identity-request.ts';
import type { IdentifyOptions, IdentityRequest, Traits } from './identity-request.ts';
import * as store from './identity-store.ts';
import type { Turns } from './turns/turns.ts';

export interface IdentifiedCustomer {
  /** Where the chain of ids ends: the id by which the customer is known now. */
  readonly customerId: string;
  readonly traits: Readonly<Record<string, unknown>>;
}

interface Waiting {
  readonly request: IdentityRequest;
  readonly resolve: (customer: IdentifiedCustomer) => void;
  readonly reject: (error: unknown) => void;
}

const MAX_TOGETHER = 500;

/** True once ids were joined: events are then to be read through the identities. */
export async function hasMergedIdentities(engine: Engine): Promise<boolean> {
  const { rows } = await engine.query<{ merged: number }>({
    name: 'ingest.has_merged_identities',
    sql: sql`SELECT count() > 0 AS merged FROM (SELECT 1 FROM identities WHERE alias_key != customer_key LIMIT 1)`,
  });
  return rows[0]?.merged === 1;
}

export class Identities {
  private readonly engine: Engine;
  private readonly turns: Turns;
  private readonly now: () => number;
  private readonly onChanged: () => void;
  private merged: boolean;
  /** True from before a join is written until it is in the answers, also where that takes a second try. */
  private isStale = false;
  private isExpired = false;
  private looking: Promise<void> | undefined;
  private queue: Waiting[] = [];
  private running: Promise<void> | undefined;

  /** `onChanged` is called once what was asked is in the answers, before it is told. */
  static async open(
    engine: Engine,
    turns: Turns,
    now: () => number,
    onChanged: () => void,
  ): Promise<Identities> {
    const merged = await hasMergedIdentities(engine);
    // Whoever wrote the last join may not have lived to bring it into the answers.
    if (merged) await store.reloadIdentities(engine);
    return new Identities(turns, now, onChanged, merged);
  }

  private constructor(turns: Turns, now: () => number, onChanged: () => void, merged: boolean) {
    this.engine = turns.engine;
    this.turns = turns;
    turns.onTaken(() => this.recover());
    this.now = now;
    this.onChanged = onChanged;
    this.merged = merged;
  }

  get hasMerged(): boolean {
    return this.merged;
  }

  /** Another program may have joined ids: the next `refresh` looks. */
  expire(): void {
    this.isExpired = !this.merged;
  }

  /** Once ids were joined they stay joined, so there is nothing to look for any more. */
  async refresh(): Promise<void> {
    if (!this.isExpired) return;
    this.looking ??= this.look().finally(() => (this.looking = undefined));
    await this.looking;
  }

  private async look(): Promise<void> {
    this.isExpired = false;
    try {
      if (await hasMergedIdentities(this.engine)) this.merged = true;
    } catch (error) {
      this.isExpired = true;
      throw error;
    }
  }

  /**
   * Resolves once the join and the traits are in every answer. Without a customer's id the traits are those of
   * the visitor, or of the customer it belongs to. Throws InputError.
   */
  async identify(
    customerId: string | null,
    anonymousId: string | null,
    traits: Traits | null,
    options: IdentifyOptions = {},
  ): Promise<IdentifiedCustomer> {
    return this.enqueue(identifyRequest(customerId, anonymousId, traits, options));
  }

  /** Makes one of two customers, in every answer once it resolves. Throws InputError. */
  async merge(id: string, into: string): Promise<IdentifiedCustomer> {
    return this.enqueue(mergeRequest(id, into));
  }

  private enqueue(request: IdentityRequest): Promise<IdentifiedCustomer> {
    return new Promise((resolve, reject) => {
      this.queue.push({ request, resolve, reject });
      this.running ??= this.drain();
    });
  }

  private async drain(): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(resolve));
    while (this.queue.length > 0) {
      const waiting = this.queue.splice(0, MAX_TOGETHER);
      try {
        await this.turns.during(() => this.apply(waiting));
      } catch (error) {
        for (const { reject } of waiting) reject(error);
      }
    }
    this.running = undefined;
  }

  /** A program that is gone may have written a join and not lived to bring it into the answers. */
  private async recover(): Promise<void> {
    if (!(await hasMergedIdentities(this.engine))) return;
    await store.reloadIdentities(this.engine);
    this.merged = true;
  }

  /** From reading what is known to writing what changed: nobody else may write identities meanwhile. */
  private async apply(waiting: readonly Waiting[]): Promise<void> {
    const desk = await IdentityDesk.open(
      this.engine,
      waiting.map(({ request }) => request),
    );
    const answers = waiting.map(({ request, resolve, reject }) => {
      try {
        const { customerId, problem } = desk.take(request);
        if (problem) return () => reject(problem);
        const traits = Object.fromEntries(desk.traitsOf(customerId));
        return () => resolve({ customerId, traits });
      } catch (error) {
        return () => reject(error);
      }
    });
    if (await this.write(desk)) this.onChanged();
    for (const answer of answers) answer();
  }

  /** True where anything was written. */
  private async write(desk: IdentityDesk): Promise<boolean> {
    const nowMs = Math.max(this.now(), desk.newestMs + 1);
    const changed = desk.changes();
    const traits = desk.changedTraits();
    const isJoin = changed.some(({ alias, customerId }) => alias !== customerId);
    await store.writeTraits(this.engine, traits, nowMs);
    if (isJoin) this.isStale = true;
    await store.writeIdentities(this.engine, changed, nowMs);
    if (this.isStale) {
      await store.reloadIdentities(this.engine);
      this.isStale = false;
      this.merged = true;
      if (desk.hasGoneTraits) await store.dropTraitsOfJoined(this.engine);
      // Other servers have heard of the rows, which say nothing before they are in the answers.
      await announceChange(this.engine);
    }
    return isJoin || changed.length + traits.length > 0;
  }
}
