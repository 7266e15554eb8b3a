import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { openBrowser, openPage } from '../support/browser.ts';
import { testEngine } from '../support/engine.ts';
import { customer, storeEvents } from '../support/events.ts';
import { serveTest } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';
import { stallingProxy } from '../support/stalling-proxy.ts';
import type { StallingProxy } from '../support/stalling-proxy.ts';

let browser: Browser;
let engine: Engine;
let server: TestServer;
let proxy: StallingProxy;
let orders = 20;

beforeAll(async () => {
  browser = await openBrowser();
  engine = await testEngine();
  server = await serveTest(engine);
  proxy = await stallingProxy(() => server.url);
  await storeEvents(
    engine,
    Array.from({ length: orders }, (_, i) =>
      customer(`c${i}`).did('order_completed', Date.now() - (i + 1) * 3_600_000, {
        orderId: `o${i}`,
        revenue: 25,
      }),
    ),
  );
});

afterAll(async () => {
  await browser.close();
  await proxy.close();
  await server.close();
  await engine.close();
});

async function order(): Promise<void> {
  orders += 1;
  await server.query('mutation ($events: [EventInput!]!) { ingest(events: $events) { accepted } }', {
    events: [{ event: 'order_completed', customerId: 'late', orderId: `late-${orders}`, revenue: 5 }],
  });
}

const shots = process.env['SHOTS'];

describe('a page whose connection is gone', () => {
  it('after a night asleep says how old the picture is, then shows the present', async () => {
    const { page, close } = await openPage(browser, 'about:blank');
    await page.clock.install();
    await page.goto(`${proxy.address}/overview`);
    const value = page.locator('[data-kpi="Orders"] .value');
    await value.filter({ hasText: String(orders) }).waitFor();
    await page.locator('.beat[data-state=live]').first().waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);

    proxy.stall();
    await order();
    await page.clock.fastForward('08:00:00');
    await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
    await page.getByRole('alert').filter({ hasText: '8h ago' }).waitFor();
    expect(await value.textContent()).toContain(String(orders - 1));
    if (shots) await page.screenshot({ path: `${shots}/asleep.png` });

    await value.filter({ hasText: String(orders) }).waitFor();
    await page.getByRole('alert').waitFor({ state: 'detached' });
    await page.locator('.beat[data-state=live]').first().waitFor();
    if (shots) await page.screenshot({ path: `${shots}/awake.png` });
    await close();
  });

  it('says so, in Chinese too, and is back at once when the network is', async () => {
    const { page, close } = await openPage(browser, `${proxy.address}/overview?lang=zh`, { locale: 'zh-CN' });
    const value = page.locator('[data-kpi="Orders"] .value, [data-kpi] .value').first();
    await value.waitFor();
    await page.locator('.beat[data-state=live]').first().waitFor();
    // Each wait as long as it may be: the next one would be eight seconds.
    await page.evaluate('window.random = Math.random; Math.random = () => 0.999;');
    proxy.shut();
    await page.getByRole('alert').filter({ hasText: '系统会持续重连' }).waitFor({ timeout: 20_000 });
    if (shots) await page.screenshot({ path: `${shots}/offline-zh.png` });
    await order();
    await page.evaluate('Math.random = window.random;');
    proxy.open();
    await page.evaluate("window.dispatchEvent(new Event('online'))");
    await page.locator('.beat[data-state=live]').first().waitFor({ timeout: 6000 });
    await page.getByText(String(orders), { exact: true }).first().waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
    await close();
  });
});
