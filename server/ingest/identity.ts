/**
 * Identities and traits in the engine: reads what is known, applies the rules, writes what changed. One
 * identification after the other, those that wait taken together; so a read and its write never cross.
 */
import type { Engine } from '../engine/port.ts';
import { InputError, inputError } from '../query/problem.ts';
import { sql } from '../query/sql.ts';
import { announceChange } from './announce.ts';
import { customerIdProblem, MAX_DEPTH, MAX_EVENT_BYTES, MAX_VALUES } from './event.ts';
import { IdentityBook } from './identity-rules.ts';
import * as store from './identity-store.ts';
import { cleanJson, cleanText, isPlainObject } from './json.ts';
import type { CleanJson } from './json.ts';

/** Values by name; null takes a trait away. */
export type Traits = Readonly<Record<string, unknown>>;

export interface IdentifiedCustomer {
  /** Where the chain of ids ends: the id by which the customer is known now. */
  readonly customerId: string;
  readonly traits: Readonly<Record<string, unknown>>;
}

interface Request {
  /** Null: only the traits of an anonymous visitor are set, who stays one. */
  readonly customerId: string | null;
  readonly anonymousId: string | null;
  readonly traits: ReadonlyMap<string, CleanJson> | null;
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
  private readonly now: () => number;
  private merged: boolean;
  /** True from before a join is written until it is in the answers, also where that takes a second try. */
  private isStale = false;
  private isExpired = false;
  private looking: Promise<void> | undefined;
  private queue: Request[] = [];
  private running: Promise<void> | undefined;

  static async open(engine: Engine, now: () => number): Promise<Identities> {
    const merged = await hasMergedIdentities(engine);
    // Whoever wrote the last join may not have lived to bring it into the answers.
    if (merged) await store.reloadIdentities(engine);
    return new Identities(engine, now, merged);
  }

  private constructor(engine: Engine, now: () => number, merged: boolean) {
    this.engine = engine;
    this.now = now;
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

  /** Resolves once the join and the traits are in every answer. */
  async identify(
    customerId: string | null,
    anonymousId: string | null,
    traits: Traits | null,
  ): Promise<IdentifiedCustomer> {
    const checked = checkRequest(customerId, anonymousId, traits);
    return new Promise((resolve, reject) => {
      this.queue.push({ ...checked, resolve, reject });
      this.running ??= this.drain();
    });
  }

  private async drain(): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(resolve));
    while (this.queue.length > 0) {
      const requests = this.queue.splice(0, MAX_TOGETHER);
      try {
        await this.apply(requests);
      } catch (error) {
        for (const request of requests) request.reject(error);
      }
    }
    this.running = undefined;
  }

  private async apply(requests: readonly Request[]): Promise<void> {
    const ids = requests.flatMap(({ customerId, anonymousId }) =>
      [customerId, anonymousId].filter((id) => id !== null),
    );
    const book = new IdentityBook(await store.readIdentities(this.engine, ids));
    const allIds = [...new Set(ids.flatMap((id) => [id, book.endOf(id)]))];
    const traits = await store.readTraits(this.engine, allIds);
    const touched = new Set<string>();
    const answers: (() => void)[] = [];
    for (const request of requests) {
      try {
        const customerId = applyOne(request, book, traits, touched);
        const known = traits.get(customerId) ?? new Map<string, CleanJson>();
        answers.push(() => request.resolve({ customerId, traits: Object.fromEntries(known) }));
      } catch (error) {
        answers.push(() => request.reject(error));
      }
    }
    await this.write(book, traits, touched);
    for (const answer of answers) answer();
  }

  private async write(book: IdentityBook, traits: TraitsById, touched: ReadonlySet<string>): Promise<void> {
    const nowMs = this.now();
    const changed = book.changes();
    const joined = changed.filter(({ alias, customerId }) => alias !== customerId);
    const isGone = (id: string): boolean => joined.some(({ alias }) => alias === id);
    await store.writeTraits(
      this.engine,
      [...touched]
        .filter((id) => !isGone(id))
        .map((id) => ({ customerId: id, traits: traits.get(id) ?? new Map() })),
      nowMs,
    );
    if (joined.length > 0) this.isStale = true;
    await store.writeIdentities(this.engine, changed, nowMs);
    if (!this.isStale) return;
    await store.reloadIdentities(this.engine);
    this.isStale = false;
    this.merged = true;
    await store.dropTraits(
      this.engine,
      joined.map(({ alias }) => alias),
    );
    // Other servers have heard of the rows, which say nothing before they are in the answers.
    await announceChange(this.engine);
  }
}

type TraitsById = Map<string, ReadonlyMap<string, CleanJson>>;

/** The customer's own traits win over those of an id that joins; those sent now win over both. */
function applyOne(
  { customerId, anonymousId, traits }: Request,
  book: IdentityBook,
  byId: TraitsById,
  touched: Set<string>,
): string {
  const end = customerId === null ? book.endOf(anonymousId ?? '') : book.identify(customerId, anonymousId);
  const before = byId.get(end);
  const joining = anonymousId === null || anonymousId === end ? undefined : byId.get(anonymousId);
  if (!traits && !joining) return end;
  const all = new Map([...(joining ?? []), ...(before ?? []), ...(traits ?? [])]);
  for (const [name, value] of all) if (value === null) all.delete(name);
  byId.set(end, all);
  if (anonymousId !== null && anonymousId !== end) byId.delete(anonymousId);
  touched.add(end);
  return end;
}

function checkRequest(customerId: string | null, anonymousId: string | null, traits: Traits | null) {
  const problems = [
    {
      field: 'customerId',
      message:
        customerId === null && anonymousId !== null ? null : customerIdProblem(customerId, 'customerId'),
    },
    {
      field: 'anonymousId',
      message: anonymousId === null ? null : customerIdProblem(anonymousId, 'anonymousId'),
    },
  ].flatMap(({ field, message }) => (message === null ? [] : [{ field, message, code: 'NOT_AN_ID' }]));
  if (problems.length > 0) throw new InputError(problems);
  return {
    customerId: customerId === null ? null : cleanText(customerId),
    anonymousId: anonymousId === null ? null : cleanText(anonymousId),
    traits: traits === null ? null : checkTraits(traits),
  };
}

function checkTraits(traits: unknown): ReadonlyMap<string, CleanJson> {
  if (!isPlainObject(traits))
    throw inputError('traits', 'NOT_AN_OBJECT', 'traits is an object of values by name.');
  const removed = Object.keys(traits).filter((name) => traits[name] === null);
  const limits = { maxDepth: MAX_DEPTH, maxValues: MAX_VALUES, maxText: MAX_EVENT_BYTES };
  const cleaned = cleanJson(traits, limits);
  if (!cleaned.ok) throw inputError('traits', 'TOO_LARGE', `traits ${cleaned.reason}`);
  const entries = Object.entries(cleaned.value as Record<string, CleanJson>);
  return new Map<string, CleanJson>([...entries, ...removed.map((name) => [cleanText(name), null] as const)]);
}
