// A list that loads on by cursor: starts anew when its question changes, keeps what it has on an error and asks
// again.
import { mayPass, problemFrom, RETRY_MS } from './problem.ts';
import type { Problem } from './problem.ts';
import { session } from './session.svelte.ts';

export interface ConnectionPage<N> {
  totalCount: number;
  nodes: N[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

export interface Pages<N> {
  readonly nodes: N[];
  /** Null until the first page came. */
  readonly total: number | null;
  readonly hasMore: boolean;
  readonly loading: boolean;
  readonly error: Problem | null;
  /** When the last page came; null before any did. */
  readonly receivedAt: number | null;
  more(): void;
}

/**
 * Loads the first page while the component lives, and the next on `more()`. `question` is read reactively
 * and compared by value; null asks nothing.
 */
export function pagedQuery<Q, N>(
  question: () => Q | null,
  load: (question: Q, after: string | null, signal: AbortSignal) => Promise<ConnectionPage<N>>,
): Pages<N> {
  let nodes = $state.raw<N[]>([]);
  let page = $state.raw<ConnectionPage<N> | null>(null);
  let error = $state.raw<Problem | null>(null);
  let loading = $state(true);
  let receivedAt = $state<number | null>(null);
  const asked = $derived(JSON.stringify(question()));
  let controller = new AbortController();

  async function fetchPage(after: string | null): Promise<void> {
    controller.abort();
    const mine = (controller = new AbortController());
    loading = true;
    try {
      const answer = await load(JSON.parse(asked) as Q, after, mine.signal);
      if (mine.signal.aborted) return;
      page = answer;
      nodes = after === null ? answer.nodes : [...nodes, ...answer.nodes];
      error = null;
      receivedAt = Date.now();
      loading = false;
    } catch (reason) {
      if (mine.signal.aborted) return;
      error = problemFrom(reason);
      loading = false;
      if (!mayPass(error)) return;
      const timer = setTimeout(() => void fetchPage(after), RETRY_MS * (1 + Math.random()));
      mine.signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
    }
  }

  $effect(() => {
    void session.key;
    if (asked === 'null') return;
    void fetchPage(null);
    return () => controller.abort();
  });

  return {
    get nodes() {
      return nodes;
    },
    get total() {
      return page?.totalCount ?? null;
    },
    get hasMore() {
      return page?.pageInfo.hasNextPage ?? false;
    },
    get loading() {
      return loading;
    },
    get error() {
      return error;
    },
    get receivedAt() {
      return receivedAt;
    },
    more() {
      const after = page?.pageInfo.endCursor ?? null;
      if (after !== null && !loading) void fetchPage(after);
    },
  };
}
