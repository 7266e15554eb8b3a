import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { openBrowser, openPage, PHONE } from '../support/browser.ts';
import { testEngine } from '../support/engine.ts';
import { storeEvents } from '../support/events.ts';
import { overflow, settled, violationsOf } from '../support/page-checks.ts';
import { serveTest } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';
import { shoppers } from '../support/shoppers.ts';

let browser: Browser;
let engine: Engine;
let server: TestServer;

/** How long an answer may take on a busy machine. */
const PATIENT = { timeout: 100_000 };
const LONG = 240_000;

beforeAll(async () => {
  browser = await openBrowser();
  engine = await testEngine();
  server = await serveTest(engine);
  await storeEvents(engine, shoppers(Date.now()));
}, 120_000);

afterAll(async () => {
  await browser.close();
  await server.close();
  await engine.close();
});

const at = (path: string, state: object = {}, more = ''): string =>
  `${server.url}${path}?q=${encodeURIComponent(JSON.stringify(state))}${more}`;
const on = (value: string): object => ({ on: 'event', value });

describe('the other builders', () => {
  it(
    'cohorts come back with any event, said in the sentence, and start over',
    async () => {
      const { page, complaints, close } = await openPage(browser, at('/cohorts', {}, '&range=90d'));
      await page.getByRole('button', { name: /^and come back with/ }).click(PATIENT);
      await page.getByRole('combobox', { name: /^Search events/ }).fill('any ev');
      await page.keyboard.press('Enter');
      await page
        .getByText(/came back with “Any event” in that very week.*begin in the last 90 days/)
        .waitFor(PATIENT);
      await page.getByRole('button', { name: 'Start over' }).click();
      await page.getByText(/came back with “Order completed”/).waitFor(PATIENT);
      await page.keyboard.press('Control+z');
      await page.getByText(/came back with “Any event”/).waitFor(PATIENT);
      expect(complaints).toEqual([]);
      await close();
    },
    LONG,
  );

  it(
    'paths take part of the events and say a problem at its field; credit goes to the chosen touchpoints',
    async () => {
      const { page, complaints, close } = await openPage(browser, at('/journey', {}, '&lang=zh'));
      await page.getByRole('button', { name: '更多选项' }).click(PATIENT);
      const options = page.getByRole('dialog');
      await options.getByRole('spinbutton', { name: '至少' }).fill('9');
      await options.getByRole('spinbutton', { name: '至多' }).fill('2');
      await page.keyboard.press('Tab');
      await options.getByRole('alert').getByText('下限大于上限').waitFor(PATIENT);
      await options.getByRole('spinbutton', { name: '至多' }).fill('');
      await options.getByRole('button', { name: /^参与的事件/ }).click();
      await page.getByRole('combobox', { name: /^搜索事件/ }).fill('浏览商');
      await page.keyboard.press('Enter');
      await page.keyboard.press('Escape');
      await page
        .getByText(/30 次访问.*仅限事件“浏览商品”.*不少于 9 次/)
        .first()
        .waitFor(PATIENT);

      await page.getByRole('button', { name: /^触点/ }).click();
      await page.getByRole('combobox', { name: /^搜索事件/ }).fill('到店');
      await page.keyboard.press('Enter');
      await page.getByText(/“完成订单”的功劳，按“到店”在此前/).waitFor(PATIENT);
      const store = page.getByRole('row', { name: /^门店/ });
      await store.waitFor(PATIENT);
      expect(await store.textContent()).toContain('4.0');
      expect(complaints).toEqual([]);
      await close();
    },
    LONG,
  );

  it(
    'an audience takes any of its parts and leaves others out, and says how many it has',
    async () => {
      const did = (value: string, more = {}): object => ({
        did: { match: on(value), isNot: false, times: 1, days: null, ...more },
      });
      const who = {
        stages: [],
        did: [],
        any: [did('order_completed', { times: 2, most: 2 }), did('store_visit')],
      };
      const { page, complaints, close } = await openPage(
        browser,
        at('/funnels', { steps: [on('product_viewed')] }, `&who=${encodeURIComponent(JSON.stringify(who))}`),
      );
      const bar = page.getByRole('region', { name: 'Filters' });
      await bar.getByText('6 customers', { exact: true }).waitFor(PATIENT);
      await page.getByRole('button', { name: /^Product viewed: 6 customers/ }).waitFor(PATIENT);
      await page
        .locator('button')
        .getByText(/any of: customers who did Order completed, exactly 2 times or/)
        .waitFor();

      await bar
        .getByRole('button', { name: /Store visit/ })
        .first()
        .click();
      await page.getByRole('radio', { name: 'must not hold' }).check({ force: true });
      await bar.getByText('2 customers', { exact: true }).waitFor(PATIENT);
      await page.getByRole('button', { name: /^Product viewed: 2 customers/ }).waitFor(PATIENT);
      await page.keyboard.press('Escape');
      await bar.getByRole('button', { name: 'Undo' }).click();
      await bar.getByText('6 customers', { exact: true }).waitFor(PATIENT);
      expect(await violationsOf(page)).toEqual([]);
      expect(complaints).toEqual([]);
      await close();
    },
    LONG,
  );
});

describe('questions with everything set', () => {
  const search = { on: 'event', value: 'product_searched' };
  const wide = {
    ...on('product_viewed'),
    or: [search, { on: 'channel', value: 'store' }],
    where: ['web', 'store'].map((value) => ({ property: 'channel', of: 'EVENT', op: 'IS', values: [value] })),
    isAnyEnough: true,
  };
  const states = [
    { name: 'funnel', path: (): string => at('/funnels', { steps: [wide, on('order_completed')] }) },
    { name: 'cohorts', path: (): string => at('/cohorts', { start: wide, back: wide, brackets: [1, 2] }) },
    {
      name: 'paths and credit',
      path: (): string =>
        at('/journey', { match: wide, fewest: 1, gap: 'PT45M', touchpoints: wide, lookback: 'P45D' }),
    },
  ];
  it.each([
    { lang: 'en', theme: 'light' },
    { lang: 'zh', theme: 'dark' },
  ])(
    'are accessible and fit, $lang, $theme',
    async ({ lang, theme }) => {
      const { page, complaints, close } = await openPage(browser, 'about:blank');
      for (const { name, path } of states) {
        await page.setViewportSize({ width: 1440, height: 900 });
        await page.goto(`${path()}&lang=${lang}&theme=${theme}`);
        await page.getByRole('heading', { level: 1 }).waitFor(PATIENT);
        await settled(page, PATIENT);
        expect([name, ...(await violationsOf(page))]).toEqual([name]);
        await page.setViewportSize(PHONE);
        await expect.poll(async () => [name, await overflow(page)], PATIENT).toEqual([name, 0]);
      }
      expect(complaints).toEqual([]);
      await close();
    },
    LONG,
  );
});
