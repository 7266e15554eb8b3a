/** The rule editor: edit, dry run, publish, and the distribution changes; problems at their place; the way back. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { openBrowser, openPage, PHONE } from '../support/browser.ts';
import { testEngine } from '../support/engine.ts';
import { customer, storeEvents } from '../support/events.ts';
import { overflow, violationsOf } from '../support/page-checks.ts';
import { retailMap } from '../../server/journey/retail.ts';
import { SAVE } from '../support/journey-maps.ts';
import { serveTest } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';

let browser: Browser;
let engine: Engine;
let server: TestServer;

const DAY = 86_400_000;
/** How long an answer may take on a busy machine. */
const PATIENT = { timeout: 100_000 };
const LONG = 240_000;

/** 12 ordered 40 days ago, 3 yesterday, 5 only looked. */
beforeAll(async () => {
  browser = await openBrowser();
  engine = await testEngine();
  server = await serveTest(engine);
  const ordered = (id: string, days: number) =>
    customer(id).did('order_completed', Date.now() - days * DAY, {
      orderId: id,
      revenue: 10,
      channel: 'web',
    });
  await storeEvents(engine, [
    ...Array.from({ length: 12 }, (_, i) => ordered(`a${i}`, 40)),
    ...Array.from({ length: 3 }, (_, i) => ordered(`b${i}`, 1)),
    ...Array.from({ length: 5 }, (_, i) => customer(`c${i}`).did('page_viewed', Date.now() - DAY)),
  ]);
}, 120_000);

afterAll(async () => {
  await browser.close();
  await server.close();
  await engine.close();
});

const rules = (more = ''): string => `${server.url}/lifecycle/rules${more}`;
const stage = (page: Page, name: string) => page.getByRole('button', { name: new RegExp(`^Edit ${name}:`) });
const days = (page: Page) =>
  page.getByRole('group', { name: 'No order for' }).first().getByRole('spinbutton');

