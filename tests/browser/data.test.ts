import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { DESK, openBrowser, openPage, PHONE } from '../support/browser.ts';
import type { OpenPage } from '../support/browser.ts';
import { dropFile } from '../support/drop-file.ts';
import { testEngine } from '../support/engine.ts';
import { overflow, settled, flawsOf } from '../support/page-checks.ts';
import { serveTest } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';

let browser: Browser;
let engine: Engine;
let server: TestServer;
let open: OpenPage;

/** How long an answer may take on a busy machine. */
const PATIENT = { timeout: 60_000 };
const HOSTILE = '<img src=x onerror="window.__x=1">';

beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

beforeEach(async () => {
  engine = await testEngine();
  server = await serveTest(engine);
  open = await openPage(browser, 'about:blank');
});
afterEach(async () => {
  await open.close();
  await server.close();
  await engine.close();
});

const at = (state: object = {}, more = ''): string =>
  `${server.url}/data?q=${encodeURIComponent(JSON.stringify(state))}${more}`;

function send(events: readonly object[]): Promise<unknown> {
  return server.query('mutation ($events: [EventInput!]!) { ingest(events: $events) { accepted } }', {
    events,
  });
}

const figure = (page: Page, name: string) =>
  page.locator('dl > div').filter({ has: page.getByText(name, { exact: true }) });

describe('what arrives', () => {
  it('is told how to begin on an empty store, and shows the first event by itself', async () => {
    const { page, complaints } = open;
    await page.goto(at());
    await page.getByText('Nothing has arrived yet').waitFor(PATIENT);
    await page.getByText(`curl ${server.url}/v1/track`).waitFor();
    await page.getByRole('radio', { name: 'Node.js' }).check({ force: true });
    await page.getByText('@segment/analytics-node').first().waitFor();

    await fetch(`${server.url}/v1/track`, {
      method: 'POST',
      body: JSON.stringify({
        userId: 'ann',
        event: 'Order Completed',
        properties: { order_id: 'o1', total: 42 },
      }),
    });
    await page.locator('[data-feed]').getByText('Order completed').waitFor(PATIENT);
    await figure(page, 'Accepted').getByText('1', { exact: true }).waitFor(PATIENT);
    await expect
      .poll(() => page.locator('[data-last-minute]').getAttribute('data-last-minute'), PATIENT)
      .toBe('1');
    await page.getByRole('heading', { name: 'Send events' }).waitFor(PATIENT);

    await send([
      { event: 'order_completed', customerId: 'ann', id: 'twice' },
      { event: 'order_completed', customerId: 'ann', id: 'twice' },
      { event: 'order_completed' },
    ]);
    await figure(page, 'Known already').getByText('1', { exact: true }).waitFor(PATIENT);
    await figure(page, 'Rejected').getByRole('link', { name: '1' }).click(PATIENT);
    await page
      .getByRole('button', { name: 'An event needs a customerId or an anonymousId.' })
      .waitFor(PATIENT);
    expect(complaints).toEqual([]);
  });
});

describe('the Overview of an empty store', () => {
  it('shows the first event by itself', async () => {
    const { page, complaints } = open;
    await page.goto(`${server.url}/overview`);
    await page.getByText('Nothing has arrived yet').waitFor(PATIENT);
    await page.getByText('Waiting for the next event').waitFor(PATIENT);
    await send([
      { event: 'order_completed', customerId: 'ann', channel: 'store', orderId: 'o1', revenue: 42 },
    ]);
    await page.locator('[data-kpi="Orders"] .value').filter({ hasText: '1' }).waitFor(PATIENT);
    await expect.poll(() => page.getByText('Nothing has arrived yet').count(), PATIENT).toBe(0);
    expect(complaints).toEqual([]);
  });
});

