// A value that waits until the viewer has stopped changing it, so that not every key pressed is a question.

/** The value, `ms` after its last change; at once while there was none. Compared by content. */
export function settled<T>(read: () => T, ms = 300): { readonly value: T } {
  const text = $derived(JSON.stringify(read()));
  let shown = $state.raw<string | null>(null);
  const value = $derived(JSON.parse(shown ?? text) as T);
  $effect(() => {
    const next = text;
    if (shown === null || shown === 'null') {
      shown = next;
      return;
    }
    if (next === shown) return;
    const timer = setTimeout(() => (shown = next), ms);
    return () => clearTimeout(timer);
  });
  return {
    get value() {
      return value;
    },
  };
}
