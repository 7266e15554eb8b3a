// A page's builder state as compact JSON in the address (`?q=...`), so that a link reopens it.
import { router } from './router.svelte.ts';

/** State of one page: `value` reads the address laid over the defaults; `set` writes back what differs. */
export interface PageState<T extends object> {
  readonly value: T;
  set(changes: Partial<T>, push?: boolean): void;
}

/**
 * The builder state of a page. `check` gets what stood in the address (anything may stand there) and
 * returns the parts that can be used.
 */
export function pageState<T extends object>(
  defaults: () => T,
  check: (raw: Record<string, unknown>) => Partial<T>,
): PageState<T> {
  const value = $derived<T>({ ...defaults(), ...check(record(parsedParam('q'))) });
  return {
    get value() {
      return value;
    },
    set(changes, push = false) {
      const base = defaults();
      const next: Record<string, unknown> = { ...value, ...changes };
      const different = Object.entries(next).filter(
        ([key, entry]) => JSON.stringify(entry) !== JSON.stringify(base[key as keyof T]),
      );
      const text = different.length ? JSON.stringify(Object.fromEntries(different)) : null;
      router.set({ q: text }, push);
    },
  };
}

/** What stands in a query parameter as JSON; null where there is none or it is not JSON. Reactive. */
export function parsedParam(name: string): unknown {
  const text = router.param(name);
  if (!text) return null;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

function record(raw: unknown): Record<string, unknown> {
  return raw !== null && typeof raw === 'object' && !Array.isArray(raw) ? { ...raw } : {};
}
