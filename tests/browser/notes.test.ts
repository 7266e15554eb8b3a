/** Annotations, targets and the period before, in a real browser on the real server. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { openBrowser, openPage, PHONE } from '../support/browser.ts';
import { testEngine } from '../support/engine.ts';
import { customer, storeEvents } from '../support/events.ts';
import { overflow, settled, violationsOf } from '../support/page-checks.ts';
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
    // One customer a day for 59 days; in the last 30 every one of them ordered, before that every second.
    Array.from({ length: 59 }, (_, i) => {
      const seen = customer(`c${i}`).did('product_viewed', daysAgo(i + 0.6), { channel: 'web' });
      if (i >= 30 && i % 2 === 1) return seen;
      return seen.did('order_completed', daysAgo(i + 0.55), { orderId: `o${i}`, revenue: 20 });
    }),
  );
});
afterAll(async () => {
  await browser.close();
  await server.close();
  await engine.close();
});

/** The machine may be busy. */
const PATIENCE = { timeout: 20_000 };

const annotations = async (): Promise<string[]> => {
  const range = { from: '2000-01-01T00:00:00Z', to: '2100-01-01T00:00:00Z' };
  const list = `query ($range: RangeInput!) { annotations(range: $range) { text } }`;
  const answer = await server.query<{ annotations: { text: string }[] }>(list, { range });
  return answer.annotations.map(({ text }) => text);
};
const marks = (page: Page) => page.getByRole('button', { name: /^\d+ annotations?\./ });

describe('an annotation', () => {
  it('is written with the keyboard, seen by others at once, changed, removed and brought back', async () => {
    const { page, complaints, close } = await openPage(browser, `${server.url}/overview`);
    const other = await openPage(browser, `${server.url}/overview`);
    const frame = page.locator('.frame', { has: page.getByRole('heading', { name: 'Lifecycle stages' }) });
    await frame.getByRole('button', { name: 'Export and table' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'Annotate' }).press('Enter');
    await page.getByLabel('What happened').fill('Autumn <b>sale</b>');
    await page.keyboard.press('Tab');
    await page.getByRole('button', { name: 'Annotate', exact: true }).press('Enter');
    await marks(page).waitFor();
    await marks(other.page).waitFor();
    expect(await marks(other.page).getAttribute('aria-label')).toContain('Autumn <b>sale</b>');
    expect(await violationsOf(page)).toEqual([]);

    await marks(page).press('Enter');
    await page.getByRole('button', { name: /^Change:/ }).click();
    await page.getByLabel('What happened').fill('Autumn sale');
    await page.getByRole('button', { name: 'Save the change' }).click();
    await expect.poll(annotations, PATIENCE).toEqual(['Autumn sale']);

    await page.getByRole('button', { name: /^1 annotation.*Autumn sale/ }).click();
    await page.getByRole('button', { name: /^Remove:/ }).click();
    await expect.poll(annotations, PATIENCE).toEqual([]);
    await expect.poll(() => marks(other.page).count(), PATIENCE).toBe(0);
    await page.getByRole('button', { name: 'Undo' }).last().click();
    await expect.poll(annotations, PATIENCE).toEqual(['Autumn sale']);
    await frame.getByRole('button', { name: 'Export and table' }).click();
    await page.getByRole('menuitem', { name: 'Show the table' }).click();
    await frame.getByRole('cell', { name: 'Autumn sale' }).waitFor();
    expect(complaints).toEqual([]);
    await Promise.all([close(), other.close()]);
  });

  it('folds with others of its day, and is written where the axis is clicked', async () => {
    const annotate = 'mutation ($at: DateTime!, $text: String!) { annotate(at: $at, text: $text) { id } }';
    const at = new Date(Date.now() - 10 * 86_400_000).toISOString();
    for (const text of ['One', 'Two', 'Three']) await server.query(annotate, { at, text });
    const { page, close } = await openPage(browser, `${server.url}/funnels`);
    await page.getByRole('button', { name: /^3 annotations\..*One · Two · Three/ }).waitFor();
    const chart = page.getByRole('img', { name: 'Conversion over time' });
    await settled(page, PATIENCE);
    await chart.scrollIntoViewIfNeeded();
    const box = await chart.boundingBox();
    if (!box) throw new Error('the chart has no box');
    await page.mouse.click(box.x + box.width / 2, box.y + box.height - 6);
    await page.getByRole('dialog', { name: 'Annotate' }).waitFor();
    await close();
  });
});

describe('a target', () => {
  it('is set from its tile, tells how it stands, and comes back when its removal is undone', async () => {
    const { page, complaints, close } = await openPage(browser, `${server.url}/overview`);
    await page.getByRole('button', { name: 'Orders: target' }).click();
    await page.getByRole('menuitem', { name: 'Set a target' }).click();
    const dialog = page.getByRole('dialog', { name: 'Target: Orders' });
    await dialog.getByRole('spinbutton').fill('400');
    await dialog.getByLabel('For', { exact: true }).click();
    await page.getByRole('option', { name: 'each year' }).click();
    await dialog.getByRole('button', { name: 'Save the target' }).click();
    const meter = page.getByRole('meter', { name: /^Target, \d{4}$/ });
    await meter.waitFor();
    expect(await meter.getAttribute('aria-valuetext')).toMatch(/^Target for \d{4}: 400\. So far 4\d, 1\d%/);
    expect(await violationsOf(page)).toEqual([]);
    await page.getByRole('button', { name: 'Orders: target' }).click();
    await page.getByRole('menuitem', { name: 'Remove the target' }).click();
    await expect.poll(() => meter.count(), PATIENCE).toBe(0);
    await page.getByRole('button', { name: 'Undo' }).last().click();
    await meter.waitFor();
    expect(complaints).toEqual([]);
    await close();
    const tv = await openPage(browser, `${server.url}/overview?tv`);
    await tv.page.getByRole('meter').waitFor();
    expect(await tv.page.getByRole('button', { name: 'Orders: target' }).count()).toBe(0);
    await tv.close();
  });
});

describe('the period before', () => {
  it('stands beside every key figure and in the tables, on a phone and in Chinese too', async () => {
    const { page, complaints, close } = await openPage(browser, `${server.url}/overview`);
    await page.getByRole('button', { name: 'Compare with the period before' }).click();
    const orders = page.locator('[data-kpi="Orders"]');
    await orders.getByText('before 15').waitFor();
    await orders.getByText('+100%').waitFor();
    await page
      .getByText(/^Thin dashes: .* up to the same moment$/)
      .first()
      .waitFor();
    await page.goto(`${server.url}/funnels?compare`);
    const frame = page.locator('.frame', {
      has: page.getByRole('heading', { name: 'Conversion over time' }),
    });
    await frame.getByText(/Thin dashes/).waitFor();
    await frame.getByRole('button', { name: 'Export and table' }).click();
    await page.getByRole('menuitem', { name: 'Show the table' }).click();
    await frame.getByRole('columnheader', { name: 'Conversion rate, Before' }).waitFor();
    expect(complaints).toEqual([]);
    await close();

    const phone = await openPage(browser, `${server.url}/overview?compare&lang=zh`, { viewport: PHONE });
    await phone.page
      .getByText(/^细虚线：/)
      .first()
      .waitFor();
    expect(await overflow(phone.page)).toBe(0);
    await phone.close();
  });
});
