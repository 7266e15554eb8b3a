import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { openBrowser, openPage } from '../support/browser.ts';
import { testEngine } from '../support/engine.ts';
import { customer, storeEvents } from '../support/events.ts';
import { styleOf } from '../support/page-checks.ts';
import { serveTest } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';
import { stallingProxy } from '../support/stalling-proxy.ts';
import type { StallingProxy } from '../support/stalling-proxy.ts';

let browser: Browser;
let engine: Engine;
let server: TestServer;
let proxy: StallingProxy;

beforeAll(async () => {
  browser = await openBrowser();
  engine = await testEngine();
  server = await serveTest(engine);
  proxy = await stallingProxy(() => server.url);
  const daysAgo = (days: number): number => Date.now() - days * 86_400_000;
  await storeEvents(
    engine,
    Array.from({ length: 40 }, (_, i) =>
      customer(`c${i}`)
        .did('product_viewed', daysAgo((i % 28) + 1), { channel: 'web', sessionId: `s${i}` })
        .did('product_added', daysAgo((i % 28) + 0.9), { channel: 'web', sessionId: `s${i}` })
        .did('order_completed', daysAgo((i % 28) + 0.8), { channel: 'store', orderId: `o${i}`, revenue: 25 }),
    ),
  );
});

afterAll(async () => {
  await browser.close();
  await proxy.close();
  await server.close();
  await engine.close();
});

const PATIENT = { timeout: 30_000 };
const SCREENS = {
  'full HD': { width: 1920, height: 1080 },
  '4K': { width: 3840, height: 2160 },
  upright: { width: 1080, height: 1920 },
};
const PAGES = ['overview', 'journey', 'funnels', 'lifecycle', 'cohorts'];

/** What of the page lies outside of it, and whether the document scrolls. */
const CUT = `(() => {
  const { bottom, right } = document.querySelector('main').getBoundingClientRect();
  const outside = [...document.querySelectorAll('main .card, main .value, main dd')].filter((box) => {
    const place = box.getBoundingClientRect();
    return place.bottom > bottom + 1 || place.right > right + 1;
  });
  return outside.length + (document.documentElement.scrollHeight > innerHeight ? 1 : 0);
})()`;

const numbers = (page: Page) => page.locator('[data-kpi="Orders"] .value');
const isShown = (page: Page, name: string) =>
  page.locator('header h1').filter({ hasText: name }).waitFor(PATIENT);
const live = (page: Page) => page.locator('.beat[data-state=live]').first().waitFor(PATIENT);

