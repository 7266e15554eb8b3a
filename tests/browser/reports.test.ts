/** Saved reports in a real browser: save, change, rename, open, delete with undo, pin and order, embed. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { openBrowser, openPage, PHONE } from '../support/browser.ts';
import { testEngine } from '../support/engine.ts';
import { customer, storeEvents } from '../support/events.ts';
import { overflow, violationsOf } from '../support/page-checks.ts';
import { serveTest } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';

let browser: Browser;
let engine: Engine;
let server: TestServer;
let intranet: { url: string; close: () => void };
let framed = '';

/** How long an answer may take on a busy machine. */
const PATIENT = { timeout: 60_000 };
const LONG = 240_000;
const DAY = 86_400_000;

beforeAll(async () => {
  browser = await openBrowser();
  engine = await testEngine();
  intranet = await servePage(() => framed);
  server = await serveTest(engine, { embedOrigins: [intranet.url] });
  const begun = Date.now() - 5 * DAY;
  await storeEvents(
    engine,
    Array.from({ length: 20 }, (_, i) => {
      const story = customer(`c${i}`).did('product_viewed', begun + i * 60_000, { channel: 'web' });
      return i < 8 ? story.did('order_completed', begun + DAY, { revenue: 10, channel: 'web' }) : story;
    }),
  );
}, 120_000);
afterAll(async () => {
  await browser.close();
  intranet.close();
  await server.close();
  await engine.close();
});
beforeEach(async () => {
  const { reports } = await server.query<{ reports: { id: string }[] }>('{ reports { id } }');
  for (const { id } of reports) await server.query('mutation ($id: ID!) { deleteReport(id: $id) }', { id });
});

