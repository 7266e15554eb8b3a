/**
 * What a batch of identifications and merges makes of ids and traits, all in memory: read together before,
 * written together after. The rules of joining are IdentityBook's.
 */
import type { Engine } from '../engine/port.ts';
import { InputError, inputError } from '../query/problem.ts';
import { areSameTraits, mergedTraits } from './identity-request.ts';
import type { IdentifyRequest, IdentityRequest, MergeRequest, TraitValues } from './identity-request.ts';
import { IdentityBook, IdentityConflictError } from './identity-rules.ts';
import type { IdentityRow } from './identity-rules.ts';
import * as store from './identity-store.ts';

export interface Taken {
  readonly customerId: string;
  /** Why only the customer was taken and nothing joined. */
  readonly problem: InputError | null;
}

export class IdentityDesk {
  private readonly before: ReadonlyMap<string, TraitValues>;
  private readonly traits: Map<string, TraitValues>;

  /** Two or three statements, however many requests. */
  static async open(engine: Engine, requests: readonly IdentityRequest[]): Promise<IdentityDesk> {
    const rows = await store.readIdentities(engine, [...new Set(requests.flatMap(idsOf))]);
    const own = new IdentityBook(rows);
    const moving = requests.flatMap((request) => movingOf(request, own));
    const leading = moving.length === 0 ? [] : await store.readAliases(engine, [...new Set(moving)]);
    const ids = requests.flatMap(idsOf).flatMap((id) => [id, own.endOf(id)]);
    const traits = await store.readTraits(engine, [...new Set(ids)]);
    const merged = requests.flatMap((request) => (request.kind === 'merge' ? idsOf(request) : []));
    const unseen = merged.filter((id) => !own.isKnown(own.endOf(id)) && !traits.has(id));
    const seen = unseen.length === 0 ? new Set<string>() : await store.readSeen(engine, unseen);
    const unknown = new Set(unseen.filter((id) => !seen.has(id)));
    const newest = [...rows, ...leading, ...traits.values()].reduce(
      (ms, row) => Math.max(ms, row.updatedMs),
      0,
    );
    return new IdentityDesk(new IdentityBook([...rows, ...leading]), traits, unknown, newest);
  }

  private constructor(
    private readonly book: IdentityBook,
    kept: ReadonlyMap<string, store.KeptTraits>,
    /** Ids to be merged of which nothing is known. */
    private readonly unknown: ReadonlySet<string>,
    /** When the newest of what was read was written: what is written now must be newer, whatever a clock says. */
    readonly newestMs: number,
  ) {
    this.before = new Map([...kept].map(([id, { traits }]) => [id, traits]));
    this.traits = new Map(this.before);
  }

  /** Throws InputError where nothing is taken. */
  take(request: IdentityRequest): Taken {
    return request.kind === 'merge' ? this.merge(request) : this.identify(request);
  }

  traitsOf(customerId: string): TraitValues {
    return this.traits.get(customerId) ?? new Map();
  }

  changes(): readonly IdentityRow[] {
    return this.book.changes();
  }

  /** Of customers whose traits are no longer what was read. */
  changedTraits(): readonly { readonly customerId: string; readonly traits: TraitValues }[] {
    return [...this.traits]
      .filter(([id, traits]) => !areSameTraits(traits, this.before.get(id) ?? new Map()))
      .map(([customerId, traits]) => ({ customerId, traits }));
  }

  /** True where traits stand under ids that are customers no longer. */
  get hasGoneTraits(): boolean {
    return [...this.before.keys()].some((id) => !this.traits.has(id));
  }

  private identify({ customerId, anonymousId, traits, options, problem }: IdentifyRequest): Taken {
    if (customerId === null) {
      const end = this.book.endOf(anonymousId ?? '');
      this.gather(end, null, traits, options.fillsIn);
      return { customerId: end, problem: null };
    }
    try {
      const end = this.book.identify(customerId, anonymousId);
      this.gather(end, anonymousId, traits, options.fillsIn);
      return { customerId: end, problem };
    } catch (error) {
      if (!(error instanceof IdentityConflictError) || options.keepsCustomer !== true) throw error;
      const end = this.book.identify(customerId, null);
      this.gather(end, null, traits, options.fillsIn);
      return { customerId: end, problem: error };
    }
  }

  private merge({ id, into }: MergeRequest): Taken {
    const strangers = [id, into].filter((one) => this.unknown.has(one) && !this.book.isKnown(one));
    if (strangers.length > 0) {
      throw new InputError(
        strangers.flatMap((one) => unknownCustomer(one === id ? 'id' : 'into', one).problems),
      );
    }
    const end = this.book.merge(id, into);
    this.gather(end, id, null);
    return { customerId: end, problem: null };
  }

  /** The customer's own traits win over those of an id that joins; those sent now win over both. */
  private gather(end: string, joining: string | null, sent: TraitValues | null, fillsIn = false): void {
    const own = this.traits.get(end);
    const joined = joining === null || joining === end ? undefined : this.traits.get(joining);
    if (joining !== null && joining !== end) this.traits.delete(joining);
    if (!sent && !joined) return;
    const known = [joined, own] as const;
    this.traits.set(end, fillsIn ? mergedTraits(sent, ...known) : mergedTraits(...known, sent));
  }
}

function idsOf(request: IdentityRequest): readonly string[] {
  const ids =
    request.kind === 'merge' ? [request.id, request.into] : [request.customerId, request.anonymousId];
  return ids.filter((id) => id !== null);
}

/** Known customers that may move, with all that leads to them. */
function movingOf(request: IdentityRequest, book: IdentityBook): readonly string[] {
  const id = request.kind === 'merge' ? request.id : request.anonymousId;
  return id !== null && book.isKnown(id) ? [id] : [];
}

function unknownCustomer(field: string, id: string): InputError {
  return inputError(field, 'UNKNOWN_CUSTOMER', `Nothing is known of a customer "${id}".`);
}
