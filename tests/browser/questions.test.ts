import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { openBrowser, openPage, PHONE } from '../support/browser.ts';
import { testEngine } from '../support/engine.ts';
import { customer, storeEvents } from '../support/events.ts';
import { overflow, settled, violationsOf } from '../support/page-checks.ts';
import { serveTest } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';

let browser: Browser;
let engine: Engine;
let server: TestServer;

const MINUTE = 60_000;
const DAY = 86_400_000;
/** How long an answer may take on a busy machine. */
const PATIENT = { timeout: 100_000 };
const LONG = 240_000;

/** 30 customers a channel look; of web 20 buy, of app 10, and again 8 days later; of web 5 take something out first. */
beforeAll(async () => {
  browser = await openBrowser();
  engine = await testEngine();
  server = await serveTest(engine);
  const begun = Math.floor(Date.now() / DAY - 20) * DAY + 12 * 60 * MINUTE;
  await storeEvents(
    engine,
    ['web', 'app'].flatMap((channel) =>
      Array.from({ length: 30 }, (_, i) => {
        const of = { channel, category: i % 2 ? 'shoes' : 'hats' };
        const story = customer(`${channel}${i}`).did('product_viewed', begun + i * MINUTE, of);
        if (channel === 'web' && i < 5) story.did('product_removed', begun + (i + 1) * MINUTE, of);
        if (i < (channel === 'web' ? 20 : 10)) {
          const order = { ...of, orderId: `${channel}${i}`, revenue: 10 };
          story.did('order_completed', begun + (i + 2) * MINUTE, order);
          story.did('order_completed', begun + 8 * DAY, { ...order, orderId: `${channel}${i}again` });
        }
        return story;
      }),
    ),
  );
}, 120_000);

afterAll(async () => {
  await browser.close();
  await server.close();
  await engine.close();
});

const STEPS = ['product_viewed', 'order_completed'].map((value) => ({ on: 'event', value }));
const funnelAt = (state: object, more = ''): string =>
  `${server.url}/funnels?q=${encodeURIComponent(JSON.stringify({ steps: STEPS, ...state }))}${more}`;

describe('a funnel is built by hand', () => {
  it(
    'with a breakdown, an exclusion and a filter; the address holds it; the dropped open',
    async () => {
      const { page, complaints, close } = await openPage(browser, funnelAt({}));
      const last = page.getByRole('button', { name: /^Order completed: / });
      await page.getByRole('button', { name: /^Order completed: 30 customers, 50.0%/ }).waitFor(PATIENT);

      await page.getByRole('button', { name: 'Break down by' }).click();
      await page.getByRole('combobox', { name: 'Search properties' }).fill('chan');
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: /^Web, Order completed: 20 customers, 66.7%/ }).waitFor(PATIENT);

      await page.getByRole('button', { name: 'Add an exclusion' }).click();
      await page.getByRole('combobox', { name: /^Search events/ }).fill('removed');
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: /^Web, Order completed: 15 customers, 60.0%/ }).waitFor(PATIENT);

      const bar = page.getByRole('region', { name: 'Filters' });
      await bar.getByRole('button', { name: 'Filter', exact: true }).click();
      const form = page.getByRole('dialog');
      await form.getByRole('combobox', { name: 'Property' }).fill('category');
      await form.getByRole('combobox', { name: 'Value' }).fill('sho');
      await form.getByRole('option', { name: 'shoes' }).click(PATIENT);
      await page.keyboard.press('Escape');
      await bar
        .getByRole('button', { name: /category is shoes/ })
        .first()
        .waitFor();
      // of 15 each who looked at shoes: web 10 bought, of whom 2 took something out and are in no step; app 5
      await expect.poll(() => last.getAttribute('aria-label'), PATIENT).toContain('13 customers');
      expect(new URL(page.url()).searchParams.get('where')).toContain('shoes');

      const again = await openPage(browser, page.url());
      await again.page.getByRole('button', { name: /^Order completed: 13 customers/ }).waitFor(PATIENT);
      await again.close();

      await page.getByRole('button', { name: /customers stop after Product viewed/ }).click();
      await page.getByRole('dialog').getByText('15 customers').waitFor(PATIENT);
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: /^App, Order completed: 5 customers/ }).click();
      const drawer = page.getByRole('dialog');
      await drawer.getByText('5 customers').waitFor(PATIENT);
      await drawer.getByRole('radio', { name: 'Stopped before' }).check({ force: true });
      await drawer.getByText('10 customers').waitFor(PATIENT);
      expect(complaints).toEqual([]);
      await close();
    },
    LONG,
  );

  it(
    'limits the customers by what they did, by keyboard alone',
    async () => {
      const { page, complaints, close } = await openPage(browser, funnelAt({}));
      await page.getByRole('button', { name: /^Product viewed: 60 customers/ }).waitFor(PATIENT);
      await page.getByRole('button', { name: 'Limit the customers' }).focus();
      await page.keyboard.press('Enter');
      await page.getByRole('menuitem', { name: 'Who did something' }).waitFor();
      await page.keyboard.press('ArrowDown');
      await expect
        .poll(() => page.evaluate('document.activeElement?.textContent.trim()'), PATIENT)
        .toBe('Who did something');
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: /^What they did/ }).focus();
      await page.keyboard.press('Enter');
      await page.getByRole('combobox', { name: /^Search events/ }).waitFor();
      await page.keyboard.type('removed');
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: /^Product viewed: 5 customers/ }).waitFor(PATIENT);
      expect(complaints).toEqual([]);
      await close();
    },
    LONG,
  );

  it(
    'saves the bars as a picture',
    async () => {
      const { page, complaints, close } = await openPage(browser, funnelAt({}));
      await page.getByRole('button', { name: /^Order completed: 30 customers/ }).waitFor(PATIENT);
      await page.getByRole('button', { name: 'Export and table' }).first().click();
      const download = page.waitForEvent('download');
      await page.getByRole('menuitem', { name: 'Save as PNG' }).click();
      expect((await download).suggestedFilename()).toMatch(/\.png$/);
      expect(complaints).toEqual([]);
      await close();
    },
    LONG,
  );
});

