import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { openBrowser, openPage } from '../support/browser.ts';
import { testEngine } from '../support/engine.ts';
import { customer, storeEvents } from '../support/events.ts';
import { violationsOf } from '../support/page-checks.ts';
import { serveTest } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';

let browser: Browser;
let engine: Engine;
let server: TestServer;

const MINUTE = 60_000;
/** Minutes into a visit two days ago. */
const at = (minute: number): number => Date.now() - 2 * 1440 * MINUTE + minute * MINUTE;
const WEB = { channel: 'web' };

beforeAll(async () => {
  browser = await openBrowser();
  engine = await testEngine();
  server = await serveTest(engine);
  await storeEvents(engine, [
    customer('anna')
      .did('page_viewed', at(0), { ...WEB, path: '/' })
      .did('product_viewed', at(1), WEB)
      .did('product_added', at(2), WEB)
      .did('order_completed', at(3), { ...WEB, orderId: 'o1', revenue: 50 }),
    customer('ben')
      .did('ad_clicked', at(0), { channel: 'email' })
      .did('product_viewed', at(1), WEB)
      .did('page_viewed', at(2), { ...WEB, path: '/sale' })
      .did('product_viewed', at(3), WEB),
    customer('cleo').did('page_viewed', at(0), { ...WEB, path: '/' }),
  ]);
}, 60_000);

afterAll(async () => {
  await browser.close();
  await server.close();
  await engine.close();
});

/** How long an answer may take on a busy machine. */
const PATIENT = { timeout: 30_000 };

/** Who stands in the open list; closes it. */
async function people(page: Page): Promise<string[]> {
  const drawer = page.getByRole('dialog');
  await drawer.getByRole('link').first().waitFor(PATIENT);
  const links = await drawer.getByRole('link').all();
  const hrefs = await Promise.all(links.map((link) => link.getAttribute('href')));
  await page.keyboard.press('Escape');
  await drawer.waitFor({ state: 'detached' });
  return hrefs.map((href) => /customers\/(\w+)/.exec(href ?? '')?.[1] ?? '').sort();
}

describe('the journey map', () => {
  it('opens who is in a stage and who stopped there', async () => {
    const { page, complaints, close } = await openPage(browser, `${server.url}/journey`);
    await page.getByRole('button', { name: /^Consideration: open 2 customers, 66.7%/ }).click(PATIENT);
    expect(await people(page)).toEqual(['anna', 'ben']);
    await page.getByRole('button', { name: 'Awareness: 1 stopped here' }).click();
    expect(await people(page)).toEqual(['cleo']);
    await page.getByRole('button', { name: 'Consideration: 1 stopped here' }).click();
    expect(await people(page)).toEqual(['ben']);
    expect(complaints).toEqual([]);
    await close();
  });

  it('shows moves onward and back, opened by keyboard alone', async () => {
    const { page, complaints, close } = await openPage(browser, `${server.url}/journey`);
    const onward = page.getByRole('button', { name: /^Awareness to Consideration: 3 moves by 2 customers/ });
    await onward.waitFor(PATIENT);
    await onward.focus();
    await page.keyboard.press('Enter');
    expect(await people(page)).toEqual(['anna', 'ben']);
    const names: (string | null)[] = [];
    for (let i = 0; i < 3; i += 1) {
      await page.keyboard.press('ArrowRight');
      names.push(await page.locator(':focus').getAttribute('aria-label'));
    }
    expect(names.some((name) => name?.startsWith('Consideration to Awareness: 1 move by 1 customer'))).toBe(
      true,
    );
    await page.getByRole('button', { name: /^Consideration to Awareness/ }).press('Enter');
    expect(await people(page)).toEqual(['ben']);
    expect(complaints).toEqual([]);
    await close();
  });

  it('follows what happens, without reload', async () => {
    const { page, close } = await openPage(browser, `${server.url}/journey`);
    await page.getByRole('button', { name: /^Advocacy: open 0 customers/ }).waitFor(PATIENT);
    await storeEvents(engine, [customer('anna').did('review_submitted', Date.now() - MINUTE, WEB)]);
    await page.getByRole('button', { name: /^Advocacy: open 1 customer/ }).waitFor(PATIENT);
    await close();
  });
});

