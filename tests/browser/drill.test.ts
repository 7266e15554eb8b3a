/** Every mark opens exactly as many customers as it says; back finds the place; lists and charts leave as files. */
import { readFile } from 'node:fs/promises';
import type { Browser, Download, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { openBrowser, openPage, PHONE } from '../support/browser.ts';
import { testEngine } from '../support/engine.ts';
import { customer, storeEvents } from '../support/events.ts';
import { serveTest } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';

let browser: Browser;
let engine: Engine;
let server: TestServer;

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
const CUSTOMERS = 180;
const PATIENT = { timeout: 30_000 };

beforeAll(async () => {
  browser = await openBrowser();
  engine = await testEngine();
  server = await serveTest(engine);
  const now = Date.now();
  await storeEvents(
    engine,
    Array.from({ length: CUSTOMERS }, (_, i) => {
      const start = now - (2 + (i % 25)) * DAY;
      const of = { channel: i % 3 ? 'web' : 'app', tier: i % 2 ? 'gold' : 'blue' };
      const story = customer(`c${String(i).padStart(3, '0')}`).did('page_viewed', start, {
        ...of,
        path: '/',
      });
      story.did('product_viewed', start + MINUTE, of);
      if (i % 4) story.did('product_added', start + (2 + (i % 7)) * MINUTE, of);
      if (i % 4 > 1) story.did('order_completed', start + (20 + i) * MINUTE, { ...of, revenue: 10 + i });
      if (i % 4 === 3) story.did('order_completed', start + DAY, { ...of, revenue: 5 });
      return story;
    }),
  );
}, 120_000);
afterAll(async () => {
  await browser.close();
  await server.close();
  await engine.close();
});

interface Scrolled {
  readonly scrollTop: number;
  scrollTo(x: number, y: number): void;
}
const scrolled = (node: Scrolled) => node.scrollTop;
const scrolledDown = (node: Scrolled) => {
  node.scrollTo(0, 6000);
  return node.scrollTop;
};

const drawer = (page: Page) => page.getByRole('dialog');

/** How many the open list says there are, once its first customer stands there. */
async function listed(page: Page): Promise<number> {
  await drawer(page).locator('[data-row="0"]').waitFor(PATIENT);
  return numberIn(await drawer(page).locator('.head p').innerText());
}

async function closed(page: Page): Promise<void> {
  await page.keyboard.press('Escape');
  await drawer(page).waitFor({ state: 'detached' });
}

/** The whole number in a text: "Open 1,234 customers". */
function numberIn(text: string | null): number {
  return Number(/[\d,]+/.exec(text ?? '')?.[0].replaceAll(',', ''));
}

const said = async (mark: Locator) => {
  await mark.waitFor(PATIENT);
  const title = (await mark.getAttribute('title')) ?? '';
  const opens = /Open ([\d,]+) customer/.exec(title)?.[1];
  return numberIn(opens ?? (await mark.innerText()));
};

const frameOf = (page: Page, title: string) =>
  page.locator('section.card').filter({ has: page.getByRole('heading', { name: title, exact: true }) });
const plotOf = (page: Page, title: string) => frameOf(page, title).locator('.chart');

/** A frame turned into the table behind its picture. */
async function tableOf(page: Page, title: string): Promise<Locator> {
  const frame = frameOf(page, title);
  await frame.getByRole('button', { name: 'Export and table' }).first().click(PATIENT);
  await page.getByRole('menuitem', { name: /Show the table/ }).click();
  await frame.getByRole('table').waitFor();
  return frame;
}

describe('a mark opens as many customers as it says', () => {
  const marks: [string, string, (page: Page) => Locator][] = [
    ['new customers', '/overview', (page) => page.locator('[data-kpi="New customers"] button.value')],
    ['active customers', '/overview', (page) => page.locator('[data-kpi="Active customers"] button.value')],
    ['a step of the main funnel', '/overview', (page) => page.locator('.step button').nth(1)],
    ['the size of a cohort', '/overview', (page) => page.locator('.map button.size').last()],
    [
      'a channel of a stage',
      '/journey',
      (page) => page.locator('.column .named').first().locator('button').first(),
    ],
    [
      'a touchpoint of a stage',
      '/journey',
      (page) => page.locator('.column .named').nth(1).locator('button').last(),
    ],
    ['a segment', '/customers?q={"view":"value"}', (page) => page.locator('ul button:enabled').first()],
  ];
  it.each(marks)('%s', async (_name, path, find) => {
    const { page, complaints, close } = await openPage(browser, server.url + path);
    const mark = find(page);
    const count = await said(mark);
    expect(count).toBeGreaterThan(0);
    await mark.click();
    expect(await listed(page)).toBe(count);
    await closed(page);
    expect(complaints).toEqual([]);
    await close();
  });

  const tables: [string, string, string][] = [
    ['a step', '/overview', 'From first look to order'],
    ['a stretch of the times to convert', '/funnels', 'Time to convert'],
    ['a point of the trend', '/funnels', 'Conversion over time'],
    ['a stage', '/lifecycle', 'Where customers stand now'],
    ['a point of the history', '/lifecycle', 'How the shares move'],
    ['a bar of the growth', '/lifecycle', 'Growth'],
    ['a move', '/lifecycle', 'Who moved where'],
    ['a flow', '/journey', 'How customers move'],
    ['an edge of the paths', '/journey', 'Paths'],
    ['a channel that earned', '/journey', 'What earns the sale'],
  ];
  it.each(tables)('%s, by keyboard through the table behind the picture', async (_name, path, title) => {
    const { page, complaints, close } = await openPage(browser, server.url + path);
    const frame = await tableOf(page, title);
    const cells = frame.locator('td button.open');
    const cell = cells.nth(Math.floor((await cells.count()) / 2));
    const count = numberIn(await cell.innerText());
    expect(count).toBeGreaterThan(0);
    await cell.focus();
    await page.keyboard.press('Enter');
    expect(await listed(page)).toBe(count);
    await closed(page);
    expect(complaints).toEqual([]);
    await close();
  });

  it('those with a value that goes with converting', async () => {
    const { page, close } = await openPage(browser, `${server.url}/funnels`);
    const mark = page.locator('button.people').first();
    const count = await said(mark);
    await mark.click();
    expect(await listed(page)).toBe(count);
    await close();
  });

  it('a click in a plot, and by touch the second tap', async () => {
    const { page, close } = await openPage(browser, `${server.url}/lifecycle`, {
      viewport: PHONE,
      hasTouch: true,
    });
    const plot = plotOf(page, 'How the shares move');
    await plot.locator('canvas').first().waitFor(PATIENT);
    const box = (await plot.boundingBox()) ?? { width: 0, height: 0 };
    await plot.scrollIntoViewIfNeeded();
    await plot.tap({ position: { x: box.width - 12, y: box.height / 2 } });
    expect(await drawer(page).count()).toBe(0);
    await plot.tap({ position: { x: box.width - 12, y: box.height / 2 } });
    expect(await listed(page)).toBeGreaterThan(0);
    await close();
  });
});

describe('the place', () => {
  it('is kept on the way to a customer and back, and a link opens the same list', async () => {
    const { page, complaints, close } = await openPage(browser, `${server.url}/journey`);
    const mark = page.getByRole('button', { name: /^Awareness: open 180 customers/ });
    await mark.waitFor(PATIENT);
    await page.evaluate('scrollTo(0, 120)');
    await mark.click();
    const place = await page.evaluate<number>('scrollY');
    expect(await listed(page)).toBe(CUSTOMERS);
    await drawer(page).locator('button.select').click();
    await page.getByRole('option', { name: 'Revenue' }).click();
    await drawer(page).locator('[data-row="0"]').filter({ hasText: 'c179' }).waitFor(PATIENT);
    const rows = drawer(page).locator('.rows');
    // Further pages come as the end comes near.
    await expect.poll(() => rows.evaluate(scrolledDown), PATIENT).toBe(6000);
    const row = drawer(page).locator('[data-row="120"]');
    const who = await row.getAttribute('href', PATIENT);
    const top = await rows.evaluate(scrolled);
    const address = page.url();
    await row.click();
    await page.getByText('Timeline', { exact: true }).waitFor(PATIENT);
    await page.goBack();
    expect(page.url()).toBe(address);
    expect(await drawer(page).locator('[data-row="120"]').getAttribute('href', PATIENT)).toBe(who);
    await expect.poll(() => rows.evaluate(scrolled), PATIENT).toBe(top);
    await expect.poll(() => page.evaluate('scrollY'), PATIENT).toBe(place);
    await closed(page);
    expect(new URL(page.url()).search).not.toContain('open');
    expect(await page.evaluate('scrollY')).toBe(place);

    await page.goto(address);
    expect(await listed(page)).toBe(CUSTOMERS);
    expect(await drawer(page).locator('[data-row="0"]').innerText()).toContain('c179');
    await page.keyboard.press('Tab');
    await drawer(page).locator('[data-row="0"]').focus();
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowUp');
    expect(Number(await page.locator(':focus').getAttribute('data-row'))).toBeGreaterThan(90);
    expect(complaints).toEqual([]);
    await close();
  });
});

async function textOf(download: Download): Promise<string> {
  return readFile(await download.path(), 'utf8');
}

describe('what is taken along', () => {
  it('the whole list as CSV, and as an audience of exactly those', async () => {
    const { page, complaints, close } = await openPage(browser, `${server.url}/journey?lang=zh`);
    await page.locator('.column .head').first().click(PATIENT);
    expect(await listed(page)).toBe(CUSTOMERS);
    const [download] = await Promise.all([
      page.waitForEvent('download', PATIENT),
      drawer(page).getByRole('button', { name: 'CSV' }).click(),
    ]);
    const text = await textOf(download);
    expect(download.suggestedFilename()).toMatch(/^waymark-认知-最近-30-天-\d{4}-\d\d-\d\d-\d{4}\.csv$/);
    expect(text.startsWith('\uFEFF客户编号,姓名,生命周期阶段,订单数,销售额,')).toBe(true);
    const rows = text.trim().split('\r\n').slice(1);
    expect(new Set(rows.map((row) => row.split(',')[0])).size).toBe(CUSTOMERS);

    await drawer(page).getByRole('button', { name: '保存为人群' }).click();
    await drawer(page).getByRole('textbox').fill('一月访客');
    await drawer(page).getByRole('button', { name: '保存', exact: true }).click();
    await page.getByText('已保存“一月访客”').waitFor(PATIENT);
    const { audiences } = await server.query<{
      audiences: { name: string; isStatic: boolean; size: number }[];
    }>('{ audiences { name isStatic size } }');
    expect(audiences).toEqual([{ name: '一月访客', isStatic: true, size: CUSTOMERS }]);
    expect(complaints).toEqual([]);
    await close();
  });

  it.each(['light', 'dark'])('a chart as PNG and as CSV (%s)', async (theme) => {
    const { page, close } = await openPage(browser, `${server.url}/lifecycle?theme=${theme}`);
    const frame = frameOf(page, 'Growth');
    await frame.locator('canvas').waitFor(PATIENT);
    const save = async (name: string) => {
      await frame.getByRole('button', { name: 'Export and table' }).click();
      const [download] = await Promise.all([
        page.waitForEvent('download', PATIENT),
        page.getByRole('menuitem', { name }).click(),
      ]);
      return download;
    };
    const png = await save('Save as PNG');
    expect(png.suggestedFilename()).toMatch(/^waymark-growth-last-90-days-[\d-]+\.png$/);
    const bytes = await readFile(await png.path());
    expect(bytes.subarray(1, 4).toString()).toBe('PNG');
    const box = await frame.locator('canvas').boundingBox();
    expect(bytes.readUInt32BE(16)).toBeGreaterThan((box?.width ?? 0) * 2);
    expect(bytes.readUInt32BE(20)).toBeGreaterThan((box?.height ?? 0) * 2 + 100);
    const csv = await textOf(await save('Save data as CSV'));
    expect(csv).toMatch(/^\uFEFFWeek,Returning,/);
    expect(csv.split('\r\n')[1]).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z,\d+,/);
    await close();
  });

  it.each([true, false])('pages on paper (landscape: %s)', async (landscape) => {
    const { page, close } = await openPage(browser, `${server.url}/lifecycle?theme=dark`);
    const plot = plotOf(page, 'Growth');
    await plot.locator('canvas').first().waitFor(PATIENT);
    await page.evaluate(`addEventListener('beforeprint', () => {
      const fine = document.querySelector('canvas.fine');
      globalThis.printed = { theme: document.documentElement.dataset.theme, isFine: fine?.width > 1000 };
    })`);
    const pdf = await page.pdf({ format: 'A4', landscape, printBackground: true });
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    expect(await page.evaluate('printed')).toEqual({
      theme: 'light',
      isFine: true,
    });
    expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
    await page.emulateMedia({ media: 'print' });
    const hidden = page.locator('nav, header[data-chrome], .actions button');
    expect(await hidden.filter({ visible: true }).count()).toBe(0);
    expect(await page.locator('.print-only.head').innerText()).toMatch(/Waymark · Lifecycle\s+Last 90 days/);
    await close();
  });
});
