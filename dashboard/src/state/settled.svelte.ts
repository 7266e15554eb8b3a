// A value that waits until the viewer has stopped changing it, so that not every key pressed is a question.

import { untrack } from 'svelte';

/** The value, `ms` after its last change; the first one at once. Compared by content. */
export function settled<T>(read: () => T, ms = 300): { readonly value: T } {
  const text = $derived(JSON.stringify(read()));
  const first = untrack(read);
  let shown = $state.raw(first);
  let shownText = JSON.stringify(first);
  $effect(() => {
    const next = text;
    if (next === shownText) return;
    const isFirst = shownText === 'null';
    const take = () => {
      shownText = next;
      shown = JSON.parse(next) as T;
    };
    if (isFirst) return take();
    const timer = setTimeout(take, ms);
    return () => clearTimeout(timer);
  });
  return {
    get value() {
      return shown;
    },
  };
}
