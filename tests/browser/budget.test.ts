import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { scriptBytes, PAGES } from '../bench/browser/bytes.ts';
import { watch } from '../bench/browser/watched-page.ts';
import { openBrowser } from '../support/browser.ts';
import { testEngine } from '../support/engine.ts';
import { customer, storeEvents } from '../support/events.ts';
import { serveTest } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';

let browser: Browser;
let engine: Engine;
let server: TestServer;

beforeAll(async () => {
  browser = await openBrowser();
  engine = await testEngine();
  server = await serveTest(engine);
  const at = Date.now() - 3 * 86_400_000;
  await storeEvents(engine, [
    customer('ann')
      .did('product_viewed', at, { channel: 'web' })
      .did('product_added', at + 60_000, { channel: 'web' })
      .did('order_completed', at + 120_000, { channel: 'store', orderId: 'o1', revenue: 25 }),
  ]);
});

afterAll(async () => {
  await browser.close();
  await server.close();
  await engine.close();
});

const PATIENT = { timeout: 60_000 };
const BEFORE_CHARTS = 250_000;
const CHARTS = 250_000;
/** A browser asks for six at a time: more files are more waiting. */
const FILES = 16;

it.each(Object.keys(PAGES))('%s as the first page takes few bytes, compressed', async (path) => {
  const watched = await watch(browser, `${server.url}/${path}`);
  await watched.page.locator('main .card').first().waitFor(PATIENT);
  await watched.page.waitForLoadState('networkidle');
  const { before, charts } = scriptBytes(watched.loaded);
  expect(before).toBeGreaterThan(50_000);
  expect(before).toBeLessThan(BEFORE_CHARTS);
  expect(charts).toBeLessThan(CHARTS);
  // All are asked for at once: what the page's HTML does not name would be found only once another was there.
  const html = await (await fetch(`${server.url}/${path}`)).text();
  const scripts = watched.loaded.filter(({ type }) => type === 'Script').map(({ url }) => url);
  expect(scripts.filter((url) => !html.includes(`"${url}"`))).toEqual([]);
  expect(scripts.length).toBeLessThan(FILES);
  await watched.close();
});

it('a second visit asks for no script again', async () => {
  const watched = await watch(browser, `${server.url}/overview`);
  await watched.page.locator('[data-kpi] .value').first().waitFor(PATIENT);
  await watched.page.waitForLoadState('networkidle');
  const first = watched.loaded.length;
  await watched.page.reload();
  await watched.page.locator('[data-kpi] .value').first().waitFor(PATIENT);
  await watched.page.waitForLoadState('networkidle');
  const again = watched.loaded.slice(first).filter(({ url }) => url.startsWith('/assets/'));
  expect(again.length).toBeGreaterThan(0);
  expect(again.filter(({ bytes }) => bytes > 0)).toEqual([]);
  await watched.close();
});

it('a question that was answered leaves nothing behind', async () => {
  const watched = await watch(browser, `${server.url}/overview?tv=overview`);
  const { page, cdp } = watched;
  const signals = async (): Promise<number> => {
    await cdp.send('HeapProfiler.collectGarbage');
    const { result } = await cdp.send('Runtime.evaluate', { expression: 'AbortSignal.prototype' });
    const { objects } = await cdp.send('Runtime.queryObjects', { prototypeObjectId: result.objectId ?? '' });
    const objectId = objects.objectId ?? '';
    const counted = await cdp.send('Runtime.callFunctionOn', {
      objectId,
      functionDeclaration: 'function () { return this.length; }',
      returnByValue: true,
    });
    await cdp.send('Runtime.releaseObject', { objectId });
    return Number(counted.result.value);
  };
  const turn = async (rounds: number): Promise<void> => {
    for (let i = 0; i < rounds; i += 1)
      for (const path of ['journey', 'funnels', 'overview']) {
        await page.evaluate(
          `history.replaceState(null, '', '/${path}?tv=${path}'); dispatchEvent(new PopStateEvent('popstate'))`,
        );
        await page.locator('main .frame').first().waitFor(PATIENT);
        await page.locator('.beat[data-state=live]').first().waitFor(PATIENT);
        await watched.painted();
      }
  };
  await turn(1);
  const before = await signals();
  await turn(5);
  expect(await signals()).toBeLessThan(before + 5);
  await watched.close();
});
