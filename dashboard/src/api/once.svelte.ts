// A query asked once per change of its variables, over fetch, and again after a failure that may pass or a lost
// connection; an answer overtaken by a newer question is cancelled.
import { connection } from './connection.svelte.ts';
import type { TypedDocumentString } from './generated.ts';
import { request } from './http.ts';
import type { Answering } from './live.svelte.ts';
import { mayPass, problemFrom, RETRY_MS } from './problem.ts';
import type { Problem } from './problem.ts';
import { session } from './session.svelte.ts';

/** A connection that went dead on the way says nothing; the server gives every question up before that. */
const LONGEST_MS = 120_000;

export interface Once<T> extends Answering {
  readonly data: T | undefined;
  /** Asks again with the same variables. */
  reload(): void;
}

/** Runs the query while the component lives. `variables` is read reactively; null asks nothing. */
export function onceQuery<T, V>(document: TypedDocumentString<T, V>, variables: () => V | null): Once<T> {
  let data = $state.raw<T>();
  let error = $state.raw<Problem | null>(null);
  let loading = $state(true);
  let receivedAt = $state<number | null>(null);
  let round = $state(0);
  const asked = $derived(JSON.stringify(variables()));
  const follower = connection.follow();

  $effect(() => () => follower.leave());
  $effect(() => {
    void round;
    void session.key;
    // What happened while the connection was lost is not in the answer.
    void connection.openings;
    if (asked === 'null') return follower.leave();
    loading = true;
    const controller = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;
    // A timer of our own: one of `AbortSignal.timeout` holds on to the question until it fires, long answered.
    const late = setTimeout(
      () => controller.abort(new DOMException('no answer', 'TimeoutError')),
      LONGEST_MS,
    );
    const asking = request(document, JSON.parse(asked) as V, controller.signal);
    asking
      .finally(() => clearTimeout(late))
      .then(
        (answer) => {
          if (isOver) return;
          data = answer;
          error = null;
          loading = false;
          receivedAt = Date.now();
          follower.told();
        },
        (reason: unknown) => {
          if (isOver) return;
          error = problemFrom(reason);
          loading = false;
          follower.told();
          if (mayPass(error)) timer = setTimeout(() => round++, RETRY_MS * (1 + Math.random()));
        },
      );
    return () => {
      isOver = true;
      clearTimeout(timer);
      controller.abort();
    };
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
      return receivedAt;
    },
    get stale() {
      return data !== undefined && error !== null;
    },
    reload: () => round++,
  };
}