describe('cohorts by value', () => {
  it(
    'show one value in the heat map, and open who of it returned',
    async () => {
      const { page, complaints, close } = await openPage(browser, `${server.url}/cohorts?range=90d`);
      await page.getByRole('button', { name: 'Break down by' }).click(PATIENT);
      await page.getByRole('combobox', { name: 'Search properties' }).fill('channel');
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: /^App 10/ }).click(PATIENT);
      await page.getByRole('heading', { name: 'Who comes back: App' }).waitFor(PATIENT);
      await page.locator('td.cell', { hasText: '100.0%' }).first().click(PATIENT);
      await page.getByRole('dialog').getByText('10 customers').waitFor(PATIENT);
      expect(complaints).toEqual([]);
      await close();
    },
    LONG,
  );
});

describe('the new states', () => {
  const exclude = [{ match: { on: 'event', value: 'order_refunded' }, fromStep: 0, toStep: 1 }];
  const removed = { on: 'event', value: 'product_removed', optional: true };
  const breakdown = { properties: ['channel'], of: 'EVENT', attribution: 'STEP', step: 0 };
  const steps = [{ ...STEPS[0], occurrence: 'FIRST_MATCHING' }, removed, STEPS[1]];
  const where = encodeURIComponent(
    JSON.stringify([{ property: 'channel', of: 'EVENT', op: 'IS', values: ['web', 'app'] }]),
  );
  const who = encodeURIComponent(JSON.stringify({ stages: ['new', 'active'], did: [] }));
  const states = [
    {
      name: 'a funnel with everything, as bars',
      path: (): string => funnelAt({ steps, exclude, breakdown, hold: ['category'] }, `&where=${where}`),
    },
    {
      name: 'a funnel with everything, as a table',
      path: (): string => funnelAt({ steps, exclude, breakdown, series: 'table', trend: { from: 1, to: 2 } }),
    },
    {
      name: 'cohorts by value',
      path: (): string =>
        `${server.url}/cohorts?range=90d&q=${encodeURIComponent(
          JSON.stringify({ breakdown, brackets: [1, 2], minimum: 1, show: 'events', series: '["web"]' }),
        )}`,
    },
    { name: 'filtered stages', path: (): string => `${server.url}/lifecycle?who=${who}` },
  ];
  it.each(
    states.flatMap((state) => [
      { ...state, look: { lang: 'en', theme: 'light' } },
      { ...state, look: { lang: 'zh', theme: 'dark' } },
    ]),
  )(
    '$name are accessible and fit, $look.lang, $look.theme',
    async ({ path, look }) => {
      const address = `${path()}&lang=${look.lang}&theme=${look.theme}`;
      const { page, complaints, close } = await openPage(browser, address);
      await page.getByRole('heading', { level: 2 }).first().waitFor(PATIENT);
      await settled(page, PATIENT);
      expect(await violationsOf(page)).toEqual([]);
      await page.setViewportSize(PHONE);
      await expect.poll(() => overflow(page), PATIENT).toBe(0);
      expect(complaints).toEqual([]);
      await close();
    },
    LONG,
  );
});
