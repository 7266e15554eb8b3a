// Which rows of a long list are drawn as it is scrolled, by the page or in a box of its own, and the way from row
// to row by key. Knows nothing of what the rows show; a row's link or button has `data-row`, its place.
import { flushSync, tick, untrack } from 'svelte';
import { topsOf, visibleAmong, visibleRows } from './visible.ts';
import type { Visible } from './visible.ts';

/** Rows that go on paper. */
const MOST_PRINTED = 500;

export interface LongList {
  count: number;
  /** Height of every row, or of each, in pixels. */
  row: number | ((index: number) => number);
  /** What stands above a row as its heading, in pixels. */
  lead?: (index: number) => number;
}

interface Scrolling {
  /** What scrolls. */
  by: 'page' | 'box';
  /** The page's rows in sight begin below what sticks to its top, in pixels. */
  covered?: () => number;
  /** The first row begins so far below the top of what they stand in, in pixels. */
  head?: number;
  /** True: rows differ by what they show, and are measured as they are drawn. */
  measures?: boolean;
  /** Told how far the rows are scrolled. */
  ontop?: (top: number) => void;
}

const STEPS: Record<string, (at: number, page: number, last: number) => number> = {
  ArrowDown: (at) => at + 1,
  ArrowUp: (at) => at - 1,
  PageDown: (at, page) => at + page,
  PageUp: (at, page) => at - page,
  Home: () => 0,
  End: (_at, _page, last) => last,
};

/** How many pixels a rem has: the viewer may have chosen larger type. */
export const remPixels = (): number => parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;

export class RowWindow {
  #top = $state(0);
  #height = $state(600);
  #isPrinting = $state(false);
  /** How often rows turned out to be of another height than thought. */
  #measured = $state(0);
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- `#measured` tells of it
  readonly #heights = new Map<number, number>();
  #width = 0;
  #node: HTMLElement | null = null;
  readonly #tops = $derived.by(() => {
    const { count, row, lead } = this.list();
    void this.#measured;
    if (typeof row === 'number' && !this.scrolling.measures) return null;
    const guess = typeof row === 'number' ? () => row : row;
    return topsOf(count, (i) => (lead?.(i) ?? 0) + (this.#heights.get(i) ?? guess(i)));
  });
  readonly visible: Visible = $derived.by(() => {
    const { count, row } = this.list();
    if (this.#isPrinting) return { from: 0, to: Math.min(count, MOST_PRINTED) };
    return this.#tops
      ? visibleAmong(this.#tops, this.#top, this.#height)
      : visibleRows(count, this.#top, this.#height, Number(row));
  });
  /** The room of the rows above and below that are not drawn, in pixels. */
  readonly above = $derived.by(() => this.topOf(this.visible.from));
  readonly below = $derived.by(() =>
    this.#isPrinting ? 0 : this.topOf(this.list().count) - this.topOf(this.visible.to),
  );

  constructor(
    private readonly list: () => LongList,
    private readonly scrolling: Scrolling,
  ) {}

  /** Where a row begins, in pixels. */
  topOf(index: number): number {
    return this.#tops ? (this.#tops[index] ?? 0) : index * Number(this.list().row);
  }

  /** For the element that the rows stand in, those not drawn as the room `above` and `below`. */
  readonly attach = (node: HTMLElement): (() => void) => {
    this.#node = node;
    const ended = new AbortController();
    const options = { signal: ended.signal, passive: true };
    const look = () => this.#look();
    const print = (isPrinting: boolean) => () => flushSync(() => (this.#isPrinting = isPrinting));
    (this.scrolling.by === 'page' ? window : node).addEventListener('scroll', look, options);
    window.addEventListener('resize', look, options);
    window.addEventListener('beforeprint', print(true), options);
    window.addEventListener('afterprint', print(false), options);
    node.addEventListener('keydown', (event) => void this.#move(event), { signal: ended.signal });
    const resized = new ResizeObserver(look);
    resized.observe(this.scrolling.by === 'page' ? document.documentElement : node);
    untrack(look);
    if (this.scrolling.measures)
      $effect(() => {
        void this.visible;
        void this.list().count;
        untrack(() => this.#measure(node));
      });
    return () => {
      ended.abort();
      resized.disconnect();
      this.#node = null;
    };
  };

  /** Scrolls a box to where it was left. */
  scrollTo(top: number): void {
    this.#node?.scrollTo(0, top);
    this.#look();
  }

  async #move(event: KeyboardEvent): Promise<void> {
    const from = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-row]') : null;
    const step = STEPS[event.key];
    if (!from || !step || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const at = Number(from.dataset['row']);
    const last = this.list().count - 1;
    const high = Math.max(1, this.topOf(at + 1) - this.topOf(at));
    const inSight = this.#height - (this.scrolling.covered?.() ?? 0);
    const page = Math.max(1, Math.floor(inSight / high) - 1);
    const next = Math.min(last, Math.max(0, step(at, page, last)));
    this.#reveal(next);
    this.#look();
    await tick();
    this.#node?.querySelector<HTMLElement>(`[data-row="${next}"]`)?.focus({ preventScroll: true });
  }

  #look(): void {
    const node = this.#node;
    if (!node) return;
    if (this.scrolling.by === 'box') {
      this.#top = node.scrollTop;
      this.#height = node.clientHeight;
    } else {
      const top = this.#start(node);
      this.#top = Math.max(0, -top);
      this.#height = window.innerHeight - Math.max(0, top);
    }
    if (this.scrolling.measures && node.clientWidth !== this.#width) this.#measure(node);
    this.scrolling.ontop?.(this.#top);
  }

  /** Where the first row begins, from the top of the window. */
  #start(node: HTMLElement): number {
    return node.getBoundingClientRect().top + (this.scrolling.head ?? 0);
  }

  #measure(node: HTMLElement): void {
    const width = node.clientWidth;
    if (width !== this.#width) this.#heights.clear();
    let isChanged = width !== this.#width;
    this.#width = width;
    for (const mark of node.querySelectorAll<HTMLElement>('[data-row]')) {
      const index = Number(mark.dataset['row']);
      const { height } = (mark.closest('li, tr') ?? mark).getBoundingClientRect();
      if (height === 0 || Math.abs((this.#heights.get(index) ?? -1) - height) < 0.5) continue;
      this.#heights.set(index, height);
      isChanged = true;
    }
    if (isChanged) this.#measured++;
  }

  #reveal(index: number): void {
    const node = this.#node;
    if (!node) return;
    const isPage = this.scrolling.by === 'page';
    const start = isPage ? this.#start(node) : -node.scrollTop;
    const high = isPage ? window.innerHeight : node.clientHeight;
    const above = start + this.topOf(index) - (this.scrolling.covered?.() ?? 0);
    const below = start + this.topOf(index + 1) - high;
    const by = above < 0 ? above : Math.max(0, below);
    (isPage ? window : node).scrollBy({ top: by, behavior: 'instant' });
  }
}
