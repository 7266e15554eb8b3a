/** The first minutes: an empty store says how to send, shows the first event arrive, and leads on. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { openBrowser, openPage } from '../support/browser.ts';
import { testEngine } from '../support/engine.ts';
import { flawsOf } from '../support/page-checks.ts';
import { serveTest } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';

const KEY = 'the-key-of-this-very-store';
const PATIENT = { timeout: 60_000 };
let browser: Browser;
let engine: Engine;
let server: TestServer;

beforeAll(async () => {
  browser = await openBrowser();
  engine = await testEngine();
  server = await serveTest(engine, { adminKey: KEY });
});

afterAll(async () => {
  await browser.close();
  await server.close();
  await engine.close();
});

it('a store with a key leads from sign-in over the command as it stands there to the customer it made', async () => {
  const { page, close } = await openPage(browser, `${server.url}/funnels?lang=en`);
  await page.locator('input[type=password]').fill(KEY);
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: 'Send a first event' }).click(PATIENT);
  await page.getByText('Nothing has arrived yet').waitFor(PATIENT);
  await page.getByText('put a write key in the place of WRITE_KEY').waitFor();
  await page.getByRole('link', { name: 'Overview' }).click();
  const command = page.getByRole('region', { name: 'Code for curl' });
  await command.waitFor(PATIENT);
  const text = (await command.textContent()) ?? '';
  expect(text).toContain(server.url);
  await promisify(execFile)('sh', ['-c', text.replace('WRITE_KEY', KEY)]);

  await page.getByRole('heading', { name: 'Your first event has arrived' }).waitFor(PATIENT);
  const told = page.getByRole('status').filter({ hasText: 'Your first event' });
  await told.getByText('Order completed').waitFor(PATIENT);
  await told.getByText('$42').waitFor();
  expect(await flawsOf(page)).toEqual([]);
  await page.locator('[data-kpi="Orders"] .value').filter({ hasText: '1' }).waitFor(PATIENT);
  await page.getByRole('link', { name: 'See this customer' }).click();
  await page.waitForURL(/customers\/ann/);
  await page.goBack();
  await page.getByRole('button', { name: 'Close', exact: true }).click(PATIENT);
  await page.getByRole('heading', { name: 'Your first event has arrived' }).waitFor({ state: 'detached' });
  await close();
});

it('the example file is taken from where it is offered', async () => {
  const none = await testEngine();
  const other = await serveTest(none);
  const { page, close } = await openPage(browser, `${other.url}/overview?lang=zh`);
  await page.getByRole('radio', { name: '文件' }).check({ force: true, ...PATIENT });
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: '保存此示例' }).click();
  const saved = await (await saving).path();
  page.on('filechooser', (chooser) => void chooser.setFiles(saved));
  await page.getByRole('button', { name: '选择文件，或拖放到这里' }).click();
  await page.waitForURL(/\/data/);
  await page.getByText('完成', { exact: true }).first().waitFor(PATIENT);
  await page.getByRole('link', { name: '客户', exact: true }).click();
  await page.getByRole('link', { name: 'ann' }).first().waitFor(PATIENT);
  await close();
  await other.close();
  await none.close();
});
