// The languages of the dashboard: a line each. To add one: its words in a folder beside en/, gathered in a file as
// en.ts does (typed as Text, so that a missing word is an error), and its line here.
import { en } from './en.ts';
import type { Text } from './en.ts';

interface LanguageEntry {
  /** In the language itself. */
  readonly name: string;
  /** The BCP 47 tag that Intl and the document get. */
  readonly locale: string;
  readonly load: () => Promise<Text>;
}

const LANGUAGES = {
  en: { name: 'English', locale: 'en-US', load: () => Promise.resolve(en) },
  zh: { name: '简体中文', locale: 'zh-CN', load: async () => (await import('./zh.ts')).zh },
} as const satisfies Record<string, LanguageEntry>;

export type Language = keyof typeof LANGUAGES;

export const languages: Readonly<Record<Language, LanguageEntry>> = LANGUAGES;

/** In the order of the menu. */
export const languageCodes = Object.keys(LANGUAGES) as Language[];

/** The language that a wish names ("zh-Hans-CN" is "zh"); English where there is none such. */
export function languageOf(wish: string): Language {
  const code = wish.toLowerCase();
  return languageCodes.find((language) => code === language || code.startsWith(`${language}-`)) ?? 'en';
}
