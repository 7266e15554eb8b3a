/**
 * Whose is an id: the rules of joining, over what is known of the ids concerned. Pure; where it is kept and
 * how it is read again is not known here.
 *
 * An id points straight to the customer where its chain ends, never to another pointer. An id is a known
 * customer once it was identified as one; two known customers are never joined by `identify`, since a shared
 * device would make one person of two, only by `merge`, which somebody asks for on purpose.
 */
import { InputError, inputError } from '../query/problem.ts';

/** A pointer of `alias` to the end of its chain; a known customer points to itself. */
export interface IdentityRow {
  readonly alias: string;
  readonly customerId: string;
}

/** What is known of some ids, changed by joins; collects what must be written. */
export class IdentityBook {
  private readonly ends = new Map<string, string>();
  private readonly changed = new Set<string>();

  /**
   * Needs every row of the ids concerned and of their ends; and where a known customer may move, of all that
   * lead to it. To an id that is not known nothing leads.
   */
  constructor(rows: readonly IdentityRow[]) {
    for (const { alias, customerId } of rows) this.ends.set(alias, customerId);
  }

  /** The customer that an id belongs to; itself when nothing is known of it. */
  endOf(id: string): string {
    return this.ends.get(id) ?? id;
  }

  isKnown(id: string): boolean {
    return this.ends.get(id) === id;
  }

  /**
   * Marks a customer as known and joins an anonymous id to it; returns who both now are. Nothing is changed
   * where it throws IdentityConflictError.
   */
  identify(customerId: string, anonymousId: string | null): string {
    const end = this.endOf(customerId);
    if (anonymousId !== null) this.join(anonymousId, end);
    this.point(end, end);
    return end;
  }

  /**
   * Makes one of two customers, known or not; returns who both now are: `into`. A customer may also be merged
   * into one of its own ids, which then becomes its name. Throws InputError.
   */
  merge(id: string, into: string): string {
    const end = this.endOf(id);
    if (id === into || (end === this.endOf(into) && end === into)) throw alreadyOne(id, into);
    if (end !== id) throw notTheCustomer('id', id, end);
    const target = this.endOf(into);
    if (target !== into && target !== id) throw notTheCustomer('into', into, target);
    this.move(id, into);
    this.point(into, into);
    return into;
  }

  /** Rows to write; those of ids that changed. */
  changes(): readonly IdentityRow[] {
    return [...this.changed].map((alias) => ({ alias, customerId: this.endOf(alias) }));
  }

  private join(anonymousId: string, end: string): void {
    const owner = this.endOf(anonymousId);
    if (owner === end) return;
    if (owner !== anonymousId) throw belongsToAnother(anonymousId, end);
    if (this.isKnown(anonymousId) && this.isKnown(end)) throw bothKnown(anonymousId, end);
    this.move(anonymousId, end);
  }

  /** With all that lead to it. */
  private move(from: string, end: string): void {
    for (const [alias, customerId] of this.ends) if (customerId === from) this.point(alias, end);
    this.point(from, end);
  }

  private point(alias: string, end: string): void {
    if (this.ends.get(alias) === end) return;
    this.ends.set(alias, end);
    this.changed.add(alias);
  }
}

/** Two customers would become one. */
export class IdentityConflictError extends InputError {
  constructor(message: string) {
    super([{ field: 'anonymousId', code: 'IDENTITY_CONFLICT', message }]);
    this.name = 'IdentityConflictError';
  }
}

/** Not which customer: whoever sends may not read. */
function belongsToAnother(anonymousId: string, end: string): IdentityConflictError {
  return new IdentityConflictError(
    `"${anonymousId}" already belongs to another customer and cannot be joined to "${end}" too; give each person's visits an anonymousId of their own.`,
  );
}

function bothKnown(a: string, b: string): IdentityConflictError {
  return new IdentityConflictError(
    `"${a}" and "${b}" are both known customers and are not joined; an anonymousId is an id that was not identified as a customer.`,
  );
}

function alreadyOne(id: string, into: string): InputError {
  return inputError('into', 'SAME_CUSTOMER', `"${id}" and "${into}" are one customer already.`);
}

function notTheCustomer(field: string, id: string, end: string): InputError {
  const message = `"${id}" is one of the ids of the customer "${end}": name "${end}" where that whole customer is meant.`;
  return inputError(field, 'NOT_THE_CUSTOMER', message);
}