/** A page of another origin, as an intranet's. */
async function servePage(body: () => string): Promise<typeof intranet> {
  const other = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(`<!doctype html><title>Intranet</title>${body()}`);
  });
  await new Promise<void>((done) => other.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(other.address() as AddressInfo).port}`,
    close: () => void other.close(),
  };
}

const steps = ['product_viewed', 'order_completed'].map((event) => ({ match: { events: [event] } }));
const funnel = { steps, range: { last: 'P30D', timeZone: 'UTC' } };
async function saved(name: string, kind = 'FUNNEL', input: object = funnel): Promise<string> {
  const { saveReport } = await server.query<{ saveReport: { id: string } }>(
    'mutation ($name: String!, $kind: ReportKind!, $input: JSON!) { saveReport(name: $name, kind: $kind, input: $input) { id } }',
    { name, kind, input },
  );
  return saveReport.id;
}
const pin = (id: string) => server.query('mutation ($id: ID!) { pinReport(id: $id) { id } }', { id });
const pinned = async (): Promise<string[]> => {
  const { pinnedReports } = await server.query<{ pinnedReports: { name: string }[] }>(
    '{ pinnedReports { name } }',
  );
  return pinnedReports.map(({ name }) => name);
};
const open = (path: string, options = {}) => openPage(browser, `${server.url}${path}`, options);
const choose = async (page: Page, menu: string, entry: string): Promise<void> => {
  await page.getByRole('button', { name: menu }).click(PATIENT);
  await page.getByRole('menuitem', { name: entry, exact: true }).click(PATIENT);
};
async function fillName(page: Page, name: string): Promise<void> {
  await page.getByRole('dialog').getByLabel('Name').fill(name);
  await page.getByRole('dialog').getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached', ...PATIENT });
}

describe('a report', () => {
  it(
    'is saved from a page, says when the page has changed, and is saved again',
    async () => {
      const { page, complaints, close } = await open('/funnels');
      await page.getByRole('button', { name: 'Save as report' }).click(PATIENT);
      expect(await violationsOf(page)).toEqual([]);
      await fillName(page, 'Look and buy');
      await page.getByRole('button', { name: 'Report “Look and buy”' }).waitFor(PATIENT);
      expect(await page.getByText('changed', { exact: true }).count()).toBe(0);

      await page.getByRole('radio', { name: '90 d' }).check(PATIENT);
      await page.getByText('changed', { exact: true }).waitFor(PATIENT);
      await page.getByRole('button', { name: 'Save changes' }).click();
      await page.getByText('changed', { exact: true }).waitFor({ state: 'detached', ...PATIENT });
      const { reports } = await server.query<{
        reports: { name: string; input: { range: { last: string } } }[];
      }>('{ reports { name input } }');
      expect(reports).toMatchObject([{ name: 'Look and buy', input: { range: { last: 'P90D' } } }]);

      await choose(page, 'Report “Look and buy”', 'Save as a new report');
      await fillName(page, 'Second');
      await page.getByRole('button', { name: 'Report “Second”' }).waitFor(PATIENT);
      expect(complaints).toEqual([]);
      await close();
    },
    LONG,
  );

  it(
    'is found in the list, renamed, opened as it was, deleted and brought back',
    async () => {
      await saved('Something else', 'RFM', {});
      await saved('Look and buy', 'FUNNEL', {
        ...funnel,
        window: 'P7D',
        range: { last: 'P90D', timeZone: 'UTC' },
      });
      const { page, complaints, close } = await open('/reports');
      await page.getByPlaceholder('Find by name').fill('buy', PATIENT);
      await page.getByText('1 report', { exact: true }).waitFor(PATIENT);
      expect(await violationsOf(page)).toEqual([]);

      await choose(page, 'More for “Look and buy”', 'Rename');
      await fillName(page, 'Look, then buy');
      await page.getByRole('link', { name: /Look, then buy/ }).click(PATIENT);
      await page.getByRole('button', { name: 'Report “Look, then buy”' }).waitFor(PATIENT);
      expect(new URL(page.url()).searchParams.get('range')).toBe('90d');
      await page
        .getByRole('button', { name: /7 days/ })
        .first()
        .waitFor(PATIENT);
      expect(await page.getByText('changed', { exact: true }).count()).toBe(0);

      await page.goBack();
      await choose(page, 'More for “Look, then buy”', 'Delete');
      await page.getByText('No report fits').waitFor(PATIENT);
      await page.getByRole('button', { name: 'Undo' }).click();
      await page.getByRole('link', { name: /Look, then buy/ }).waitFor(PATIENT);
      expect(complaints).toEqual([]);
      await close();
    },
    LONG,
  );

  it(
    'that no page can show wholly opens by itself; a missing one says so',
    async () => {
      const id = await saved('Revenue', 'METRIC', { measure: 'REVENUE', range: { last: 'P13D' } });
      const { page, close } = await open('/reports', { viewport: PHONE });
      await page.getByRole('link', { name: /Revenue/ }).click(PATIENT);
      await page.getByText(/^\$80/).first().waitFor(PATIENT);
      expect(new URL(page.url()).pathname).toBe(`/reports/${id}`);
      expect(await overflow(page)).toBe(0);
      expect(await violationsOf(page)).toEqual([]);
      await page.goto(`${server.url}/reports/nothing`);
      await page.getByText('There is no such report').waitFor(PATIENT);
      await close();
    },
    LONG,
  );
});

describe('a report as a file', () => {
  it(
    'is saved in the form that is chosen, by keyboard, with the key of the tab; its address is there to copy',
    async () => {
      const id = await saved('Look and buy');
      const adminKey = 'the-key-of-this-store';
      const guarded = await serveTest(engine, { adminKey });
      const { page, complaints, close } = await openPage(browser, `${guarded.url}/reports#key=${adminKey}`);
      await page.getByRole('button', { name: 'More for “Look and buy”' }).press('Enter', PATIENT);
      await page.getByRole('menuitem', { name: 'Download, connect tools' }).press('Enter', PATIENT);
      const address = page.getByRole('region', { name: 'Address for BI tools' });
      expect(await address.innerText()).toBe(`${guarded.url}/reports/${id}.csv`);
      expect(await violationsOf(page)).toEqual([]);
      await page.getByRole('radio', { name: 'CSV' }).press('ArrowRight');
      await page.getByRole('radio', { name: 'JSON', exact: true }).press('ArrowRight');
      expect(await address.innerText()).toBe(`${guarded.url}/reports/${id}.ndjson`);
      const [download] = await Promise.all([
        page.waitForEvent('download', PATIENT),
        page.getByRole('button', { name: 'Download', exact: true }).press('Enter'),
      ]);
      expect(download.suggestedFilename()).toBe('waymark-look-and-buy.ndjson');
      const chunks: Buffer[] = [];
      for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
      const headers = { authorization: `Bearer ${adminKey}` };
      const served = await fetch(`${guarded.url}/reports/${id}.ndjson`, { headers });
      expect(Buffer.concat(chunks).toString()).toBe(await served.text());
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached', ...PATIENT });
      expect(complaints).toEqual([]);
      await close();
      await guarded.close();
    },
    LONG,
  );

  it(
    'fits a phone, in Chinese, and says why there is none',
    async () => {
      const id = await saved('浏览到下单');
      const { page, close } = await open('/reports?lang=zh&theme=dark', { viewport: PHONE });
      await choose(page, '“浏览到下单”的更多操作', '下载、连接其他工具');
      await page.getByRole('radio', { name: 'Parquet' }).check(PATIENT);
      expect(await overflow(page)).toBe(0);
      expect(await violationsOf(page)).toEqual([]);
      await server.query('mutation ($id: ID!) { deleteReport(id: $id) }', { id });
      await page.getByRole('button', { name: '下载', exact: true }).click();
      await page.getByRole('alert').waitFor(PATIENT);
      await close();
    },
    LONG,
  );
});

