import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fillDemo } from '../../server/demo/fill.ts';
import type { Engine } from '../../server/engine/port.ts';
import { DESK, openBrowser, openPage, PHONE } from '../support/browser.ts';
import { testEngine } from '../support/engine.ts';
import { customer, storeEvents } from '../support/events.ts';
import { flawsOf, overflow, settled, styleOf } from '../support/page-checks.ts';
import { serveTest } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';

const HOSTILE = '<img src=x onerror="window.__x=1">';

let browser: Browser;
let engine: Engine;
let server: TestServer;

beforeAll(async () => {
  browser = await openBrowser();
  engine = await testEngine();
  await fillDemo(engine, { dataset: 'generated', customers: 1500, endMs: Date.now() });
  const hour = 3_600_000;
  await storeEvents(engine, [
    customer(HOSTILE)
      .did(HOSTILE, Date.now() - 2 * hour, { channel: HOSTILE, [HOSTILE]: HOSTILE })
      .did('product_viewed', Date.now() - hour, { channel: HOSTILE }),
  ]);
  server = await serveTest(engine, { demo: { kind: 'generated', credit: 'Made up.' } });
}, 120_000);

afterAll(async () => {
  await browser.close();
  await server.close();
  await engine.close();
});

/** Each page, and something on it that stands there only once its answers have come. */
const PAGES = [
  { path: '/overview', en: 'Added to cart', zh: '加入购物车' },
  { path: '/journey', en: 'Time decay', zh: '时间衰减' },
  { path: '/funnels', en: 'Order completed', zh: '完成订单' },
  { path: '/lifecycle', en: 'Won back', zh: '赢回' },
  { path: '/cohorts', en: 'Mean', zh: '平均' },
  { path: '/customers', en: 'Prospect', zh: '潜客' },
  { path: '/reports', en: 'No report yet', zh: '还没有报告' },
  { path: '/data', en: 'last event', zh: '最近事件' },
] as const;

/** How long an answer may take on a busy machine. */
const PATIENT = { timeout: 30_000 };

describe.each(PAGES)('the page $path', ({ path, en, zh }) => {
  it.each([
    { lang: 'en', word: en, theme: 'light', size: DESK, of: 'desk' },
    { lang: 'zh', word: zh, theme: 'dark', size: DESK, of: 'desk' },
    { lang: 'en', word: en, theme: 'dark', size: PHONE, of: 'phone' },
    { lang: 'zh', word: zh, theme: 'light', size: PHONE, of: 'phone' },
  ])(
    'shows its answers in $lang, $theme, on a $of: nothing overflows, nothing is inaccessible, nothing complains',
    async ({ lang, word, theme, size }) => {
      const { page, complaints, close } = await openPage(
        browser,
        `${server.url}${path}?lang=${lang}&theme=${theme}`,
        { viewport: size },
      );
      await page.getByText(word).filter({ visible: true }).first().waitFor();
      await settled(page, PATIENT);
      expect(await overflow(page)).toBe(0);
      expect(await flawsOf(page)).toEqual([]);
      expect(await page.evaluate('window.__x')).toBeUndefined();
      expect(complaints).toEqual([]);
      await close();
    },
  );
});

