// A live query for components: the newest answer, kept through errors and lost connections, with its age.
import { untrack } from 'svelte';
import type { TypedDocumentString } from './generated.ts';
import { connection } from './connection.svelte.ts';
import { pause } from './pause.svelte.ts';
import { mayPass, RETRY_MS } from './problem.ts';
import type { Problem } from './problem.ts';
import { session } from './session.svelte.ts';
import { subscribe } from './socket.ts';

/** What a picture needs to know of the question behind it. */
export interface Answering {
  readonly error: Problem | null;
  /** True until the first answer to the present variables. */
  readonly loading: boolean;
  /** When the shown answer came, or was last known to be the newest (milliseconds since 1970); null before the first. */
  readonly receivedAt: number | null;
  /** True when the shown answer may no longer be the newest. */
  readonly stale: boolean;
}

export interface Live<T> extends Answering {
  /** The newest good answer; while new variables are asked, still the one before. */
  readonly data: T | undefined;
}

/**
 * Subscribes while the component lives. `variables` is read reactively; null asks nothing.
 * The server sends the whole answer at once and again whenever it changed.
 */
export function liveQuery<T, V>(document: TypedDocumentString<T, V>, variables: () => V | null): Live<T> {
  let data = $state.raw<T>();
  let error = $state.raw<Problem | null>(null);
  let loading = $state(true);
  let receivedAt = $state<number | null>(null);
  /** The connection that told the shown answer. */
  let toldIn = $state<number | null>(null);
  let cannotRefresh = $state(false);
  const asked = $derived(JSON.stringify(variables()));
  const isOfThisConnection = $derived(toldIn !== null && toldIn === connection.round);

  /** Shows the newest answer that came while the page was held still. */
  let showWaiting: (() => void) | null = null;

  $effect(() => {
    void session.key;
    loading = true;
    showWaiting = null;
    if (asked === 'null') return;
    const follower = connection.follow();
    const stop = follow(document, JSON.parse(asked) as V, {
      next(answer, isStale) {
        const at = Date.now();
        const show = () => {
          data = answer;
          error = null;
          loading = false;
          if (!isStale || receivedAt === null) receivedAt = at;
          cannotRefresh = isStale;
        };
        if (pause.isOn && !loading) showWaiting = show;
        else show();
        toldIn = connection.round;
        follower.told();
      },
      failed(problem) {
        error = problem;
        loading = false;
        follower.told();
      },
    });
    return () => {
      stop();
      follower.leave();
    };
  });
  $effect(() => {
    if (pause.isOn) return;
    untrack(() => showWaiting?.());
    showWaiting = null;
  });

  return {
    get data() {
      return data;
    },
    get error() {
      return error;
    },
    get loading() {
      return loading;
    },
    get receivedAt() {
      if (receivedAt === null || isOfThisConnection || error !== null) return receivedAt;
      return Math.max(receivedAt, connection.knownAt ?? 0);
    },
    get stale() {
      return data !== undefined && (error !== null || cannotRefresh || !isOfThisConnection);
    },
  };
}

export interface Feed<T> {
  /** What came, newest first. */
  readonly items: T[];
  readonly error: Problem | null;
}

/**
 * Collects what a stream subscription sends: the newest `limit`, newest first. Begins anew with each connection:
 * what came in between is not known. What comes while the page is held still is shown afterwards.
 */
export function liveFeed<T, V, I>(
  document: TypedDocumentString<T, V>,
  variables: () => V,
  item: (data: T) => I,
  limit: number,
): Feed<I> {
  let items = $state.raw<I[]>([]);
  /** As it would be if the page were not held still. */
  let newest: I[] = [];
  let error = $state.raw<Problem | null>(null);
  let toldIn: number | null = null;
  const asked = $derived(JSON.stringify(variables()));

  $effect(() => {
    void session.key;
    return follow(document, JSON.parse(asked) as V, {
      next(data) {
        error = null;
        const before = toldIn === connection.round ? newest : [];
        toldIn = connection.round;
        newest = [item(data), ...before.slice(0, limit - 1)];
        if (!pause.isOn) items = newest;
      },
      failed: (problem) => (error = problem),
    });
  });
  $effect(() => {
    if (!pause.isOn) items = newest;
  });

  return {
    get items() {
      return items;
    },
    get error() {
      return error;
    },
  };
}

/** Subscribes, and again after a while when it failed for a reason that may pass, or was ended. */
function follow<T, V>(
  document: TypedDocumentString<T, V>,
  variables: V,
  sink: { next: (data: T, isStale: boolean) => void; failed: (problem: Problem) => void },
): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isOver = false;
  let stop = () => {};
  const again = () => {
    clearTimeout(timer);
    if (!isOver) timer = setTimeout(start, RETRY_MS * (1 + Math.random()));
  };
  const start = () => {
    stop = subscribe(document, variables, {
      next: sink.next,
      failed(problem) {
        sink.failed(problem);
        if (mayPass(problem)) again();
      },
      ended: again,
    });
  };
  start();
  return () => {
    isOver = true;
    clearTimeout(timer);
    stop();
  };
}
