/** Keys in a real browser: the first one, a link for a screen, what a role sees, the end of a key. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ensureBuilt } from '../../scripts/build.mjs';
import type { Engine } from '../../server/engine/port.ts';
import { openBrowser, openPage, PHONE } from '../support/browser.ts';
import { testEngine } from '../support/engine.ts';
import { customer, storeEvents } from '../support/events.ts';
import { makeKey } from '../support/keys.ts';
import { serveTest } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';

let browser: Browser;
let engine: Engine;
let server: TestServer;
const address = (view: string): string =>
  `${server.url}/data?q=${encodeURIComponent(JSON.stringify({ view }))}`;

beforeAll(async () => {
  await ensureBuilt();
  engine = await testEngine();
  const hour = 3_600_000;
  await storeEvents(
    engine,
    ['ann', 'ben'].map((id) =>
      customer(id)
        .did('product_viewed', Date.now() - 2 * hour, { channel: 'web' })
        .did('order_completed', Date.now() - hour, { channel: 'web', orderId: `o-${id}`, revenue: 20 }),
    ),
  );
  server = await serveTest(engine);
  browser = await openBrowser();
}, 120_000);

afterAll(async () => {
  await browser.close();
  await server.close();
  await engine.close();
});

it('the first key, a link for a screen, its end; by keyboard where it is typed', async () => {
  const { page, complaints, close } = await openPage(browser, address('keys'));
  await page.getByRole('button', { name: 'Make the first key' }).click();
  expect(await page.getByRole('radio', { name: /Viewer/ }).isDisabled()).toBe(true);
  await page.getByLabel('Name').fill('Ann <b>');
  await page.keyboard.press('Enter');
  const secret = await page.getByRole('region', { name: 'The key' }).innerText();
  expect(secret).toMatch(/^wm_\w{43}$/);
  await page.getByText('This tab uses the new one').waitFor();
  await page.getByRole('button', { name: 'I have copied it' }).click();
  await page.getByText('Ann <b>').waitFor();

  await page.getByRole('button', { name: 'Television link' }).click();
  await page.getByRole('radio', { name: 'Chosen' }).check();
  for (const name of ['Journey', 'Funnels', 'Cohorts']) await page.getByRole('checkbox', { name }).uncheck();
  await page.getByLabel('Seconds that Lifecycle stays').fill('45');
  for (const _ of ['Funnels', 'Journey'])
    await page.getByRole('button', { name: 'Lifecycle: earlier' }).click();
  await page.getByLabel('Name').fill('Lobby');
  await page.keyboard.press('Enter');
  const link = await page.getByRole('region', { name: 'The link' }).innerText();
  await page.getByRole('button', { name: 'I have copied it' }).click();

  const screen = await openPage(browser, link);
  expect(link).toContain('/?tv=overview,lifecycle:45#key=');
  await screen.page.getByText('Revenue').first().waitFor();
  expect(screen.page.url()).not.toContain('key');
  await screen.page.getByText('$40').first().waitFor();
  expect(await screen.page.locator('[data-feed]').count()).toBe(0);
  expect(screen.complaints).toEqual([]);

  await page.getByRole('button', { name: 'Revoke the key Lobby' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
  await screen.page.getByText('The key of this screen is no longer valid').waitFor();
  await screen.close();
  expect(complaints.filter((text) => !text.includes('401'))).toEqual([]);
  await close();
}, 120_000);

it('a viewer sees totals, and is told what opens the rest; keys are signed in with and out', async () => {
  if (server.services.keys.isEmpty) await makeKey(server, 'ADMIN');
  const viewer = await makeKey(server, 'VIEWER');
  const writer = await makeKey(server, 'WRITER');
  const { page, close } = await openPage(browser, `${server.url}/customers`, { viewport: PHONE });
  const field = page.getByLabel('Access key');
  await field.fill('wm_wrong');
  await page.keyboard.press('Enter');
  await page.getByText('did not accept this key').waitFor();
  await field.fill(writer.secret);
  await page.keyboard.press('Enter');
  await page.getByText('only sends events').waitFor();
  await field.fill(viewer.secret);
  await page.keyboard.press('Enter');
  await page.getByText('This page shows single people').waitFor();
  await page.goto(`${server.url}/overview`);
  await page.getByText('$40').first().waitFor();
  for (const [view, text] of [
    ['rejected', 'This page shows single people'],
    ['files', 'This is for Admin'],
    ['keys', 'This is for Admin'],
  ] as const) {
    await page.goto(address(view));
    await page.getByText(text).waitFor();
  }
  await page.getByRole('button', { name: /Signed in/ }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await field.waitFor();
  expect(await page.evaluate("sessionStorage.getItem('waymark.key')")).toBeNull();
  await close();
}, 120_000);

it('a list of people that a viewer opens says why it stays shut', async () => {
  if (server.services.keys.isEmpty) await makeKey(server, 'ADMIN');
  const viewer = await makeKey(server, 'VIEWER');
  const { page, close } = await openPage(browser, `${server.url}/journey#key=${viewer.secret}`);
  await page.getByRole('button', { name: /^Consideration: open 2 customers/ }).click({ timeout: 60_000 });
  await page.getByText('Your key does not open this').waitFor();
  expect(page.url()).not.toContain('wm_');
  await close();
}, 120_000);
