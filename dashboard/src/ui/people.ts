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

/**
 * A long name cut in the middle, where names of one kind are alike: to so many letters, of which a character of East
 * Asia takes the room of two. Never through a character.
 */
export function cutMiddle(text: string, length = 28): string {
  const chars = Array.from(text);
  if (widthOf(chars) <= length) return text;
  const head = taken(chars, Math.ceil((length - 1) * 0.6));
  const tail = taken(chars.slice(head.length).reverse(), length - 1 - widthOf(head)).reverse();
  return `${head.join('')}…${tail.join('')}`;
}

const WIDE =
  /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff01-\uff60]/u;
const widthOf = (chars: readonly string[]): number =>
  chars.reduce((sum, char) => sum + (WIDE.test(char) ? 2 : 1), 0);

/** As many from the front as have room. */
function taken(chars: readonly string[], room: number): string[] {
  let left = room;
  const end = chars.findIndex((char) => (left -= widthOf([char])) < 0);
  return chars.slice(0, end < 0 ? chars.length : end);
}
