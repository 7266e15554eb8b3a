// The dictionary of the present language. Both are complete (the type of one is the type of the other);
// the second language is loaded when asked for.
import { view } from '../state/view.svelte.ts';
import { en } from './en.ts';
import type { Text } from './en.ts';
import { languages } from './languages.ts';
import type { Language } from './languages.ts';

export type { Text };

let loaded = $state.raw<Partial<Record<Language, Text>>>({ en });

/** Loads the dictionary of the present language; the page waits for it before its first paint. */
export async function loadText(language: Language): Promise<void> {
  if (loaded[language]) return;
  const text = await languages[language].load();
  loaded = { ...loaded, [language]: text };
}

/** The words to use now; reactive, so call it where the text is made. */
export function t(): Text {
  return loaded[view.language] ?? en;
}

/** The server speaks English; true where its words can stand as they are. */
export function isEnglish(): boolean {
  return t() === en;
}