describe('the rule editor', () => {
  it(
    'counts what publishing moves while a rule is edited, opens them, and publishes',
    async () => {
      const { page, complaints, close } = await openPage(browser, `${server.url}/lifecycle`);
      await page.getByRole('button', { name: /^Active: open 12 customers/ }).waitFor(PATIENT);
      // With nothing chosen it is an invitation, and nothing for paper.
      const groups = page.getByRole('heading', { name: 'Stages by group' });
      await groups.waitFor();
      await page.emulateMedia({ media: 'print' });
      expect(await groups.isVisible()).toBe(false);
      await page.emulateMedia({ media: 'screen' });
      await page.getByRole('link', { name: 'Edit rules' }).click();
      await page.getByText('Nothing is changed').waitFor(PATIENT);
      await stage(page, 'At risk').click();
      await days(page).fill('20');
      const headline = page.getByRole('button', { name: 'Publishing moves 12 customers' });
      await headline.waitFor(PATIENT);
      await headline.click();
      await page
        .getByRole('dialog')
        .getByText(/^12 customers as of/)
        .waitFor(PATIENT);
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Active to At risk: open 12 customers' }).waitFor();
      // A reload keeps the draft.
      await page.reload();
      await headline.waitFor(PATIENT);
      await page.getByRole('button', { name: 'Publish', exact: true }).click(PATIENT);
      const dialog = page.getByRole('dialog');
      await dialog.getByText('12 customers change their stage at once.').waitFor();
      await dialog.getByRole('button', { name: 'Publish' }).click();
      await page.getByText('Published as version 1').waitFor(PATIENT);
      await page.getByText('Nothing is changed').waitFor(PATIENT);
      await page.getByRole('link', { name: 'Lifecycle' }).last().click();
      await page.getByRole('button', { name: /^At risk: open 12 customers/ }).waitFor(PATIENT);
      expect(complaints).toEqual([]);
      await close();
    },
    LONG,
  );

  it(
    'works by the keyboard: stages move, problems are marked where they are, undo and an older version bring back',
    async () => {
      const { page, complaints, close } = await openPage(browser, rules());
      await page.getByText('Nothing is changed').waitFor(PATIENT);
      await page.getByRole('button', { name: /^Prospect, stage 1 of 9/ }).focus();
      await page.keyboard.press('ArrowDown');
      await page.getByRole('button', { name: /^Prospect, stage 2 of 9/ }).waitFor();
      await page.keyboard.press('Control+z');
      await page.getByRole('button', { name: /^Prospect, stage 1 of 9/ }).waitFor();
      await stage(page, 'Loyal').click();
      await page.getByRole('textbox', { name: 'Name' }).fill('');
      await page.locator('strong', { hasText: 'One thing keeps it' }).waitFor(PATIENT);
      expect(await page.getByRole('button', { name: 'Publish', exact: true }).isDisabled()).toBe(true);
      expect(await page.getByRole('textbox', { name: 'Name' }).getAttribute('aria-invalid')).toBe('true');
      expect(await violationsOf(page)).toEqual([]);
      await page.getByRole('button', { name: 'Discard' }).click();
      await page.getByRole('radio', { name: 'Versions' }).check({ force: true });
      await page.getByRole('button', { name: 'Open version 0 as draft' }).click(PATIENT);
      await page.getByRole('button', { name: /^Publishing moves/ }).waitFor(PATIENT);
      expect(await violationsOf(page)).toEqual([]);
      expect(complaints).toEqual([]);
      await close();
    },
    LONG,
  );

  it.each([
    ['en', 'light'],
    ['zh', 'dark'],
  ])(
    'fits a phone, in %s and %s',
    async (language, theme) => {
      const url = rules(`?lang=${language}&theme=${theme}`);
      const { page, complaints, close } = await openPage(browser, url, { viewport: PHONE });
      await page.locator('table tbody tr').first().waitFor(PATIENT);
      await page.locator('ol button[aria-controls][aria-expanded=false]').nth(3).click();
      expect(await overflow(page)).toBe(0);
      await page.goto(`${url}&q=${encodeURIComponent('{"tab":"journey"}')}`);
      await page.locator('[data-field="stages[0]"]').waitFor(PATIENT);
      expect(await overflow(page)).toBe(0);
      expect(await violationsOf(page)).toEqual([]);
      expect(complaints).toEqual([]);
      await close();
    },
    LONG,
  );
});

it('as many stages as there may be keep within their pictures, and say how many have no name there', async () => {
  const quiet = Array.from({ length: 28 }, (_, i) => ({
    ...{ key: `quiet_${i}`, name: `Has not bought for ${300 - i} days and more`, color: '#3f9d5d' },
    ...{ description: 'Bought before.', isLost: false, rule: { noOrderFor: `P${300 - i}D` } },
  }));
  const lifecycle = [...retailMap.lifecycle.slice(0, 1), ...quiet, ...retailMap.lifecycle.slice(-1)];
  await server.query(SAVE, { map: { ...retailMap, lifecycle } });
  for (const [path, viewport] of [
    ['/lifecycle', undefined],
    ['/overview', undefined],
    ['/lifecycle', PHONE],
  ] as const) {
    const { page, complaints, close } = await openPage(browser, server.url + path, { viewport });
    const others = page.getByText(/^and \d+ more$/);
    await others.waitFor(PATIENT);
    const card = await page.locator('.frame').filter({ has: others }).boundingBox();
    const names = await others.locator('..').locator('li').all();
    const boxes = (await Promise.all(names.map((name) => name.boundingBox()))).filter((box) => box !== null);
    const tops = boxes.map(({ y }) => y).sort((a, b) => a - b);
    expect(Math.max(...boxes.map(({ y, height }) => y + height))).toBeLessThanOrEqual(
      (card?.y ?? 0) + (card?.height ?? 0),
    );
    expect(Math.min(...tops.slice(1).map((top, i) => top - (tops[i] ?? 0)))).toBeGreaterThan(15);
    expect(await overflow(page)).toBe(0);
    expect(await violationsOf(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await close();
  }
}, 240_000);
