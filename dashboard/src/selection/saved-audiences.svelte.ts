// Who shows saved audiences learns here that one was saved, renamed or deleted, and asks again.
import { untrack } from 'svelte';
import type { TypedDocumentString } from '../api/generated.ts';
import { onceQuery } from '../api/once.svelte.ts';
import type { Once } from '../api/once.svelte.ts';

let changes = $state(0);

let names = $state.raw<Readonly<Record<string, string>>>({});

/** Told by whoever has loaded the saved audiences. */
export function audiencesKnown(list: readonly { id: string; name: string }[]): void {
  names = Object.fromEntries(list.map(({ id, name }) => [id, name]));
}

/** The name of a saved audience, once it is known. Reactive. */
export const audienceName = (id: string): string | undefined =>
  Object.hasOwn(names, id) ? names[id] : undefined;

/** To be called after every change. */
export function audiencesChanged(): void {
  changes++;
}

/** The answer to a question about saved audiences, asked again after every change made on this page. */
export function savedAudiences<T>(document: TypedDocumentString<T, Record<string, never>>): Once<T> {
  const list = onceQuery(document, () => ({}));
  let seen = untrack(() => changes);
  $effect(() => {
    if (changes === seen) return;
    seen = changes;
    untrack(() => list.reload());
  });
  return list;
}