describe('the overview', () => {
  it(
    'shows what is pinned, live, in an order that arrow keys change',
    async () => {
      for (const name of ['First', 'Second']) await pin(await saved(name));
      const { page, close } = await open('/overview');
      const tile = (name: string) => page.getByRole('group', { name, exact: true });
      await tile('First').scrollIntoViewIfNeeded(PATIENT);
      await tile('First').getByText('40.0%').first().waitFor(PATIENT);
      await storeEvents(engine, [
        customer('late')
          .did('product_viewed', Date.now() - 60_000)
          .did('order_completed', Date.now() - 30_000, { revenue: 5 }),
      ]);
      await tile('First').getByText('42.9%').first().waitFor(PATIENT);

      await tile('First').getByRole('button', { name: /^Move/ }).press('ArrowRight');
      await page.getByText('“First” is number 2 now').waitFor(PATIENT);
      expect(await pinned()).toEqual(['Second', 'First']);
      await choose(page, 'Report “Second”', 'Remove from the overview');
      await tile('Second').waitFor({ state: 'detached', ...PATIENT });
      expect(await pinned()).toEqual(['First']);
      await close();
    },
    LONG,
  );
});

describe('a page of another origin', () => {
  it(
    'may hold a report in a frame, in its own theme and language, and no other page of ours',
    async () => {
      const id = await saved('Look and buy');
      framed = `<iframe id="one" src="${server.url}/embed/${id}?theme=dark&amp;lang=zh" width="700" height="420"></iframe>
        <iframe id="two" src="${server.url}/reports/${id}"></iframe>`;
      const { page, close } = await openPage(browser, intranet.url);
      const frame = page.frameLocator('#one');
      await frame.getByRole('heading', { name: 'Look and buy' }).waitFor(PATIENT);
      await frame.getByText('浏览商品').waitFor(PATIENT);
      await frame.getByText('实时', { exact: true }).waitFor(PATIENT);
      expect(await frame.locator('html').getAttribute('data-theme')).toBe('dark');
      expect(await frame.getByRole('navigation').count()).toBe(0);
      expect(await page.frameLocator('#two').locator('#app').count()).toBe(0);
      await close();
    },
    LONG,
  );

  it(
    'is refused where it is not among those allowed',
    async () => {
      const id = await saved('Look and buy');
      const stranger = await servePage(() => `<iframe id="one" src="${server.url}/embed/${id}"></iframe>`);
      const { page, complaints, close } = await openPage(browser, stranger.url);
      await expect.poll(() => complaints.join(' '), PATIENT).toMatch(/frame-ancestors/);
      expect(await page.frameLocator('#one').locator('#app').count()).toBe(0);
      await close();
      stranger.close();
    },
    LONG,
  );
});
