/** What a key must keep to, by itself and among the others. Pure. */
import { inputError } from '../query/problem.ts';
import type { Role } from './role.ts';

export interface KeyDraft {
  readonly name: string;
  readonly role: Role;
  /** Null: never. */
  readonly expiresMs: number | null;
}

/** What is known of the others. */
export interface OtherKeys {
  /** An ADMIN key that holds, or WAYMARK_ADMIN_KEY. */
  readonly hasAdmin: boolean;
  readonly count: number;
  readonly nowMs: number;
}

const LONGEST_NAME = 200;
const MAX_KEYS = 1000;
const LATEST_MS = Date.UTC(2200, 0);

/** The name as it is kept. */
export function checkKey({ name, role, expiresMs }: KeyDraft, others: OtherKeys): string {
  const kept = name.trim();
  if (kept === '' || [...kept].length > LONGEST_NAME || /\p{Cc}/u.test(kept))
    throw inputError('name', 'BAD_NAME', `A name has 1 to ${LONGEST_NAME} characters, on one line.`);
  if (expiresMs !== null && !(expiresMs > others.nowMs && expiresMs < LATEST_MS))
    throw inputError('expiresAt', 'BAD_EXPIRY', 'A key expires in the future, before the year 2200.');
  if (role !== 'ADMIN' && !others.hasAdmin) {
    const message =
      'The first key must be an ADMIN key: from then on every call needs a key, and without one you would be shut out.';
    throw inputError('role', 'ADMIN_KEY_FIRST', message);
  }
  if (others.count >= MAX_KEYS) {
    const message = `Up to ${MAX_KEYS} keys are kept; revoke one that is no longer used.`;
    throw inputError('name', 'TOO_MANY_KEYS', message);
  }
  return kept;
}

/** The last key that may make others stays: nobody could come in as ADMIN any more. */
export function checkRevoke({ hasAdmin }: Pick<OtherKeys, 'hasAdmin'>): void {
  if (hasAdmin) return;
  const message = 'It is the last ADMIN key: make another first, so that you are not shut out.';
  throw inputError('id', 'LAST_ADMIN_KEY', message);
}
