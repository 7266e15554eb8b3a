// What customers are called.
import type { CustomerRowFragment } from '../api/generated.ts';

const NAMES = ['name', 'fullName', 'full_name', 'displayName'];

/** What to call a customer: a name or e-mail they gave, else their id. */
export function customerName(customer: Pick<CustomerRowFragment, 'id' | 'traits'>): string {
  const traits = customer.traits;
  if (traits === null || typeof traits !== 'object') return customer.id;
  const known = traits as Record<string, unknown>;
  const first = [...NAMES, 'email']
    .map((key) => known[key])
    .find((value) => typeof value === 'string' && value);
  if (typeof first === 'string') return first;
  const parts = ['firstName', 'lastName'].map((key) => known[key]).filter((part) => typeof part === 'string');
  return parts.join(' ') || customer.id;
}

/** A long name cut in the middle, where names of one kind are alike. */
export function cutMiddle(text: string, length = 28): string {
  if (text.length <= length) return text;
  const head = Math.ceil((length - 1) * 0.6);
  return `${text.slice(0, head)}…${text.slice(head + 1 - length)}`;
}
