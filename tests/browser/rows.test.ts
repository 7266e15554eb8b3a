/** Long lists: of 100,000 customers, 20,000 events, 5,000 names, 500 of what is saved or came in, only what is in sight. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { Sql } from '../../server/query/sql.ts';
import { openBrowser, openPage, PHONE } from '../support/browser.ts';
import { testEngine } from '../support/engine.ts';
import { overflow, settled, violationsOf } from '../support/page-checks.ts';
import { serveTest } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';

const PATIENT = { timeout: 60_000 };
const SAVED = 500;
const q = (state: object): string => `?q=${encodeURIComponent(JSON.stringify(state))}`;
const REFUSED = `/data${q({ view: 'rejected', reason: 'The event has no name.' })}`;

let browser: Browser;
let engine: Engine;
let server: TestServer;

beforeAll(async () => {
  browser = await openBrowser();
  engine = await testEngine();
  await fill();
  server = await serveTest(engine);
}, 180_000);
afterAll(async () => {
  await browser.close();
  await server.close();
  await engine.close();
});

/** 100,000 customers with an order each; one of them does 20,000 more things, of 5,000 names. */
async function fill(): Promise<void> {
  const insert = `INSERT INTO events (customer_id, event, time, channel, order_id, revenue, session_id, event_id, properties)
SELECT if(number < 100000, concat('customer-', leftPad(toString(number), 6, '0')), 'customer-000000'),
  if(number < 100000, 'order_completed', concat('event_', toString(number % 5000))),
  now64(3) - toIntervalSecond(number * 20), ['web', 'app', 'store'][number % 3 + 1],
  if(number < 100000, toString(number), ''), if(number < 100000, number % 90 + 1, NULL), '', toString(number), '{"page":"home"}'
FROM numbers(120000)`;
  await engine.command('test_many', new Sql([insert], []));
  const reports = `INSERT INTO reports (id, name, kind, input, view, place, is_deleted, created_at, updated_at, version)
SELECT toString(number), concat('Report ', toString(number)), 'CUSTOMERS', '{}', '', 0, 0, now64(3), now64(3), 1
FROM numbers(${SAVED})`;
  await engine.command('test_reports', new Sql([reports], []));
  const audiences = `INSERT INTO audiences (id, name, definition, members_id, is_deleted, created_at, version)
SELECT toString(number), concat('Audience ', toString(number)), '{"lifecycleStages":["new"]}', '', 0, now64(3), 1
FROM numbers(${SAVED})`;
  await engine.command('test_audiences', new Sql([audiences], []));
  const rejected = `INSERT INTO rejected_events (received_at, reason, payload, source)
SELECT now64(3) - toIntervalSecond(number), 'The event has no name.', concat('{"n":', toString(number), '}'), 'graphql'
FROM numbers(${SAVED})`;
  await engine.command('test_rejected', new Sql([rejected], []));
  const imports = `INSERT INTO imports (import_id, file, state, owner, chunks, done_chunks, rows, accepted, rejected, started_at, version)
SELECT number + 1, concat('file-', toString(number), '.csv'), 'done', '', 1, 1, 10, 10, 0, now64(3) - toIntervalMinute(number), 1
FROM numbers(${SAVED})`;
  await engine.command('test_imports', new Sql([imports], []));
}

const elements = (page: Page) => page.evaluate<number>("document.querySelectorAll('main *').length");
const row = (page: Page, index: number) => page.locator(`main [data-row="${index}"]`);
/** Scrolls to the end, where more comes, until so many rows are there. */
async function reached(page: Page, index: number): Promise<void> {
  const drawn = `Math.max(...[...document.querySelectorAll('main [data-row]')].map((mark) => Number(mark.dataset.row)))`;
  await expect
    .poll(() => page.evaluate(`scrollTo(0, document.documentElement.scrollHeight), ${drawn}`), PATIENT)
    .toBeGreaterThanOrEqual(index);
}

it('the list of 100,000 customers is scrolled, walked by key, and found again where it was left', async () => {
  const { page, complaints, close } = await openPage(browser, `${server.url}/customers`);
  await page.getByText('100,000 customers').first().waitFor(PATIENT);
  await row(page, 0).waitFor(PATIENT);
  const table = page.locator('main table');
  expect(await table.getAttribute('aria-rowcount')).toBe('100001');
  await reached(page, 3000);
  expect(await elements(page)).toBeLessThan(1500);
  await page.evaluate('scrollTo(0, 3000 * 40)');
  const line = page.locator('main tr[aria-rowindex="3002"] [data-row]');
  expect(await line.getAttribute('data-row', PATIENT)).toBe('3000');
  expect(await violationsOf(page)).toEqual([]);

  await row(page, 3000).focus();
  await page.keyboard.press('ArrowDown');
  await expect.poll(() => page.evaluate('document.activeElement.dataset.row')).toBe('3001');
  await page.keyboard.press('PageUp');
  await expect.poll(() => page.evaluate('Number(document.activeElement.dataset.row)')).toBeLessThan(2995);
  await page.keyboard.press('Home');
  await expect.poll(() => page.evaluate('document.activeElement.dataset.row')).toBe('0');

  await page.evaluate('scrollTo(0, 60000)');
  const far = row(page, 1510);
  const who = await far.getAttribute('href', PATIENT);
  await far.click();
  await page.getByText('Timeline', { exact: true }).waitFor(PATIENT);
  await page.goBack();
  await expect.poll(() => row(page, 1510).getAttribute('href', PATIENT), PATIENT).toBe(who);
  await expect.poll(() => page.evaluate('scrollY'), PATIENT).toBe(60_000);
  expect(complaints).toEqual([]);
  await close();
});