describe('the paths explorer', () => {
  it('starts at any event, and opens any edge; the address keeps it', async () => {
    const { page, complaints, close } = await openPage(browser, `${server.url}/journey`);
    await page.getByRole('radio', { name: 'List' }).check(PATIENT);
    await page.getByRole('button', { name: '/ to Product viewed: Open 1 customer' }).click(PATIENT);
    expect(await people(page)).toEqual(['anna']);
    await page.getByRole('button', { name: /^Start at/ }).click();
    await page.keyboard.type('ad cl');
    await page.keyboard.press('Enter');
    await page.waitForURL(/ad_clicked/);
    await page.getByRole('button', { name: 'Ad clicked to Product viewed: Open 1 customer' }).click(PATIENT);
    expect(await people(page)).toEqual(['ben']);
    await page
      .getByRole('button', { name: '/ to Product viewed: Open 1 customer' })
      .waitFor({ state: 'detached' });
    const again = await openPage(browser, page.url());
    await again.page.getByRole('button', { name: 'Product viewed to /sale: Open 1 customer' }).click(PATIENT);
    expect(await people(again.page)).toEqual(['ben']);
    expect(complaints).toEqual([]);
    await close();
    await again.close();
  });

  it('ends at any event, groups by pattern, leaves out; and says so when no path fits', async () => {
    const ask = (state: object): string =>
      `${server.url}/journey?q=${encodeURIComponent(JSON.stringify({ paths: 'list', ...state }))}`;
    const { page, close } = await openPage(
      browser,
      ask({ endAt: 'order_completed', exclude: ['product_added'] }),
    );
    await page
      .getByRole('button', { name: 'Product viewed to Order completed: Open 1 customer' })
      .waitFor(PATIENT);
    await page.getByRole('button', { name: 'Remove Added to cart' }).click();
    await page
      .getByRole('button', { name: 'Added to cart to Order completed: Open 1 customer' })
      .waitFor(PATIENT);
    await page.goto(ask({ groups: ['/*'] }));
    await page.getByRole('button', { name: 'Product viewed to /*: Open 1 customer' }).waitFor(PATIENT);
    await page.goto(ask({ startAt: 'nowhere' }));
    await page.getByText('No path fits').waitFor(PATIENT);
    await close();
  });
});

describe('what earns the sale', () => {
  it('divides the conversions by the models chosen', async () => {
    const { page, close } = await openPage(browser, `${server.url}/journey`);
    const credit = page.getByRole('table', { name: 'What earns the sale' });
    await credit.getByRole('row', { name: /^Web/ }).waitFor(PATIENT);
    expect(await credit.getByRole('columnheader').count()).toBe(9);
    await page.getByRole('button', { name: /^Models/ }).click();
    await page.getByRole('checkbox', { name: /^Markov/ }).uncheck();
    await expect.poll(() => credit.getByRole('columnheader').count(), PATIENT).toBe(8);
    expect(page.url()).toContain('LAST_TOUCH');
    await close();
  });
});

describe('the value of customers', () => {
  it('places buyers in a grid and everybody in a segment; both open into people', async () => {
    const { page, complaints, close } = await openPage(browser, `${server.url}/customers`);
    await page.getByRole('radio', { name: 'Value' }).check(PATIENT);
    await page
      .getByRole('button', { name: /^Recency \d, frequency \d: 1 customer, \$50.00 on average/ })
      .click(PATIENT);
    expect(await people(page)).toEqual(['anna']);
    await page.getByRole('button', { name: /^Prospects: open 2 customers/ }).click();
    expect(await people(page)).toEqual(['ben', 'cleo']);
    expect(await violationsOf(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await close();
  });
});
