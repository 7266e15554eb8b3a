// The address is the state: path and query, read and written through the History API.
// Knows nothing of pages; `pages.ts` maps paths to them.
import * as places from './places.ts';

/** Query parameters that go with every link: they describe the view, not the page. */
const SHARED = ['range', 'from', 'to', 'tz', 'by', 'compare', 'where', 'who', 'lang', 'theme', 'tv', 'dwell'];

type Changes = Record<string, string | null>;

/** What the browser keeps of each entry of the history: which it is, and whether this app made the one before. */
interface Entry {
  key: string;
  /** True where going back stays in the app. */
  follows: boolean;
}

class Router {
  #url = $state.raw(new URL(location.href));
  #entry = $state.raw(entryOf(history.state));

  constructor() {
    history.scrollRestoration = 'manual';
    history.replaceState(this.#entry, '');
    places.returned(this.#entry.key);
    window.addEventListener('popstate', (event) => {
      places.left(this.#entry.key);
      this.#entry = entryOf(event.state);
      this.#url = new URL(location.href);
      places.returned(this.#entry.key);
    });
    window.addEventListener('pagehide', () => places.left(this.#entry.key));
  }

  /** Names the entry of the history: the same again when the viewer comes back to it. */
  get entry(): string {
    return this.#entry.key;
  }

  /** True where going back stays in the app. */
  get hasBack(): boolean {
    return this.#entry.follows;
  }

  /** Goes back where that stays in the app; false where it would leave. */
  back(): boolean {
    if (this.#entry.follows) history.back();
    return this.#entry.follows;
  }

  /** The path without a trailing slash; `/` for the root. */
  get path(): string {
    return this.#url.pathname.replace(/(.)\/+$/, '$1');
  }

  /** The value of a query parameter, or null. */
  param(name: string): string | null {
    return this.#url.searchParams.get(name);
  }

  has(name: string): boolean {
    return this.#url.searchParams.has(name);
  }

  /** The address of another page with the shared parameters (range, language, ...) kept. */
  href(path: string, params: Changes = {}): string {
    const url = new URL(path, location.origin);
    for (const name of SHARED) {
      const value = this.param(name);
      if (value !== null) url.searchParams.set(name, value);
    }
    return written(url, params);
  }

  /** Goes to a page (an address made by `href`, or a path); adds to the history. */
  go(address: string): void {
    this.#push(address);
    window.scrollTo(0, 0);
  }

  /** Goes to a page in place of the present one, with the shared parameters kept. */
  replace(path: string): void {
    history.replaceState(this.#entry, '', this.href(path));
    this.#url = new URL(location.href);
  }

  /** Changes query parameters of the present page; null removes. Replaces the history entry unless `push`. */
  set(changes: Changes, push = false): void {
    const url = new URL(location.href);
    const address = written(url, changes);
    if (address === location.pathname + location.search) return;
    if (push) return this.#push(address);
    history.replaceState(this.#entry, '', address);
    this.#url = new URL(location.href);
  }

  #push(address: string): void {
    places.left(this.#entry.key);
    this.#entry = { key: newKey(), follows: true };
    history.pushState(this.#entry, '', address);
    this.#url = new URL(location.href);
  }

  /** A click handler for the whole document: plain clicks on own links do not reload the page. */
  readonly onclick = (event: MouseEvent): void => {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (!link || link.target || link.hasAttribute('download') || link.origin !== location.origin) return;
    event.preventDefault();
    this.go(link.pathname + link.search);
  };
}

function entryOf(state: unknown): Entry {
  const known = state as Partial<Entry> | null;
  return typeof known?.key === 'string'
    ? { key: known.key, follows: known.follows === true }
    : { key: newKey(), follows: false };
}

function newKey(): string {
  return Math.random().toString(36).slice(2, 10);
}

function written(url: URL, changes: Changes): string {
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  }
  return url.pathname + url.search;
}

export const router = new Router();