describe('the television view', () => {
  it.each(Object.entries(SCREENS))('fills %s without scrolling, in large type', async (_, viewport) => {
    const { page, complaints, close } = await openPage(browser, `${server.url}/?tv`, { viewport });
    await numbers(page).filter({ hasText: '40' }).waitFor(PATIENT);
    const size = await page.evaluate(
      `getComputedStyle(document.querySelector('[data-kpi="Orders"] .value')).fontSize`,
    );
    const scale = Math.min(viewport.width, viewport.height) / 1080;
    const channel = page.locator('[data-feed] .channel span').filter({ hasText: /^Store$/ });
    const type = await styleOf(channel.first(), 'fontSize');
    expect(parseFloat(type)).toBeGreaterThan(18 * scale);
    expect(parseFloat(String(size))).toBeCloseTo(72 * scale, 0);
    for (const path of PAGES) {
      await page.goto(`${server.url}/${path}?tv`);
      await page.locator('main h2').first().waitFor(PATIENT);
      const cut = await page.evaluate(CUT);
      expect([path, cut]).toEqual([path, 0]);
    }
    expect(await page.getByRole('button', { name: 'Display' }).count()).toBe(0);
    expect(complaints).toEqual([]);
    await close();
  });

  it('shows the pages that the address names, each as long as it says, until Escape', async () => {
    const { page, close } = await openPage(browser, 'about:blank');
    await page.clock.install();
    await page.goto(`${server.url}/overview?tv=overview,data&dwell=600`);
    await numbers(page).filter({ hasText: '40' }).waitFor(PATIENT);
    await live(page);
    await page.clock.fastForward('09:00');
    await isShown(page, 'Overview');
    await page.clock.fastForward('01:30');
    await isShown(page, 'Data');
    await live(page);
    await page.clock.fastForward('10:30');
    await isShown(page, 'Overview');
    await page.keyboard.press('Escape');
    await page.getByRole('navigation').waitFor();
    expect(new URL(page.url()).search).toBe('');
    await close();
  });

  it('shows the reports that stand on the overview, and those that the address names, by their names', async () => {
    const save = async (name: string): Promise<string> => {
      const input = { measure: 'ORDERS', range: { last: 'P30D' } };
      const { saveReport } = await server.query<{ saveReport: { id: string } }>(
        'mutation ($name: String!, $input: JSON!) { saveReport(name: $name, kind: METRIC, input: $input) { id } }',
        { name, input },
      );
      return saveReport.id;
    };
    const pinned = await save('Orders, pinned');
    const other = await save('Orders, by its address');
    await server.query('mutation ($id: ID!) { pinReport(id: $id) { id } }', { id: pinned });
    const { page, complaints, close } = await openPage(browser, 'about:blank');
    await page.clock.install();
    await page.goto(`${server.url}/?tv=reports/${other}:600,reports:900`);
    await isShown(page, 'Orders, by its address');
    await page.locator('main strong').filter({ hasText: '40' }).waitFor(PATIENT);
    await live(page);
    expect(await page.evaluate(CUT)).toBe(0);
    await page.clock.fastForward('10:30');
    await isShown(page, 'Orders, pinned');
    await live(page);
    await page.clock.fastForward('10:30');
    await isShown(page, 'Orders, pinned');
    await page.clock.fastForward('05:00');
    await isShown(page, 'Orders, by its address');
    expect(complaints).toEqual([]);
    await close();
    // the usual round ends with them
    const usual = await openPage(browser, `${server.url}/?tv`);
    await expect.poll(() => usual.page.locator('.turns > span').count(), PATIENT).toBe(PAGES.length + 1);
    await usual.close();
  });

  it('is one click away', async () => {
    const { page, close } = await openPage(browser, `${server.url}/lifecycle?range=7d`);
    await page.getByRole('link', { name: 'Television view' }).click();
    await isShown(page, 'Lifecycle');
    expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
    expect(new URL(page.url()).searchParams.get('range')).toBe('7d');
    await close();
  });

  it('keeps the last picture with its age while the connection is lost, then goes on', async () => {
    const { page, close } = await openPage(browser, 'about:blank');
    await page.clock.install();
    await page.goto(`${proxy.address}/overview?tv=overview,lifecycle&dwell=600`);
    await numbers(page).filter({ hasText: '40' }).waitFor(PATIENT);
    await live(page);
    proxy.shut();
    await page.locator('.beat:not([data-state=live])').waitFor(PATIENT);
    await page.clock.fastForward('03:00:00');
    await page.getByRole('alert').filter({ hasText: '3h ago' }).waitFor(PATIENT);
    expect(await numbers(page).textContent()).toContain('40');
    await isShown(page, 'Overview');
    proxy.open();
    await page.evaluate("window.dispatchEvent(new Event('online'))");
    await isShown(page, 'Lifecycle');
    await close();
  });

  it('loads itself anew when the server comes back with another build, and not otherwise', async () => {
    const { page, close } = await openPage(browser, `${proxy.address}/overview?tv=overview`);
    await numbers(page).filter({ hasText: '40' }).waitFor(PATIENT);
    await live(page);
    await page.evaluate('window.isTheFirst = true');
    const again = async (): Promise<void> => {
      const asked = page.waitForResponse((response) => new URL(response.url()).pathname === '/', PATIENT);
      proxy.shut();
      await page.locator('.beat:not([data-state=live])').waitFor(PATIENT);
      proxy.open();
      await page.evaluate("window.dispatchEvent(new Event('online'))");
      await asked;
      await live(page);
    };
    await again();
    expect(await page.evaluate('window.isTheFirst')).toBe(true);

    await page.route(
      (url) => url.pathname === '/',
      async (route) => {
        const response = await route.fetch();
        const body = (await response.text()).replace(
          /\/assets\/index-[\w-]+\.js/,
          '/assets/index-another.js',
        );
        await route.fulfill({ response, body });
      },
    );
    const reloaded = page.waitForEvent('framenavigated', PATIENT);
    await again();
    await reloaded;
    await numbers(page).filter({ hasText: '40' }).waitFor(PATIENT);
    expect(await page.evaluate('window.isTheFirst')).toBeUndefined();
    await close();
  });
});

describe('a television with a key of its own', () => {
  let guarded: TestServer;
  beforeAll(async () => (guarded = await serveTest(engine, { adminKey: 'the-key-of-this-store' })));
  afterAll(() => guarded.close());

  it('takes it from behind the # of its link and shows it nowhere', async () => {
    const { page, close } = await openPage(browser, `${guarded.url}/?tv#key=the-key-of-this-store`);
    await numbers(page).filter({ hasText: '40' }).waitFor(PATIENT);
    expect(page.url()).not.toContain('key');
    await page.reload();
    await numbers(page).filter({ hasText: '40' }).waitFor(PATIENT);
    await close();
  });

  it.each([
    ['en-US', 'The key of this screen is no longer valid'],
    ['zh-CN', '此屏幕的密钥已失效'],
  ])('says when it is no longer taken, and shows nothing of the store (%s)', async (locale, words) => {
    const { page, close } = await openPage(browser, `${guarded.url}/?tv#key=one-taken-back`, { locale });
    await page.getByRole('alert').filter({ hasText: words }).waitFor(PATIENT);
    expect(await page.locator('[data-kpi], input').count()).toBe(0);
    await close();
  });
});
