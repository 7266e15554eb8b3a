// Undo and redo of a page's question, whatever changed it: one trail a page, followed through the address, kept
// while the tab lives. Undo writes the address; the page reads it as always.
import { untrack } from 'svelte';
import { SvelteMap } from 'svelte/reactivity';
import { router } from './router.svelte.ts';
import { beginTrail, followed, standing } from './trail.ts';
import type { Entry, Trail } from './trail.ts';

/** The parameters that are the question; language, theme and the like are how it is looked at. */
const QUESTION = ['q', 'where', 'who', 'range', 'from', 'to', 'tz', 'by'];

class Undo {
  readonly #trails = new SvelteMap<string, Trail>();

  get #present(): Entry {
    return Object.fromEntries(
      QUESTION.flatMap((name) => {
        const value = router.param(name);
        return value === null ? [] : [[name, value]];
      }),
    );
  }

  get #trail(): Trail {
    return this.#trails.get(router.path) ?? beginTrail(this.#present);
  }

  /** True when the address holds something that is not on the trail: a condition still being made. */
  get #isBeside(): boolean {
    return JSON.stringify(standing(this.#trail)) !== JSON.stringify(this.#present);
  }

  get canUndo(): boolean {
    return this.#trail.at > 0 || this.#isBeside;
  }

  get canRedo(): boolean {
    return this.#trail.at < this.#trail.entries.length - 1;
  }

  undo(): void {
    const { at, entries } = this.#trail;
    this.#show(this.#isBeside ? entries[at] : entries[at - 1]);
  }

  redo(): void {
    const { at, entries } = this.#trail;
    this.#show(entries[at + 1]);
  }

  /** Follows the address; to be called in an effect of what stands on the page. */
  follow(): void {
    const path = router.path;
    const present = this.#present;
    untrack(() => {
      const before = this.#trails.get(path);
      const trail = before ? followed(before, present, Date.now()) : beginTrail(present);
      if (trail !== before) this.#trails.set(path, trail);
    });
  }

  #show(entry: Entry | undefined): void {
    if (!entry) return;
    router.set(Object.fromEntries(QUESTION.map((name) => [name, entry[name] ?? null])));
  }
}

export const undo = new Undo();
