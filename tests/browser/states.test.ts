/** Every page with 100,000 customers, and every page whose store has failed. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { Sql } from '../../server/query/sql.ts';
import { openBrowser, openPage, PHONE } from '../support/browser.ts';
import { testEngine } from '../support/engine.ts';
import { flawsOf, overflow, settled } from '../support/page-checks.ts';
import { serveTest } from '../support/server.ts';

const PATIENT = { timeout: 120_000 };
const q = (state: object): string => `?q=${encodeURIComponent(JSON.stringify(state))}`;
const VIEWS = [
  '/overview',
  '/journey',
  '/funnels',
  '/lifecycle',
  '/cohorts',
  '/customers',
  `/customers${q({ view: 'value' })}`,
  '/data',
  `/data${q({ view: 'catalogue' })}`,
];

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

/** So many customers with two events each, of 2,000 names, and a first order. */
async function fill(engine: Engine, customers: number): Promise<void> {
  await engine.command(
    'test_many',
    new Sql(
      [
        `INSERT INTO events (customer_id, event, time, channel, order_id, revenue, session_id, event_id, properties)
SELECT concat('customer-', toString(number % ${customers})),
  if(number < ${customers}, 'order_completed', concat('event_', toString(number % 2000))),
  now64(3) - toIntervalSecond(number * 20), ['web', 'app', 'store'][number % 3 + 1],
  if(number < ${customers}, toString(number), ''), if(number < ${customers}, number % 90 + 1, NULL), '', toString(number), '{}'
FROM numbers(${2 * customers})`,
      ],
      [],
    ),
  );
}

it('with 100,000 customers and 2,000 kinds of events every page settles, fits, and stays small', async () => {
  const engine = await testEngine();
  await fill(engine, 100_000);
  const server = await serveTest(engine);
  const { page, complaints, close } = await openPage(browser, 'about:blank');
  const flaws: string[] = [];
  for (const path of VIEWS) {
    await page.goto(`${server.url}${path}`);
    await page.locator('main').waitFor(PATIENT);
    await settled(page, PATIENT);
    if ((await overflow(page)) !== 0) flaws.push(`${path} is too wide`);
    const nodes = await page.evaluate<number>("document.querySelectorAll('*').length");
    if (nodes > 25_000) flaws.push(`${path} has ${nodes} elements`);
  }
  await page.goto(`${server.url}/customers?lang=zh`);
  await page.getByText('100,000 位客户').first().waitFor(PATIENT);
  expect(flaws).toEqual([]);
  expect(complaints).toEqual([]);
  await close();
  await server.close();
  await engine.close();
});

it('where no customer fits the filters every picture says so, in both languages', async () => {
  const engine = await testEngine();
  await fill(engine, 20);
  const server = await serveTest(engine);
  const { page, complaints, close } = await openPage(browser, 'about:blank');
  const where = JSON.stringify([{ of: 'CUSTOMER', property: 'country', op: 'IS', values: ['Nowhere'] }]);
  for (const [lang, words] of [
    ['en', 'Nobody here yet'],
    ['zh', '暂无客户'],
  ] as const) {
    for (const [path, pictures] of [
      ['/overview', 3],
      ['/lifecycle', 2],
      ['/funnels', 1],
    ] as const) {
      await page.goto(`${server.url}${path}?lang=${lang}&where=${encodeURIComponent(where)}`);
      const said = page.getByRole('heading', { name: words });
      await expect.poll(() => said.count(), PATIENT).toBe(pictures);
      await settled(page, PATIENT);
      expect(await flawsOf(page)).toEqual([]);
    }
  }
  expect(complaints).toEqual([]);
  await close();
  await server.close();
  await engine.close();
});

it('where the store fails every page says so, in both languages, and stays usable', async () => {
  const engine = await testEngine();
  const server = await serveTest(engine);
  const tables = ['events', 'customers', 'customer_traits'];
  for (const table of tables)
    await engine.command('test_broken', new Sql([`RENAME TABLE ${table} TO ${table}_gone`], []));
  const { page, close } = await openPage(browser, 'about:blank', { viewport: PHONE });
  const flaws: string[] = [];
  for (const [lang, words] of [
    ['en', 'The server could not answer'],
    ['zh', '服务器未能给出结果'],
  ] as const) {
    for (const path of ['/overview', '/journey', '/funnels', '/lifecycle', '/cohorts', '/customers']) {
      await page.goto(`${server.url}${path}?lang=${lang}`);
      await page.getByText(words).first().waitFor(PATIENT);
      flaws.push(...(await flawsOf(page)).map((flaw) => `${path} ${flaw}`));
      if ((await overflow(page)) !== 0) flaws.push(`${path} is too wide`);
    }
  }
  expect(flaws).toEqual([]);
  await close();
  await server.close();
  await engine.close();
});
