// Asks again when something has changed, but not more often than every few seconds.

/** Calls `reload` after `seen` changed, at most once per `everyMs`; the first value is where it starts. */
export function reloadAfter(seen: () => unknown, reload: () => void, everyMs = 2000): void {
  let known: unknown;
  let last = 0;
  $effect(() => {
    const now = seen();
    if (now === undefined || now === known) return;
    const isFirst = known === undefined;
    known = now;
    if (isFirst) return;
    const again = () => {
      last = Date.now();
      reload();
    };
    const timer = setTimeout(again, Math.max(0, last + everyMs - Date.now()));
    return () => {
      // The change that comes in between is asked for with its own.
      clearTimeout(timer);
    };
  });
}
