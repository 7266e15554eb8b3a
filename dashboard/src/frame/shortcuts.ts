// The keys of the frame: which keystrokes mean what. Pure; Shortcuts.svelte listens and acts.
import type { Text } from '../i18n/text.svelte.ts';

type PageKey = keyof Text['frame']['pages'];

/** After `g`: the page that a letter opens. */
export const PAGE_KEYS: Readonly<Record<string, PageKey>> = {
  o: 'overview',
  j: 'journey',
  f: 'funnels',
  l: 'lifecycle',
  c: 'cohorts',
  p: 'customers',
  d: 'data',
};

/** Longest pause between `g` and the letter, in milliseconds. */
export const PAUSE_MS = 1500;

/** A keystroke as far as shortcuts care. */
export interface Stroke {
  readonly key: string;
  readonly isModified: boolean;
  /** The focus is where letters are typed, or where they choose something (a list, a menu). */
  readonly isTyping: boolean;
  /** The letter before it was `g`, a moment ago. */
  readonly isAfterG: boolean;
}

export type Meaning =
  | { readonly does: 'sheet' | 'search' | 'await-page' }
  | { readonly does: 'page'; readonly page: PageKey }
  | { readonly does: 'control'; readonly key: string };

/** What a keystroke asks for; null: nothing of the frame's. */
export function meaningOf({ key, isModified, isTyping, isAfterG }: Stroke): Meaning | null {
  if (isModified || isTyping || key.length !== 1) return null;
  const letter = key.toLowerCase();
  const page = PAGE_KEYS[letter];
  if (isAfterG) return page === undefined ? null : { does: 'page', page };
  if (letter === 'g') return { does: 'await-page' };
  if (letter === '?') return { does: 'sheet' };
  if (letter === '/') return { does: 'search' };
  return { does: 'control', key: letter };
}
