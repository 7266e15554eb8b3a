import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { openBrowser, openPage } from '../support/browser.ts';
import { testEngine } from '../support/engine.ts';
import { customer, storeEvents } from '../support/events.ts';
import { serveTest } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';

let browser: Browser;
let engine: Engine;
let server: TestServer;
let orders = 20;

beforeAll(async () => {
  browser = await openBrowser();
  engine = await testEngine();
  server = await serveTest(engine);
  await storeEvents(
    engine,
    Array.from({ length: orders }, (_, i) =>
      customer(`c${i}`).did('order_completed', Date.now() - (i + 1) * 86_400_000, {
        orderId: `o${i}`,
        revenue: 25,
      }),
    ),
  );
});

afterAll(async () => {
  await browser.close();
  await server.close();
  await engine.close();
});

const PATIENT = { timeout: 30_000 };
const numbers = (page: Page) => page.locator('[data-kpi="Orders"] .value');
const shows = (page: Page, count: number) =>
  numbers(page)
    .filter({ hasText: String(count) })
    .waitFor(PATIENT);
const live = (page: Page) => page.locator('.beat[data-state=live]').first().waitFor(PATIENT);

async function order(): Promise<void> {
  orders += 1;
  await server.query('mutation ($events: [EventInput!]!) { ingest(events: $events) { accepted } }', {
    events: [{ event: 'order_completed', customerId: 'late', orderId: `late-${orders}`, revenue: 5 }],
  });
}

/** Resolves once the page has heard, over its connection, of so many orders. */
function heard(page: Page, count: number): Promise<unknown> {
  return page.waitForEvent('websocket', PATIENT).then((socket) =>
    socket.waitForEvent('framereceived', {
      predicate: ({ payload }) => new RegExp(`"orders":\\{"value":${count}[,.}]`).test(String(payload)),
      ...PATIENT,
    }),
  );
}

const pretend = (page: Page, state: 'hidden' | 'visible') =>
  page.evaluate(
    `Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => '${state}' });
     document.dispatchEvent(new Event('visibilitychange'))`,
  );

describe('a page that is held still', () => {
  it('keeps its numbers while answers come, still answers another range, and then shows what came', async () => {
    const { page, complaints, close } = await openPage(browser, 'about:blank');
    const next = heard(page, orders + 1);
    await page.goto(`${server.url}/overview`);
    await shows(page, orders);
    await live(page);
    const hold = page.getByRole('button', { name: 'Pause live numbers' });
    await hold.click();
    await page.locator('.beat[data-state=paused]').waitFor();
    const before = orders;
    await order();
    await next;
    await page.evaluate('new Promise(requestAnimationFrame)');
    expect(await numbers(page).textContent()).toContain(String(before));
    expect(await page.title()).toMatch(/^❚❚ /);

    await page.getByRole('radio', { name: '90 d' }).check();
    await shows(page, orders);
    await order();
    await hold.click();
    await shows(page, orders);
    await live(page);
    expect(await page.title()).not.toContain('❚❚');
    expect(complaints).toEqual([]);
    await close();
  });
});

describe('a page that nobody looks at', () => {
  it('asks nothing after a while, and catches up when it is shown', async () => {
    const { page, close } = await openPage(browser, 'about:blank');
    await page.clock.install();
    const opened = page.waitForEvent('websocket', PATIENT);
    await page.goto(`${server.url}/overview`);
    const ended = (await opened).waitForEvent('close', PATIENT);
    await shows(page, orders);
    await live(page);
    const icon = () => page.locator('link[rel=icon]').getAttribute('href');

    await pretend(page, 'hidden');
    await page.clock.fastForward(31_000);
    await ended;
    let sockets = 0;
    page.on('websocket', () => (sockets += 1));
    await order();
    await page.clock.fastForward('01:00:00');
    expect(sockets).toBe(0);
    expect(await icon()).toBe('/favicon.svg');
    expect(await page.title()).toMatch(/^❚❚ /);

    await pretend(page, 'visible');
    await shows(page, orders);
    await live(page);
    expect(sockets).toBe(1);
    await close();
  });

  it('that is hidden for a moment only stays connected', async () => {
    const { page, close } = await openPage(browser, `${server.url}/overview`);
    await shows(page, orders);
    let sockets = 0;
    page.on('websocket', () => (sockets += 1));
    await pretend(page, 'hidden');
    await order();
    await pretend(page, 'visible');
    await shows(page, orders);
    expect(sockets).toBe(0);
    await close();
  });
});

describe('an answer that comes while somebody looks closely', () => {
  it('takes neither focus, nor selection, nor scroll, nor what is open or hovered', async () => {
    const { page, close } = await openPage(browser, `${server.url}/overview`);
    await shows(page, orders);
    const chart = page
      .locator('.chart')
      .filter({ has: page.locator('canvas') })
      .first();
    await chart.scrollIntoViewIfNeeded(PATIENT);
    await page.locator('.step button').first().focus();
    await page.evaluate(`(() => {
      const name = document.querySelector('.step .name');
      getSelection().selectAllChildren(name);
      scrollBy(0, -7);
    })()`);
    const place = await chart.boundingBox();
    if (!place) throw new Error('the chart is not in sight');
    await page.mouse.move(place.x + place.width / 2, place.y + place.height / 2);
    const card = chart.locator(':scope > div').filter({ hasText: /%/ });
    await card.waitFor();
    const state = () =>
      page.evaluate(
        `[scrollY, getSelection().toString(), document.activeElement.closest('.step') !== null].join()`,
      );
    const before = await state();
    await page.evaluate(`(() => {
      const card = [...document.querySelectorAll('.chart > div')].find((node) => node.textContent.includes('%'));
      window.gone = 0;
      const look = () => {
        if (!card.isConnected || getComputedStyle(card).visibility === 'hidden') window.gone += 1;
        requestAnimationFrame(look);
      };
      look();
    })()`);
    await order();
    await shows(page, orders);
    await order();
    await shows(page, orders);
    expect(await state()).toBe(before);
    expect(await page.evaluate('window.gone')).toBe(0);
    await card.waitFor();
    await close();
  });

  it('changes numbers at once for who wants no motion, and nothing rolls on load', async () => {
    const { page, close } = await openPage(browser, 'about:blank', { reducedMotion: 'reduce' });
    await page.addInitScript(`addEventListener('DOMContentLoaded', () => {
      window.shown = [];
      new MutationObserver(() => {
        const text = document.querySelector('[data-kpi="Orders"] .value')?.textContent?.trim().match(/^[0-9]+/)?.[0];
        if (text && text !== window.shown.at(-1)) window.shown.push(text);
      }).observe(document.body, { childList: true, characterData: true, subtree: true });
    })`);
    const first = orders;
    await page.goto(`${server.url}/overview`);
    await shows(page, orders);
    for (let i = 0; i < 5; i += 1) await order();
    await shows(page, orders);
    const shown = await page.evaluate<string[]>('window.shown');
    expect(shown[0]).toBe(String(first));
    expect(shown.length).toBeLessThanOrEqual(6);
    await close();
  });
});