describe('what was refused', () => {
  it('comes by itself, is sent again with a field set, and what is still refused says why', async () => {
    const { page, complaints } = open;
    await page.goto(at({ view: 'rejected' }));
    await page.getByText('Nothing was refused').waitFor(PATIENT);
    const note = { properties: { note: HOSTILE } };
    await send([
      { event: 'a', customerId: 'null', ...note },
      { event: 'b', customerId: 'undefined' },
      { event: 'c', customerId: 'null', revenue: 1e15 },
    ]);
    await page.getByRole('button', { name: 'customerId "…" is not an id.' }).click(PATIENT);
    await page.getByRole('button', { name: 'Send all 3 again' }).waitFor(PATIENT);
    await page.getByRole('button', { name: /"event":"a"/ }).click();
    await page.getByRole('region', { name: 'As it was sent' }).getByText(HOSTILE.slice(0, 12)).waitFor();

    await page.getByRole('button', { name: 'Send all 3 again' }).click();
    await page.getByRole('button', { name: 'Set fields first' }).click();
    await page.getByRole('textbox', { name: 'Value' }).fill('ann');
    expect(await flawsOf(page)).toEqual([]);
    await page.getByRole('button', { name: 'Send again', exact: true }).click();
    await page.getByText('2 stored').waitFor(PATIENT);
    await page.getByText('1 still refused: revenue is beyond 10,000,000,000,000.').waitFor();
    await page.getByRole('button', { name: 'Close' }).click();
    await page.getByText('None left with this reason').waitFor(PATIENT);
    await page.getByRole('button', { name: 'All reasons' }).click();
    await page.getByRole('button', { name: /^revenue is beyond/ }).waitFor(PATIENT);
    expect(
      (await server.query<{ catalog: { totalEvents: number } }>('{ catalog { totalEvents } }')).catalog,
    ).toEqual({
      totalEvents: 2,
    });
    expect(await page.evaluate('window.__x')).toBeUndefined();
    expect(complaints).toEqual([]);
  });

  it('cannot be seen while the server is away, and comes by itself when it is back', async () => {
    const { page } = open;
    await page.goto(at());
    await page.getByText('Nothing has arrived yet').waitFor(PATIENT);
    await page.context().setOffline(true);
    await page.getByRole('radio', { name: 'Rejected' }).check({ force: true });
    await page.getByText('The server cannot be reached', { exact: true }).waitFor(PATIENT);
    await page.context().setOffline(false);
    await page.getByText('Nothing was refused').waitFor(PATIENT);
    expect(await page.getByText('The server cannot be reached', { exact: true }).count()).toBe(0);
  });

  it('is searched, chosen and sent again by keyboard alone', async () => {
    const { page, complaints } = open;
    await send(['one', 'two', 'three'].map((event) => ({ event, customerId: 'null' })));
    await page.goto(at({ view: 'rejected' }));
    await page.getByRole('button', { name: 'customerId "…" is not an id.' }).focus(PATIENT);
    await page.keyboard.press('Enter');
    await page.getByRole('searchbox').focus(PATIENT);
    await page.keyboard.type('"two"');
    await page.getByRole('button', { name: 'Send all 1 again' }).waitFor(PATIENT);
    const box = page.getByRole('checkbox', { name: 'Choose this event: customerId "null" is not an id.' });
    await box.focus();
    await page.keyboard.press('Space');
    await page.getByRole('button', { name: 'Send 1 again' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Set fields first' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('textbox', { name: 'Value' }).focus();
    await page.keyboard.type('bob');
    await page.keyboard.press('Enter');
    await page.getByText('1 stored').waitFor(PATIENT);
    await page.keyboard.press('Escape');
    await page.getByText('No event fits the search').waitFor(PATIENT);
    expect(page.url()).toContain('search');
    expect(complaints).toEqual([]);
  });
});

describe('files', () => {
  const HEAD = 'customer_id,event,time,channel,revenue';
  const ORDERS = [
    HEAD,
    'ann,order_completed,2026-01-05T10:00:00Z,web,5',
    'bob,order_completed,2026-01-06T10:00:00Z,store,7',
    'cid,order_completed,2026-01-07T10:00:00Z,store,much',
  ].join('\n');

  it('are dropped anywhere, imported in sight, opened where rows were refused, and undone', async () => {
    const { page, complaints } = open;
    await page.goto(at());
    await page.getByText('Nothing has arrived yet').waitFor(PATIENT);
    await dropFile(page, 'orders.csv', ORDERS);
    const row = page.locator('[data-import]').filter({ hasText: 'orders.csv' });
    await page.locator('[data-import=DONE]').waitFor(PATIENT);
    expect((await row.textContent())?.replaceAll(/\s+/g, ' ')).toMatch(
      /Rows 3 Accepted 2 Known already 0 Rejected 1/,
    );
    await row.getByRole('button', { name: '1 rejected: show them' }).click();
    await page.getByText('revenue is not a number.').first().waitFor(PATIENT);
    await page.goBack();
    await row.getByRole('button', { name: 'Undo the import of orders.csv' }).click(PATIENT);
    await page.getByText(/2 events that came with this file are removed/).waitFor();
    expect(await flawsOf(page)).toEqual([]);
    await page.getByRole('dialog').getByRole('button', { name: 'Undo', exact: true }).click();
    await page.locator('[data-import=UNDONE]').waitFor(PATIENT);
    const { catalog } = await server.query<{ catalog: object }>('{ catalog { totalEvents } }');
    expect(catalog).toEqual({ totalEvents: 0 });
    expect(complaints).toEqual([]);
  });

  it('with other columns are asked about, and one that is none says so', async () => {
    const { page } = open;
    await page.goto(at({ view: 'files' }));
    await page.getByText('No file was imported yet').waitFor(PATIENT);
    const buffer = Buffer.from('wer,was,wann\nann,view,2026-01-05T10:00:00Z\n');
    await page.locator('[data-files]').setInputFiles({ name: 'fremd.csv', mimeType: 'text/csv', buffer });
    await page.getByRole('combobox', { name: 'The customer' }).selectOption('wer', PATIENT);
    await page.getByRole('combobox', { name: 'The event’s name' }).selectOption('was');
    await page.getByRole('combobox', { name: 'When it happened' }).selectOption('wann');
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await page.locator('[data-import=DONE]').getByText('fremd.csv').waitFor(PATIENT);

    await page
      .locator('[data-files]')
      .setInputFiles({ name: 'list.json', mimeType: 'text/plain', buffer: Buffer.from('[1, 2]') });
    await page.getByText('list.json was not imported').waitFor(PATIENT);
    await page
      .getByRole('alert')
      .getByText(/is a JSON array/)
      .waitFor();
    await page.getByRole('button', { name: 'Dismiss list.json' }).click();
    expect(await page.getByText('list.json was not imported').count()).toBe(0);
  });
});

describe('the catalogue', () => {
  it('lists events by stage, finds them, and shows what one carries', async () => {
    const { page, complaints } = open;
    await send([
      { event: 'product_viewed', customerId: 'ann', properties: { sku: 'x', price: 2 } },
      { event: 'order_completed', customerId: 'ann', orderId: 'o1', revenue: 3 },
      { event: HOSTILE, customerId: 'ann' },
    ]);
    await page.goto(at({ view: 'catalogue' }));
    await page.getByRole('rowheader', { name: 'Consideration' }).waitFor(PATIENT);
    await page.getByRole('rowheader', { name: 'In no stage of the journey map' }).waitFor();
    await page.getByRole('searchbox').fill('viewed');
    await expect.poll(() => page.getByRole('rowheader', { name: 'Purchase' }).count(), PATIENT).toBe(0);
    await page.getByRole('button', { name: 'Properties of Product viewed' }).click();
    await page
      .getByRole('dialog')
      .getByRole('row', { name: /price number 1/ })
      .waitFor(PATIENT);
    await page
      .getByRole('dialog')
      .getByRole('row', { name: /sku text 1/ })
      .waitFor();
    expect(await page.evaluate('window.__x')).toBeUndefined();
    expect(complaints).toEqual([]);
  });
});

describe('every view', () => {
  const VIEWS = ['arriving', 'rejected', 'files', 'catalogue'];
  it.each([
    { lang: 'en', theme: 'light', size: DESK },
    { lang: 'zh', theme: 'dark', size: PHONE },
  ])('is accessible and fits, empty and filled, $lang, $theme', async ({ lang, theme, size }) => {
    const { page, complaints } = open;
    const states = [
      ...VIEWS.map((view) => ({ view })),
      { view: 'rejected', reason: 'customerId "…" is not an id.' },
    ];
    for (const filled of [false, true]) {
      if (filled) {
        await send([
          { event: 'product_viewed', customerId: 'ann', channel: 'web', properties: { [HOSTILE]: HOSTILE } },
          { event: HOSTILE.repeat(3), customerId: 'null' },
        ]);
        await fetch(`${server.url}/imports?name=${'long-name-'.repeat(12)}.csv`, {
          method: 'POST',
          headers: { 'content-type': 'application/octet-stream' },
          body: 'customer_id,event,time\nann,view,2026-01-05T10:00:00Z\nann,,2026-01-05T10:00:00Z\n',
        });
      }
      for (const state of states) {
        await page.setViewportSize(size);
        await page.goto(at(state, `&lang=${lang}&theme=${theme}`));
        await page.getByRole('heading', { level: 1 }).waitFor(PATIENT);
        await settled(page, PATIENT);
        await expect.poll(async () => [state, await overflow(page)], PATIENT).toEqual([state, 0]);
        expect([state, ...(await flawsOf(page))]).toEqual([state]);
      }
    }
    expect(await page.evaluate('window.__x')).toBeUndefined();
    expect(complaints).toEqual([]);
  });
});
