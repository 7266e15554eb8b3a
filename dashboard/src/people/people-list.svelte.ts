// The list behind an open number: loads on as it is scrolled, and is found again as it was left when the viewer
// comes back to it (the browser's history names the place).
import { untrack } from 'svelte';
import type { CustomerOrder, CustomerPageFragment, CustomerRowFragment } from '../api/generated.ts';
import { mayPass, problemFrom, RETRY_MS } from '../api/problem.ts';
import type { Problem } from '../api/problem.ts';
import { session } from '../api/session.svelte.ts';
import type { PeopleQuestion } from './question.ts';

const FIRST = 100;
const NEXT = 500;

interface Kept {
  nodes: CustomerRowFragment[];
  page: CustomerPageFragment;
  top: number;
  receivedAt: number;
  countedAt: number;
}

/** The lists left last; a reload begins anew. */
// eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing shows it
const kept = new Map<string, Kept>();
const MOST_KEPT = 6;

export class PeopleList {
  #nodes = $state.raw<CustomerRowFragment[]>([]);
  #page = $state.raw<CustomerPageFragment | null>(null);
  #problem = $state.raw<Problem | null>(null);
  #loading = $state(false);
  #receivedAt = $state<number | null>(null);
  #countedAt = $state<number | null>(null);
  #isOld = $state(false);
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing shows it
  #met = new Set<string>();
  #controller: AbortController | null = null;
  #place = '';
  /** How far the list was scrolled when it was left. */
  top = 0;

  constructor(
    private readonly question: () => PeopleQuestion | null,
    private readonly order: () => CustomerOrder,
    /** Names the place in the browser's history. */
    private readonly entry: () => string,
    /** True: what was asked before stays in sight until the new answer comes. */
    keepsPicture = false,
  ) {
    const key = $derived(this.question()?.key ?? null);
    $effect(() => {
      const orderBy = this.order();
      this.#place = `${this.entry()} ${session.key} ${orderBy} ${key}`;
      const known = kept.get(this.#place);
      const isOld = keepsPicture && !known;
      this.#isOld = isOld;
      if (!isOld) this.#show(known ?? null);
      this.#problem = null;
      this.#loading = false;
      this.top = known?.top ?? 0;
      if (key !== null && !known) untrack(() => void this.#load(null));
      return () => {
        this.#controller?.abort();
        this.#keep();
      };
    });
  }

  get nodes(): readonly CustomerRowFragment[] {
    return this.#nodes;
  }

  /** Null until the first page came. */
  get total(): number | null {
    return this.#page?.totalCount ?? null;
  }

  /** When the total was counted: with the first page; null until that came. */
  get countedAt(): number | null {
    return this.#countedAt;
  }

  get problem(): Problem | null {
    return this.#problem;
  }

  /** True while the list still shows what was asked before. */
  get isOld(): boolean {
    return this.#isOld;
  }

  get hasMore(): boolean {
    return this.#page?.pageInfo.hasNextPage ?? false;
  }

  /** Loads the next page, if there is one and none is under way. */
  more(): void {
    const after = this.#page?.pageInfo.endCursor ?? null;
    if (this.hasMore && after !== null && !this.#loading && !this.#problem) void this.#load(after);
  }

  /** When what is shown came; null before anything did. */
  get receivedAt(): number | null {
    return this.#receivedAt;
  }

  again(): void {
    void this.#load(this.#isOld ? null : (this.#page?.pageInfo.endCursor ?? null));
  }

  #show(known: Kept | null): void {
    this.#nodes = known?.nodes ?? [];
    this.#page = known?.page ?? null;
    this.#receivedAt = known?.receivedAt ?? null;
    this.#countedAt = known?.countedAt ?? null;
    // eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing shows it
    this.#met = new Set(known?.nodes.map(({ id }) => id));
  }

  #keep(): void {
    if (!this.#page || this.#receivedAt === null || this.#countedAt === null || this.#isOld) return;
    kept.delete(this.#place);
    kept.set(this.#place, {
      nodes: this.#nodes,
      page: this.#page,
      top: this.top,
      receivedAt: this.#receivedAt,
      countedAt: this.#countedAt,
    });
    for (const old of [...kept.keys()].slice(0, -MOST_KEPT)) kept.delete(old);
  }

  async #load(after: string | null): Promise<void> {
    const question = this.question();
    if (!question) return;
    this.#controller?.abort();
    const { signal } = (this.#controller = new AbortController());
    this.#loading = true;
    try {
      const first = after === null ? FIRST : NEXT;
      const page = await question.load({ first, after, orderBy: this.order() }, signal);
      if (signal.aborted) return;
      this.#problem = null;
      this.#isOld = false;
      this.#receivedAt = Date.now();
      if (after === null) {
        const receivedAt = this.#receivedAt;
        this.#show({ nodes: page.nodes, page, top: 0, receivedAt, countedAt: receivedAt });
      } else {
        // Who moved up in the list while it was read is not shown twice.
        const fresh = page.nodes.filter(({ id }) => !this.#met.has(id));
        for (const { id } of fresh) this.#met.add(id);
        this.#nodes = [...this.#nodes, ...fresh];
        this.#page = { ...page, totalCount: this.total ?? page.totalCount };
      }
      this.#loading = false;
    } catch (reason) {
      if (signal.aborted) return;
      this.#problem = problemFrom(reason);
      this.#loading = false;
      if (!mayPass(this.#problem)) return;
      const timer = setTimeout(() => void this.#load(after), RETRY_MS * (1 + Math.random()));
      signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
    }
  }
}
