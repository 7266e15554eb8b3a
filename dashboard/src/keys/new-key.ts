// What a new key may be: the choices of the form, when it ends, and what to do with it once it is there. Pure.
import type { Role } from '../api/generated.ts';

/** In the order of how much they may. */
export const ROLES = ['VIEWER', 'ANALYST', 'WRITER', 'ADMIN'] as const satisfies readonly Role[];

export const SPANS = ['never', '30', '90', '365', 'date'] as const;
export type SpanChoice = (typeof SPANS)[number];

const DAY_MS = 86_400_000;

/** When a key ends (RFC 3339); null: never. `date`: the last day that it holds, as `2027-01-31`, here. */
export function expiryOf(choice: SpanChoice, date: string, nowMs: number): string | null {
  if (choice === 'never') return null;
  if (choice !== 'date') return new Date(nowMs + Number(choice) * DAY_MS).toISOString();
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number);
  return new Date(year, month - 1, day + 1).toISOString();
}

/** The first day that may be chosen as the last. */
export function today(nowMs: number): string {
  const now = new Date(nowMs);
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

/**
 * The address that shows the dashboard on a screen. What stands behind `#` is sent to nobody. `round`: what takes
 * turns, as `programme.ts` writes it; empty: the usual.
 */
export function screenLink(origin: string, secret: string, round = ''): string {
  return `${origin}/?tv${round && `=${round}`}#key=${encodeURIComponent(secret)}`;
}

/** A call with the key, ready to paste. */
export function sample(role: Role, origin: string, secret: string): string {
  if (role === 'WRITER') {
    return `curl ${origin}/v1/track \\
  -u ${secret}: \\
  -H 'content-type: application/json' \\
  -d '{"userId": "ann", "event": "Order Completed", "properties": {"order_id": "o-1", "revenue": 42}}'`;
  }
  return `curl ${origin}/graphql \\
  -H 'authorization: Bearer ${secret}' \\
  -H 'content-type: application/json' \\
  -d '{"query": "{ catalog { totalEvents totalCustomers } }"}'`;
}
