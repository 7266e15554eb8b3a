/**
 * What an hour of live answers leaves in the page's memory. The answers of a real quarter of a minute are told
 * again, with other numbers, until there were as many as in an hour, as fast as the page takes them.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Page, WebSocketRoute } from 'playwright-core';
import { atMost, printFigure } from '../line.ts';
import type { Measured } from './dashboard.ts';
import { heldBy, watch } from './watched-page.ts';
import type { WatchedPage } from './watched-page.ts';

const HEARD_MS = 15_000;
const HOUR_MS = 3_600_000;
/** Told before it is measured first: caches of the engine and of the page are full then. */
const WARM = 500;
const BATCH = 10;
const TARGET_MB = 2;
const PATIENT = { timeout: 60_000 };

class Replay {
  #socket: WebSocketRoute | null = null;
  readonly #heard: string[] = [];

  async attach(page: Page): Promise<void> {
    await page.routeWebSocket(/\/graphql$/, (socket) => {
      const server = socket.connectToServer();
      this.#socket = socket;
      server.onMessage((message) => {
        const text = String(message);
        if (text.includes('"next"')) this.#heard.push(text);
        socket.send(message);
      });
    });
  }

  get heard(): number {
    return this.#heard.length;
  }

  /** Tells `count` answers; waits for the page's frames in between. */
  async tell({ page }: WatchedPage, count: number): Promise<void> {
    const heard = [...this.#heard];
    for (let told = 0; told < count; told += BATCH) {
      for (let i = told; i < told + BATCH; i += 1) {
        const text = heard[i % heard.length];
        if (text) this.#socket?.send(changed(text, i));
      }
      await page.evaluate('new Promise((done) => requestAnimationFrame(() => done()))');
    }
  }
}

/** The same answer with every whole number of some size a little other; an event of the feed is a new one. */
function changed(text: string, turn: number): string {
  return text
    .replaceAll(/:(\d{3,9})(?=[,}])/g, (_, digits: string) => `:${Number(digits) + (turn % 97)}`)
    .replace(/("events":\{"id":")[^"]+"/, (_, before: string) => `${before}told-${turn}"`);
}

export async function benchHour({ browser, url, events }: Measured): Promise<void> {
  const replay = new Replay();
  const watched = await watch(browser, `${url}/overview`, (page) => replay.attach(page));
  await watched.page.locator('.chart canvas').first().waitFor(PATIENT);
  await pause(HEARD_MS);
  const anHour = Math.round((replay.heard * HOUR_MS) / HEARD_MS);
  await replay.tell(watched, WARM);
  const before = await heldBy(watched);
  const begun = performance.now();
  await replay.tell(watched, anHour);
  const tookMs = performance.now() - begun;
  const after = await heldBy(watched);
  await watched.close();
  printFigure({
    name: 'dashboard: overview, an hour of answers',
    events,
    answers: anHour,
    tookMs,
    heapBefore: before.heap,
    heapAfter: after.heap,
    nodes: [before.nodes, after.nodes],
    listeners: [before.listeners, after.listeners],
    judged: atMost('MB the heap grew', (after.heap - before.heap) / 1e6, TARGET_MB),
  });
}
