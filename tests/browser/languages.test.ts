/** Chinese is whole: no English is left on any page, nor in what the server says of its answers. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { saidIn } from '../../dashboard/src/i18n/said.ts';
import { said } from '../../dashboard/src/i18n/zh/said.ts';
import type { Engine } from '../../server/engine/port.ts';
import { openBrowser, openPage } from '../support/browser.ts';
import { testEngine } from '../support/engine.ts';
import { customer, storeEvents } from '../support/events.ts';
import { settled } from '../support/page-checks.ts';
import { serveTest } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';

let browser: Browser;
let engine: Engine;
let server: TestServer;
let empty: TestServer;
let none: Engine;

const PATIENT = { timeout: 60_000 };
const HOUR = 3_600_000;

beforeAll(async () => {
  browser = await openBrowser();
  [engine, none] = await Promise.all([testEngine(), testEngine()]);
  // Names that the dashboard knows, so that Latin letters on a page are words of its own.
  const steps = ['page_viewed', 'product_viewed', 'product_added', 'checkout_started', 'order_completed'];
  const stories = Array.from({ length: 60 }, (_, i) => {
    const story = customer(`1000${i}`);
    const begun = Date.now() - (i % 28) * 24 * HOUR - 2 * HOUR;
    steps.slice(0, 2 + (i % 4)).forEach((event, step) => {
      const order = event === 'order_completed' ? { orderId: `8${i}`, revenue: 20 + i } : {};
      story.did(event, begun + step * 60_000, { channel: i % 2 ? 'web' : 'store', city: '成都', ...order });
    });
    return story;
  });
  await storeEvents(engine, stories);
  [server, empty] = await Promise.all([serveTest(engine), serveTest(none)]);
  await server.query('mutation ($events: [EventInput!]!) { ingest(events: $events) { accepted } }', {
    events: [{ event: '1', customerId: 'null' }, { event: '2' }],
  });
}, 120_000);

afterAll(async () => {
  await browser.close();
  await Promise.all([server.close(), empty.close()]);
  await Promise.all([engine.close(), none.close()]);
});

const q = (state: object): string => `?q=${encodeURIComponent(JSON.stringify(state))}`;
const VIEWS = [
  '/overview',
  '/journey',
  `/journey${q({ paths: 'list' })}`,
  '/funnels',
  '/lifecycle',
  '/cohorts',
  '/customers',
  `/customers${q({ view: 'value' })}`,
  `/customers${q({ view: 'audiences' })}`,
  '/customers/10001',
  '/data',
  `/data${q({ view: 'rejected' })}`,
  `/data${q({ view: 'files' })}`,
  `/data${q({ view: 'catalogue' })}`,
  '/nowhere',
];

/** Names of things that are called so in Chinese as well, and what stands as it was sent. */
const ALLOWED =
  /\b(?:Waymark|Segment|Node\.js|GraphQL|WRITE_KEY|CORS_ORIGINS|curl|SDK|API|CSV|NDJSON|Parquet|PNG|PDF|gzip|Zstandard|npm run [\w -]+|waymark import|orders\.csv|App|UTC|GMT|id|v1|track|identify|page|screen|alias|group|batch|store|customerId|anonymousId|English|URL|Tab|Esc|Shift|Ctrl|Cmd)\b/g;

/** Words in Latin letters that are seen, or read aloud, or shown on hover; code to copy and names as sent apart. */
async function latin(page: Page): Promise<readonly string[]> {
  const texts = await page.evaluate<string[]>(`(() => {
    const found = [];
    const isData = (node) => node.closest('pre, code, [lang=en], [data-feed], kbd') !== null;
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
      const parent = walk.currentNode.parentElement;
      if (parent.checkVisibility() && !isData(parent)) found.push(walk.currentNode.data);
    }
    for (const name of ['aria-label', 'title', 'placeholder', 'alt', 'aria-description'])
      for (const node of document.querySelectorAll('[' + name + ']'))
        if (!isData(node)) found.push(node.getAttribute(name));
    for (const node of document.querySelectorAll('[hidden]')) found.push(node.textContent);
    return found.map((text) => text.trim());
  })()`);
  return [...new Set(texts)].filter((text) => {
    // As it was sent: a name in small letters with underscores.
    const rest = text.replaceAll(/\b[a-z]+(_[a-z]+)+\b/g, '').replaceAll(ALLOWED, '');
    return /[A-Za-z]{2,}/.test(rest);
  });
}

it.each(['full', 'empty'])('no English stands on any page of a store that is %s', async (store) => {
  const { page, close } = await openPage(browser, 'about:blank', { locale: 'zh-CN' });
  const left: string[] = [];
  for (const path of VIEWS) {
    await page.goto(`${(store === 'full' ? server : empty).url}${path}`);
    await page.locator('main').waitFor(PATIENT);
    await settled(page, PATIENT);
    left.push(...(await latin(page)).map((text) => `${path.slice(0, 40)}: ${text.slice(0, 160)}`));
  }
  expect(left).toEqual([]);
  await close();
});

it('what an answer counted is told in Chinese whole', async () => {
  const range = 'range: { last: "P30D" }';
  const steps = ['product_viewed', 'order_completed']
    .map((event) => `{ match: { events: ["${event}"] } }`)
    .join(', ');
  const asked = [
    `overview(input: { ${range} })`,
    `journey(input: { ${range} })`,
    `lifecycle(input: { ${range} })`,
    `lifecycle(input: { ${range}, breakdown: { properties: ["channel"] } })`,
    `paths(input: { ${range} })`,
    `attribution(input: { ${range}, conversion: { events: ["order_completed"] }, models: [LINEAR, MARKOV] })`,
    'rfm(input: {})',
    `retention(input: { ${range}, start: { events: ["order_completed"] }, interval: WEEK })`,
    `funnel(input: { ${range}, window: "P14D", steps: [${steps}] })`,
    `funnel(input: { ${range}, window: "PT90M", steps: [${steps}], order: ANY, holdConstant: ["city"] })`,
    `funnel(input: { ${range}, window: "P14D", steps: [${steps}], where: { property: "city", op: IS, values: ["1"] }, breakdown: { properties: ["channel"] } })`,
  ];
  const english: string[] = [];
  for (const question of asked) {
    const { answer } = await server.query<{ answer: { meta: { definition: string } } }>(
      `{ answer: ${question} { meta { definition } } }`,
    );
    const { definition } = answer.meta;
    const chinese = saidIn(said, definition, () => '名') ?? definition;
    if (/[A-Za-z]{2,}/.test(chinese.replaceAll(/UTC|\d[\dTZ:.-]*/g, ''))) english.push(chinese);
  }
  expect(english).toEqual([]);
});
