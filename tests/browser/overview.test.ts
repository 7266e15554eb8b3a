import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { openBrowser, openPage, PHONE } from '../support/browser.ts';
import { testEngine } from '../support/engine.ts';
import { customer, storeEvents } from '../support/events.ts';
import { styleOf } from '../support/page-checks.ts';
import { serveTest } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';

let browser: Browser;
let engine: Engine;
let server: TestServer;

beforeAll(async () => {
  browser = await openBrowser();
  engine = await testEngine();
  server = await serveTest(engine);
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
  await server.close();
  await engine.close();
});

/** As the README tells a newcomer to do it. */
function curl(event: object): Promise<unknown> {
  const query = 'mutation ($events: [EventInput!]!) { ingest(events: $events) { accepted } }';
  const body = JSON.stringify({ query, variables: { events: [event] } });
  return promisify(execFile)('curl', [
    '-sS',
    `${server.url}/graphql`,
    '-H',
    'content-type: application/json',
    '-d',
    body,
  ]);
}

describe('the open Overview page', () => {
  it('shows each event sent with curl as it comes, without reload', async () => {
    const { page, complaints, close } = await openPage(browser, `${server.url}/overview`);
    const orders = page.locator('[data-kpi="Orders"] .value');
    await orders.filter({ hasText: '40' }).waitFor();
    for (let i = 1; i <= 5; i += 1) {
      await curl({
        event: 'order_completed',
        customerId: `new${i}`,
        channel: 'app',
        orderId: `n${i}`,
        revenue: 10,
      });
      await orders.filter({ hasText: String(40 + i) }).waitFor();
    }
    await page.getByText('new5').first().waitFor();
    expect(complaints).toEqual([]);
    await close();
  });

  it('shows the menu of a number to the pointer, the keyboard and the finger, and moves nothing', async () => {
    const { page, close } = await openPage(browser, `${server.url}/overview`);
    const tile = page.locator('[data-kpi="Orders"]');
    const menu = tile.getByRole('button', { name: 'Orders: target' });
    await menu.waitFor();
    const opacity = () => styleOf(menu, 'opacity');
    const places = async () => [
      await tile.locator('.change').boundingBox(),
      await tile.locator('.value').boundingBox(),
    ];
    const before = await places();
    expect(await opacity()).toBe('0');
    await tile.hover();
    await expect.poll(opacity).toBe('1');
    expect(await places()).toEqual(before);
    await page.mouse.move(0, 0);
    await expect.poll(opacity).toBe('0');
    await tile.locator('button.value').focus();
    await page.keyboard.press('Shift+Tab');
    await expect.poll(opacity).toBe('1');
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem').first().waitFor();
    await close();
    const phone = await openPage(browser, `${server.url}/overview`, {
      viewport: PHONE,
      isMobile: true,
      hasTouch: true,
    });
    const there = phone.page.getByRole('button', { name: 'Orders: target' });
    expect(await styleOf(there, 'opacity')).toBe('1');
    await phone.close();
  });

  it('says when the list behind a number was counted', async () => {
    const { page, close } = await openPage(browser, `${server.url}/overview`);
    await page.locator('[data-kpi="Orders"] button.value').click();
    const said = page.getByRole('dialog').locator('.head p');
    await said
      .filter({ hasText: /^\d+ customers as of \d\d:\d\d:\d\d; the page goes on counting$/ })
      .waitFor();
    await close();
  });
});