describe('from a number to the people behind it', () => {
  it('opens a funnel step, then one customer with a timeline; going back keeps the place', async () => {
    const { page, complaints, close } = await openPage(browser, `${server.url}/funnels`);
    await page.getByRole('button', { name: /^Order completed: .* Open them$/ }).click();
    const drawer = page.getByRole('dialog');
    await drawer.getByRole('link').first().click();
    await page.waitForURL(/\/customers\/./);
    await page.getByText('Order completed').first().waitFor();
    await page.goBack();
    await page.waitForURL(/\/funnels/);
    await drawer.getByRole('link').first().waitFor();
    await page.keyboard.press('Escape');
    await drawer.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: /customers stop after Added to cart/ }).click();
    await page.getByRole('dialog').getByRole('link').first().waitFor();
    expect(complaints).toEqual([]);
    await close();
  });

  it('opens the members of a lifecycle stage and the returned and lost of a cohort cell', async () => {
    const { page, close } = await openPage(browser, `${server.url}/lifecycle`);
    await page.getByRole('button', { name: /^Dormant: open/ }).click();
    await page.getByRole('dialog').getByRole('link').first().waitFor();
    await page.goto(`${server.url}/cohorts`);
    // What the note says is what is drawn.
    await page.getByText('Dashed outline: the period has not ended yet').waitFor();
    const unfinished = page.locator('td.cell.open').first();
    expect(await styleOf(unfinished, 'outlineStyle')).toBe('dashed');
    await page.locator('td.cell').first().click();
    await page.getByRole('dialog').getByRole('link').first().waitFor();
    await close();
  });

  it('reopens a view from its address alone', async () => {
    const { page, close } = await openPage(browser, `${server.url}/funnels`);
    const ordered = await lastStep(page).getAttribute('aria-label');
    await page.getByRole('radio', { name: 'Strict' }).check();
    await page.waitForURL(/STRICT/);
    await expect.poll(() => lastStep(page).getAttribute('aria-label'), PATIENT).not.toBe(ordered);
    const strict = await lastStep(page).getAttribute('aria-label');
    const again = await openPage(browser, page.url());
    await expect.poll(() => lastStep(again.page).getAttribute('aria-label'), PATIENT).toBe(strict);
    await close();
    await again.close();
  });
});

const lastStep = (page: Page): Locator =>
  page.getByRole('button', { name: /^Order completed: .* Open them$/ });

describe('what the store calls things', () => {
  it('is shown as text, never run', async () => {
    const { page, complaints, close } = await openPage(
      browser,
      `${server.url}/customers/${encodeURIComponent(HOSTILE)}`,
    );
    await page.getByText(HOSTILE).first().waitFor();
    expect(await page.evaluate('window.__x')).toBeUndefined();
    expect(await page.locator('img[src="x"]').count()).toBe(0);
    expect(complaints).toEqual([]);
    await close();
  });
});

describe('an empty store and a locked one', () => {
  it('says what to do next', async () => {
    const none = await testEngine();
    const other = await serveTest(none);
    const { page, complaints, close } = await openPage(browser, `${other.url}/overview`);
    await page.getByText('curl').first().waitFor();
    for (const path of ['/journey', '/funnels', '/lifecycle', '/cohorts', '/customers', '/data']) {
      await page.goto(`${other.url}${path}`);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await settled(page, PATIENT);
    }
    await page.goto(`${other.url}/reports`);
    const ways = page.getByRole('navigation', { name: 'Pages to save from' }).getByRole('link');
    await ways.first().waitFor(PATIENT);
    expect(await ways.allInnerTexts()).toEqual([
      'Funnels',
      'Cohorts',
      'Lifecycle',
      'Journey',
      'Overview',
      'Customers',
    ]);
    await ways.first().click();
    await page.getByRole('heading', { level: 1, name: 'Funnels' }).waitFor(PATIENT);
    expect(complaints).toEqual([]);
    await close();
    await other.close();
    await none.close();
  });

  it('asks for the key, and opens with it', async () => {
    const locked = await serveTest(engine, { adminKey: 'the-key-of-this-test' });
    const { page, close } = await openPage(browser, `${locked.url}/overview`);
    await page.locator('input[type=password]').fill('wrong');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').first().waitFor();
    await page.locator('input[type=password]').fill('the-key-of-this-test');
    await page.keyboard.press('Enter');
    await page.getByText('Added to cart').first().waitFor();
    await close();
    await locked.close();
  });

  it('says that the connection is lost, keeps the picture, and goes on by itself', async () => {
    const brief = await serveTest(engine);
    const { page, close } = await openPage(browser, `${brief.url}/overview`);
    await page.getByText('Added to cart').first().waitFor();
    await brief.close();
    await page
      .getByText(/The connection to the server is lost/)
      .first()
      .waitFor();
    expect(await page.getByText('Added to cart').first().isVisible()).toBe(true);
    await close();
  });
});
