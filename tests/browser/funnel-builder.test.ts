import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { openBrowser, openPage } from '../support/browser.ts';
import { testEngine } from '../support/engine.ts';
import { storeEvents } from '../support/events.ts';
import { violationsOf } from '../support/page-checks.ts';
import { serveTest } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';
import { shoppers } from '../support/shoppers.ts';

let browser: Browser;
let engine: Engine;
let server: TestServer;

/** How long an answer may take on a busy machine. */
const PATIENT = { timeout: 100_000 };
const LONG = 240_000;
const MOST_TABS = 60;

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

/** Tab, and Tab again, until what has the focus is called so; as somebody without a mouse does. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let i = 0; i < MOST_TABS; i++) {
    await page.keyboard.press('Tab');
    const label = await page.evaluate(
      `(document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '').trim()`,
    );
    if (name.test(String(label))) return;
  }
  throw new Error(`no Tab leads to ${name}`);
}

/** Down the open menu until the item is the one that Enter takes. */
async function arrowTo(page: Page, item: Locator): Promise<void> {
  for (let i = 0; i < MOST_TABS; i++) {
    if ((await item.getAttribute('data-highlighted')) !== null) return;
    await page.keyboard.press('ArrowDown');
  }
  throw new Error('no arrow leads to the item');
}

const LANGUAGES = [
  {
    lang: 'en',
    add: /^Add a step$/,
    search: /^Search events/,
    typed: ['searchd', 'order c'],
    handle: /^Move Order completed/,
    bar: (name: 'searched' | 'ordered', n: number) =>
      name === 'searched' ? `Product searched: ${n} customers` : `Order completed: ${n} customers`,
    menu: /^Step 2 of 2: options/,
    duplicate: 'Duplicate',
  },
  {
    lang: 'zh',
    add: /^添加步骤$/,
    search: /^搜索事件/,
    typed: ['搜索商', '完成订'],
    handle: /^移动“完成订单”/,
    bar: (name: 'searched' | 'ordered', n: number) =>
      name === 'searched' ? `搜索商品：${n} 位客户` : `完成订单：${n} 位客户`,
    menu: /^第 2 步，共 2 步：选项/,
    duplicate: '复制此步',
  },
];

const WEB = { property: 'channel', of: 'EVENT', op: 'IS', values: ['web'] };

describe('a funnel is built by keyboard alone', () => {
  it.each(LANGUAGES)(
    'searched, moved, duplicated, undone and redone, $lang',
    async ({ lang, add, search, typed, handle, bar, menu, duplicate }) => {
      const { page, complaints, close } = await openPage(
        browser,
        at('/funnels', { steps: [] }, `&lang=${lang}`),
      );
      const steps = (): Promise<number> => page.locator('[data-handle]').count();
      await page.getByRole('button', { name: add }).waitFor(PATIENT);
      for (const [i, text] of typed.entries()) {
        await tabTo(page, add);
        await page.keyboard.press('Enter');
        await page.getByRole('combobox', { name: search }).waitFor();
        await page.keyboard.type(text);
        await page.keyboard.press('Enter');
        await expect.poll(steps, PATIENT).toBe(i + 1);
      }
      const shown = (name: string) => page.getByRole('button', { name: new RegExp(`^${name}`) });
      await shown(bar('ordered', 10)).waitFor(PATIENT);

      await tabTo(page, handle);
      await page.keyboard.press('ArrowUp');
      await shown(bar('ordered', 12)).waitFor(PATIENT);
      await expect
        .poll(() => page.evaluate(`document.activeElement?.getAttribute('aria-label')`), PATIENT)
        .toMatch(handle);

      await tabTo(page, menu);
      await page.keyboard.press('Enter');
      const item = page.getByRole('menuitem', { name: duplicate });
      await item.waitFor();
      await arrowTo(page, item);
      await page.keyboard.press('Enter');
      await expect.poll(steps, PATIENT).toBe(3);

      await page.keyboard.press('Control+z');
      await expect.poll(steps, PATIENT).toBe(2);
      await page.keyboard.press('Control+z');
      await shown(bar('ordered', 10)).waitFor(PATIENT);
      await page.keyboard.press('Control+Shift+Z');
      await shown(bar('ordered', 12)).waitFor(PATIENT);
      await page.keyboard.press('Control+y');
      await expect.poll(steps, PATIENT).toBe(3);
      expect(complaints).toEqual([]);
      await close();
    },
    LONG,
  );
});

