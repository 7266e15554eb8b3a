// How the viewer wants to see: language, theme, television mode, colour of rise, folded rail.
// From the address first, then what this browser remembers, then the browser's own wish.
import { flushSync } from 'svelte';
import { remember, remembered } from './storage.ts';
import { router } from './router.svelte.ts';

export type Language = 'en' | 'zh';
type Theme = 'light' | 'dark';
export type ThemeChoice = Theme | 'system';

const dark = matchMedia('(prefers-color-scheme: dark)');

class View {
  #systemDark = $state(dark.matches);
  #language = $state<string | null>(remembered('language'));
  #theme = $state<string | null>(remembered('theme'));
  #folded = $state(remembered('rail') === 'folded');
  #printing = $state(false);
  #upIsRed = $state(remembered('up') === 'red');

  constructor() {
    dark.addEventListener('change', () => (this.#systemDark = dark.matches));
    // At once: the browser prints what stands there when the listeners have run.
    window.addEventListener('beforeprint', () => flushSync(() => (this.#printing = true)));
    window.addEventListener('afterprint', () => (this.#printing = false));
  }

  get language(): Language {
    const wish = router.param('lang') ?? this.#language ?? navigator.language;
    return wish.toLowerCase().startsWith('zh') ? 'zh' : 'en';
  }

  /** The BCP 47 tag that Intl gets. */
  get locale(): string {
    return this.language === 'zh' ? 'zh-CN' : 'en-US';
  }

  set language(language: Language) {
    this.#language = language;
    remember('language', language);
    router.set({ lang: language });
  }

  get themeChoice(): ThemeChoice {
    const wish = router.param('theme') ?? this.#theme;
    return wish === 'light' || wish === 'dark' ? wish : 'system';
  }

  set themeChoice(choice: ThemeChoice) {
    this.#theme = choice;
    remember('theme', choice === 'system' ? null : choice);
    router.set({ theme: choice === 'system' ? null : choice });
  }

  /** On paper: light, and nothing moves. */
  get printing(): boolean {
    return this.#printing;
  }

  get theme(): Theme {
    if (this.#printing) return 'light';
    // On a wall, bright surfaces that stay where they are burn in: light only where the address says so.
    if (this.tv) return router.param('theme') === 'light' ? 'light' : 'dark';
    const choice = this.themeChoice;
    if (choice !== 'system') return choice;
    return this.#systemDark ? 'dark' : 'light';
  }

  /** Television: no controls, large type, pages rotate. */
  get tv(): boolean {
    return router.has('tv');
  }

  get railFolded(): boolean {
    return this.#folded;
  }

  set railFolded(folded: boolean) {
    this.#folded = folded;
    remember('rail', folded ? 'folded' : null);
  }

  /** Chinese retail reads red as up; sign and arrow tell it in any case. */
  get upIsRed(): boolean {
    return this.#upIsRed;
  }

  set upIsRed(red: boolean) {
    this.#upIsRed = red;
    remember('up', red ? 'red' : null);
  }
}

export const view = new View();
