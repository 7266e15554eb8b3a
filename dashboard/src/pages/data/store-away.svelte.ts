// Whether the store answers, and how many events wait on disk while it does not: asked of the server itself, since
// no question over the store is answered then.

export interface StoreAway {
  readonly isAway: boolean;
  /** Events that are safe on disk and not yet in the store. */
  readonly waiting: number;
}

const AGAIN_MS = 3000;

/** Asks every few seconds while the component lives. */
export function storeAway(): StoreAway {
  let isAway = $state(false);
  let waiting = $state(0);
  $effect(() => {
    const controller = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async () => {
      try {
        const response = await fetch('/readyz', { signal: controller.signal });
        const told = (await response.json()) as { waiting?: unknown };
        isAway = response.status === 503;
        waiting = typeof told.waiting === 'number' ? told.waiting : 0;
      } catch {
        // The server itself cannot be reached: the frame says so.
      }
      if (!controller.signal.aborted) timer = setTimeout(() => void ask(), AGAIN_MS);
    };
    void ask();
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  });
  return {
    get isAway() {
      return isAway;
    },
    get waiting() {
      return waiting;
    },
  };
}
