/**
 * A page of the dashboard in a browser of its own, watched from within: when it first showed something,
 * frames, how long it took to answer a key or a click; and from outside: bytes, heap.
 */
import type { Browser, CDPSession, Page } from 'playwright-core';
import { DESK } from '../../support/browser.ts';

/** What the page notes down of itself; times in milliseconds since it was asked for. */
interface Notes {
  contentMs: number;
  numbersMs: number;
  chartMs: number;
  frames: number[];
  answers: { type: string; ms: number }[];
}

export interface Loaded {
  readonly url: string;
  readonly type: string;
  bytes: number;
}

export interface WatchedPage {
  readonly page: Page;
  readonly cdp: CDPSession;
  /** What came over the network so far, as large as it was on the way. */
  readonly loaded: readonly Loaded[];
  notes(): Promise<Notes>;
  /** After two more frames, and what the browser tells of them. */
  readonly painted: () => Promise<void>;
  /** Forgets frames and answers noted so far. */
  forget(): Promise<void>;
  close(): Promise<void>;
}

/** Runs in the page before anything else. */
const WATCH = `(() => {
  const notes = (window.notes = { contentMs: 0, numbersMs: 0, chartMs: 0, frames: [], answers: [] });
  const observe = (type, take, more) =>
    new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true, ...more });
  observe('paint', (e) => { if (e.name === 'first-contentful-paint') notes.contentMs = e.startTime; });
  observe('event', (e) => { if (e.interactionId) notes.answers.push({ type: e.name, ms: e.duration }); },
    { durationThreshold: 16 });
  let last = performance.now();
  const frame = () => {
    const now = performance.now();
    notes.frames.push(now - last);
    last = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  const seen = () => {
    const now = performance.now();
    if (!notes.numbersMs && document.querySelector('[data-kpi] .value')) notes.numbersMs = now;
    if (!notes.chartMs && document.querySelector('.chart canvas')) notes.chartMs = now;
    if (!notes.numbersMs || !notes.chartMs) requestAnimationFrame(seen);
  };
  requestAnimationFrame(seen);
})()`;

const PAINTED =
  'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 50))))';

/** With nothing cached. `prepare` is called before the page is asked for. */
export async function watch(
  browser: Browser,
  url: string,
  prepare?: (page: Page) => Promise<unknown>,
): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: DESK, locale: 'en-US' });
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  const loaded = await watchNetwork(cdp);
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
  await page.addInitScript(WATCH);
  await prepare?.(page);
  await page.goto(url);
  return {
    page,
    cdp,
    loaded,
    notes: () => page.evaluate<Notes>('window.notes'),
    painted: () => page.evaluate(PAINTED),
    forget: () => page.evaluate('Object.assign(window.notes, { frames: [], answers: [] })'),
    close: () => context.close(),
  };
}

async function watchNetwork(cdp: CDPSession): Promise<readonly Loaded[]> {
  const requests = new Map<string, Loaded>();
  const loaded: Loaded[] = [];
  await cdp.send('Network.enable');
  cdp.on('Network.responseReceived', ({ requestId, type, response }) => {
    const one = { url: new URL(response.url).pathname, type, bytes: 0 };
    requests.set(requestId, one);
    loaded.push(one);
  });
  // What a file takes itself, without the headers that come before it.
  cdp.on('Network.dataReceived', ({ requestId, encodedDataLength }) => {
    const one = requests.get(requestId);
    if (one) one.bytes += encodedDataLength;
  });
  return loaded;
}

/** After what is not used was collected: bytes of the heap, and what the document holds. */
export async function heldBy({
  cdp,
}: WatchedPage): Promise<{ heap: number; nodes: number; listeners: number }> {
  for (let i = 0; i < 3; i += 1) await cdp.send('HeapProfiler.collectGarbage');
  const { usedSize } = await cdp.send('Runtime.getHeapUsage');
  const { nodes, jsEventListeners } = await cdp.send('Memory.getDOMCounters');
  return { heap: usedSize, nodes, listeners: jsEventListeners };
}