describe('a search opened before the catalogue has come', () => {
  it(
    'waits with what was typed, and never says that nothing is called so',
    async () => {
      const { page, complaints, close } = await openPage(browser, `${server.url}/data`);
      let come = (): void => undefined;
      const catalogue = new Promise<void>((resolve) => (come = resolve));
      await page.route('**/graphql', async (route) => {
        if (route.request().postData()?.includes('catalog')) await catalogue;
        await route.continue();
      });
      await page.goto(at('/funnels', { steps: [] }));
      const add = page.getByRole('button', { name: 'Add a step', exact: true });
      const search = page.getByRole('combobox', { name: /^Search events/ });
      await add.click();
      await search.fill('order c');
      const waiting = page.getByRole('dialog').getByRole('status', { name: 'Loading' });
      await waiting.waitFor(PATIENT);
      expect(await page.getByText(/^Nothing here is called/).count()).toBe(0);
      await search.press('Enter');
      expect(await waiting.count()).toBe(1);
      come();
      await page.getByRole('button', { name: /^Order completed: \d+ customers/ }).waitFor(PATIENT);
      expect(await page.locator('[data-handle]').count()).toBe(1);

      await add.click();
      await search.fill('no such thing');
      await page.getByText(/^Nothing here is called/).waitFor(PATIENT);
      expect(complaints).toEqual([]);
      await close();
    },
    LONG,
  );
});

describe('the question', () => {
  it(
    'is one history: filters and steps, kept on the way to another page and back',
    async () => {
      const steps = [on('product_viewed'), on('order_completed')];
      const { page, complaints, close } = await openPage(browser, at('/funnels', { steps }));
      await page.getByRole('button', { name: /^Order completed: 12 customers/ }).waitFor(PATIENT);
      const undo = page.getByRole('button', { name: 'Undo' });
      expect(await undo.getAttribute('aria-disabled')).toBe('true');

      await page.getByRole('button', { name: /^Another event that counts.*step 1/ }).click();
      await page.getByRole('combobox', { name: /^Search events/ }).fill('store v');
      await page.keyboard.press('Enter');
      await page.getByText('“Product viewed or Store visit”').first().waitFor(PATIENT);
      await page.getByRole('button', { name: 'Filter', exact: true }).first().click();
      const form = page.getByRole('dialog');
      await form.getByRole('combobox', { name: 'Property' }).fill('channel');
      await form.getByRole('combobox', { name: 'Value' }).fill('store');
      await page.keyboard.press('Enter');
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: /^Order completed: 0 customers/ }).waitFor(PATIENT);
      expect(page.url()).toContain('where=');

      await page.getByRole('link', { name: 'Customers' }).click();
      await page.getByRole('heading', { level: 1, name: 'Customers' }).waitFor(PATIENT);
      await page.goBack();
      await page.getByRole('button', { name: /^Order completed: 0 customers/ }).waitFor(PATIENT);
      await undo.click();
      await page.getByRole('button', { name: /^Order completed: 12 customers/ }).waitFor(PATIENT);
      expect(page.url()).not.toContain('where=');
      await undo.click();
      await expect.poll(() => page.getByText('or Store visit').count(), PATIENT).toBe(0);
      await page.getByRole('button', { name: 'Redo' }).click();
      await page.getByText('“Product viewed or Store visit”').first().waitFor(PATIENT);
      await page.getByRole('button', { name: 'Start over' }).click();
      await expect.poll(() => new URL(page.url()).searchParams.get('q'), PATIENT).toBeNull();
      expect(complaints).toEqual([]);
      await close();
    },
    LONG,
  );

  it(
    'copied as GraphQL is answered with the same numbers',
    async () => {
      const steps = [
        { ...on('product_viewed'), or: [on('product_searched')], where: [WEB] },
        on('order_completed'),
      ];
      const { page, complaints, close } = await openPage(browser, at('/funnels', { steps }));
      await page.getByRole('button', { name: /^Order completed: 12 customers/ }).waitFor(PATIENT);
      await page.getByRole('button', { name: 'Copy as GraphQL' }).click();
      const text = (name: string): Promise<string> => page.getByRole('region', { name }).innerText();
      expect(await violationsOf(page)).toEqual([]);
      const variables = JSON.parse(await text('Variables')) as object;
      const answer = await server.query<{ funnel: { steps: { customers: number }[] } }>(
        await text('Operation'),
        variables,
      );
      expect(answer.funnel.steps.map((step) => step.customers)).toEqual([30, 12]);
      await page.getByRole('radio', { name: 'One text' }).check({ force: true });
      expect(await server.query(await text('One text'))).toEqual(answer);
      expect(complaints).toEqual([]);
      await close();
    },
    LONG,
  );
});