it('and on phones, where the same list has one column', async () => {
  const { page, complaints, close } = await openPage(browser, `${server.url}/customers?lang=zh`, {
    viewport: PHONE,
  });
  await row(page, 0).waitFor(PATIENT);
  await reached(page, 1200);
  expect(await elements(page)).toBeLessThan(1500);
  expect(await overflow(page)).toBe(0);
  await page.evaluate('scrollTo(0, 1200 * 60)');
  expect(await page.locator('main li[aria-posinset="1201"]').getAttribute('aria-setsize')).toBe('100000');
  expect(complaints).toEqual([]);
  await close();
});

it('a customer of 20,000 events is read on and on, and stays small', async () => {
  const { page, complaints, close } = await openPage(browser, `${server.url}/customers/customer-000000`);
  await page.getByText('20,001 events').waitFor(PATIENT);
  await reached(page, 2000);
  expect(await elements(page)).toBeLessThan(3000);
  await page.evaluate('scrollTo(0, 2000 * 34)');
  const place = page.locator('main li[aria-posinset="2001"]');
  expect(await place.getAttribute('aria-setsize')).toBe('20001');
  // What is measured only as it is drawn leaves no hole: rows stand one below the other.
  const gaps = await page.evaluate(
    `Math.max(...[...document.querySelectorAll('main ol:has([data-row])')].flatMap((list) => [...list.children].map((line, i, all) =>
      i ? Math.abs(line.getBoundingClientRect().top - all[i - 1].getBoundingClientRect().bottom) : 0)))`,
  );
  expect(gaps).toBeLessThan(1);
  expect(complaints).toEqual([]);
  await close();
});

it.each([
  ['5,000 names', `/data${q({ view: 'catalogue' })}`, 4990, 'table'],
  ['500 audiences', `/customers${q({ view: 'audiences' })}`, 499, 'table'],
  ['500 reports', '/reports', 499, 'ul'],
  ['500 refused events', REFUSED, 499, 'ul'],
  ['500 imports', `/data${q({ view: 'files' })}`, 499, 'ul'],
])('a list of %s draws what is in sight', async (_name, path, last, kind) => {
  const { page, complaints, close } = await openPage(browser, `${server.url}${path}`);
  await page.locator('main [data-row="3"]').waitFor(PATIENT);
  await settled(page, PATIENT);
  expect(await elements(page)).toBeLessThan(2500);
  await reached(page, last);
  expect(await elements(page)).toBeLessThan(2500);
  expect(await violationsOf(page)).toEqual([]);
  const end = await page.evaluate<number>(
    `document.querySelector('main ${kind}').getBoundingClientRect().bottom - innerHeight`,
  );
  expect(end).toBeLessThan(1);
  expect(complaints).toEqual([]);
  await close();
});

it('refused events are walked by key, and stay open and chosen while they are out of sight', async () => {
  const { page, complaints, close } = await openPage(browser, `${server.url}${REFUSED}`);
  await row(page, 2).click(PATIENT);
  expect(await row(page, 2).getAttribute('aria-expanded')).toBe('true');
  const box = page.locator('main li[aria-posinset="2"] input');
  await box.check();
  await reached(page, 120);
  expect(await row(page, 2).count()).toBe(0);
  await row(page, 120).focus();
  await page.keyboard.press('ArrowDown');
  await expect.poll(() => page.evaluate('document.activeElement.dataset.row')).toBe('121');
  await page.keyboard.press('Home');
  await expect.poll(() => page.evaluate('document.activeElement.dataset.row')).toBe('0');
  expect(await row(page, 2).getAttribute('aria-expanded')).toBe('true');
  expect(await box.isChecked()).toBe(true);
  expect(await page.locator('main li[aria-posinset="1"]').getAttribute('aria-setsize')).toBe('500');
  expect(complaints).toEqual([]);
  await close();
});

it('a list whose store is away keeps what it showed and says how old it is; a slow one moves nothing', async () => {
  const { page, close } = await openPage(browser, 'about:blank');
  await page.addInitScript(
    `window.moved = 0;
     new PerformanceObserver((list) => list.getEntries().forEach((shift) => (window.moved += shift.value)))
       .observe({ type: 'layout-shift', buffered: true });`,
  );
  let answer = (): void => undefined;
  const held = new Promise<void>((resolve) => (answer = resolve));
  await page.route('**/graphql', async (route) => {
    if (route.request().postData()?.includes('query Customers(')) await held;
    await route.continue();
  });
  await page.goto(`${server.url}/customers`);
  await page.locator('main .skeleton').first().waitFor(PATIENT);
  answer();
  await row(page, 0).waitFor(PATIENT);
  expect(await page.evaluate('moved')).toBeLessThan(0.05);

  const rename = (from: string, to: string) =>
    engine.command('test_away', new Sql([`RENAME TABLE ${from} TO ${to}`], []));
  await rename('customers', 'customers_gone');
  const order = page.locator('main button.select, main [role=combobox]').filter({ hasText: 'Last seen' });
  await order.click();
  await page.getByRole('option', { name: 'Revenue' }).click();
  await page.getByText('The server could not answer').waitFor(PATIENT);
  await page.getByText(/You see the last answer, from/).waitFor(PATIENT);
  expect(await row(page, 0).count()).toBe(1);
  await rename('customers_gone', 'customers');
  await page.getByText('The server could not answer').waitFor({ state: 'detached', ...PATIENT });
  await page.locator('main tr[aria-rowindex="2"]', { hasText: '$90.00' }).waitFor(PATIENT);
  await close();
});
