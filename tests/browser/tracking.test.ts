/** Segment's library for browsers, in a page of another origin, sends to Waymark instead of Segment. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { openBrowser, openPage } from '../support/browser.ts';
import { testEngine } from '../support/engine.ts';
import { serveTest } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';
import { trackedOf } from '../support/tracking.ts';

const KEY = 'the-write-key-of-this-test';
const LONG = 240_000;
const PATIENT = { timeout: 20_000 };

/** The library as it is built for a script tag. */
const require = createRequire(import.meta.url);
const library = readFileSync(join(dirname(require.resolve('@segment/analytics-next')), '../umd/index.js'));
const PAGE = `<!doctype html><title>Shop</title><script src="/library.js"></script><h1>Shop</h1>`;

let browser: Browser;
let engine: Engine;
let shop: Server;
let shopUrl: string;
let server: TestServer;

beforeAll(async () => {
  shop = createServer((request, response) => {
    const isLibrary = request.url === '/library.js';
    response.setHeader('content-type', isLibrary ? 'text/javascript' : 'text/html');
    response.end(isLibrary ? library : PAGE);
  });
  await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve));
  shopUrl = `http://127.0.0.1:${(shop.address() as AddressInfo).port}`;
  browser = await openBrowser();
  engine = await testEngine();
  server = await serveTest(engine, { adminKey: KEY, origins: [shopUrl] });
}, 120_000);

afterAll(async () => {
  await browser.close();
  await server.close();
  await engine.close();
  shop.closeAllConnections();
  shop.close();
});

/** What a page does to load the library; settings stand in the page, so that nothing else is asked. */
function loading(more: object): string {
  const segment = { apiKey: KEY, apiHost: `${new URL(server.url).host}/v1`, protocol: 'http', ...more };
  const settings = { writeKey: KEY, cdnSettings: { integrations: { 'Segment.io': segment } } };
  return `window.analytics = AnalyticsNext.AnalyticsBrowser.load(${JSON.stringify(settings)});`;
}

const visit = (name: string): string => `(async () => {
  await analytics.page('Catalogue', 'Shoes');
  await analytics.track('Product Viewed', { product_id: 'p1', price: 10 });
  await analytics.identify('${name}', { tier: 'gold' });
  await analytics.track('Order Completed', { order_id: '${name}', total: '25.50', channel: 'app' });
})()`;

it.each([
  ['each message by itself', {}],
  ['in batches', { deliveryStrategy: { strategy: 'batching', config: { size: 10, timeout: 200 } } }],
])(
  'takes what it sends, %s',
  async (way, more) => {
    const name = way.replaceAll(' ', '-');
    const { page, complaints, close } = await openPage(
      browser,
      `${shopUrl}/shoes?utm_campaign=spring&utm_source=mail`,
    );
    await page.evaluate(loading(more));
    await page.evaluate(visit(name));
    const visitor = String(await page.evaluate('analytics.instance.user().anonymousId()'));
    await expect.poll(async () => (await trackedOf(engine, name)).length, PATIENT).toBe(1);
    await expect.poll(async () => (await trackedOf(engine, visitor)).length, PATIENT).toBe(2);

    const [order] = await trackedOf(engine, name);
    expect(order).toMatchObject({
      event: 'Order Completed',
      channel: 'app',
      order_id: name,
      revenue: '25.5',
    });
    const events = await trackedOf(engine, visitor);
    expect(events.map(({ event, channel }) => [event, channel])).toEqual([
      ['page_viewed', 'web'],
      ['Product Viewed', 'web'],
    ]);
    expect(events[0]?.properties).toMatchObject({
      ...{ category: 'Catalogue', name: 'Shoes', path: '/shoes', title: 'Shop' },
      ...{ campaign: 'spring', campaign_source: 'mail', device: 'desktop', locale: 'en-US' },
    });
    const { data } = await server.ask(
      '{ customers(input: {}, first: 10) { nodes { id traits } } }',
      {},
      { authorization: `Bearer ${KEY}` },
    );
    expect(JSON.stringify(data)).toContain(`"${name}"`);
    expect(complaints).toEqual([]);
    await close();
  },
  LONG,
);

it(
  'takes what is sent while the page is left',
  async () => {
    const { page, close } = await openPage(browser, `${shopUrl}/left`);
    const config = { size: 100, timeout: 60_000 };
    await page.evaluate(loading({ deliveryStrategy: { strategy: 'batching', config } }));
    await page.evaluate(`(async () => {
      await analytics.identify('leaver');
      await analytics.track('Cart Viewed');
    })()`);
    expect(await trackedOf(engine, 'leaver')).toEqual([]);
    await page.goto(`${shopUrl}/elsewhere`);
    await expect.poll(async () => (await trackedOf(engine, 'leaver')).length, PATIENT).toBe(1);
    // A beacon cannot carry a header.
    await page.evaluate(`navigator.sendBeacon('${server.url}/v1/batch', JSON.stringify({ writeKey: '${KEY}',
      batch: [{ type: 'track', event: 'Cart Viewed', userId: 'beacon' }] }))`);
    await expect.poll(async () => (await trackedOf(engine, 'beacon')).length, PATIENT).toBe(1);
    await close();
  },
  LONG,
);
