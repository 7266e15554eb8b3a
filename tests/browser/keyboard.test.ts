/**
 * Three whole tasks with the keyboard alone. On the way every stop of the Tab key must have a name, show that it has
 * the focus, and not stand behind a bar.
 */
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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

const PATIENT = { timeout: 60_000 };
const DAY = 86_400_000;

beforeAll(async () => {
  browser = await openBrowser();
  engine = await testEngine();
  await storeEvents(
    engine,
    Array.from({ length: 30 }, (_, i) => {
      const begun = Date.now() - (i + 1) * DAY;
      const story = customer(`k${i}`).did('product_viewed', begun, { channel: 'web' });
      if (i % 2) story.did('product_added', begun + 60_000, { channel: 'web' });
      if (i % 4 === 1) story.did('order_completed', begun + 120_000, { orderId: `o${i}`, revenue: 30 });
      return story;
    }),
  );
  server = await serveTest(engine);
}, 120_000);

afterAll(async () => {
  await browser.close();
  await server.close();
  await engine.close();
});

/** What has the focus, as somebody at the keyboard meets it; runs in the page. */
const FOCUSED = `(() => {
  const node = document.activeElement;
  if (!node || node === document.body) return null;
  const label = node.labels?.[0]?.textContent ?? '';
  const name = (node.getAttribute('aria-label') || label || node.textContent || node.title || node.placeholder || '').trim();
  const shown = node.matches('input[type=radio]') ? node.closest('label') : node.closest('.search') ?? node;
  const style = getComputedStyle(shown.matches('label:not(.search)') ? node.nextElementSibling : shown);
  const isMarked = (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || node.id === 'content' || node.matches('[role=dialog]');
  const box = shown.getBoundingClientRect();
  const at = document.elementFromPoint(
    Math.min(innerWidth - 1, Math.max(0, box.left + box.width / 2)),
    Math.min(innerHeight - 1, Math.max(0, box.top + Math.min(box.height / 2, 20))),
  );
  const isSeen = box.bottom > 0 && box.top < innerHeight && (at === null || shown.contains(at) || at.contains(shown));
  return { name, isMarked, isSeen, html: node.outerHTML.slice(0, 160) };
})()`;

interface Stop {
  readonly name: string;
  readonly isMarked: boolean;
  readonly isSeen: boolean;
  readonly html: string;
}

const flaws = new Set<string>();

async function look(page: Page): Promise<Stop | null> {
  const stop = await page.evaluate<Stop | null>(FOCUSED);
  if (stop && !stop.name) flaws.add(`no name: ${stop.html}`);
  if (stop && !stop.isMarked) flaws.add(`the focus is not seen: ${stop.html}`);
  if (stop && !stop.isSeen) flaws.add(`hidden: ${stop.html}`);
  return stop;
}

/** Presses a key until the focus is on what has this name; throws where it never is. */
async function reach(page: Page, name: RegExp, key = 'Tab'): Promise<void> {
  const met: string[] = [];
  if (name.test((await look(page))?.name ?? '')) return;
  for (let i = 0; i < 150; i += 1) {
    await page.keyboard.press(key);
    const stop = await look(page);
    if (stop && name.test(stop.name)) return;
    met.push(stop?.name.slice(0, 30) ?? '-');
  }
  throw new Error(`${String(name)} was not reached; met ${met.slice(0, 60).join(' | ')}`);
}

/** Opens a page by its shortcut. */
async function go(page: Page, letter: string, path: RegExp): Promise<void> {
  await page.keyboard.press('g');
  await page.keyboard.press(letter);
  await page.waitForURL(path);
  await settled(page, PATIENT);
}

describe('with the keyboard alone', () => {
  it('a funnel is built, and who dropped out of it opened', async () => {
    const { page, close } = await openPage(browser, `${server.url}/overview?lang=en`);
    await page.getByRole('heading', { level: 1 }).waitFor(PATIENT);
    await settled(page, PATIENT);
    await page.keyboard.press('Tab');
    expect((await look(page))?.name).toBe('Skip to content');
    await go(page, 'f', /\/funnels/);
    await reach(page, /^Add a step$/);
    await page.keyboard.press('Enter');
    await page.getByRole('combobox').last().waitFor(PATIENT);
    await page.keyboard.type('order');
    await page.keyboard.press('Enter');
    await page.waitForURL(/q=/);
    await settled(page, PATIENT);
    await reach(page, /customers stop after/);
    await page.keyboard.press('Enter');
    const drawer = page.getByRole('dialog');
    await drawer.getByRole('link').first().waitFor(PATIENT);
    await page.keyboard.press('Escape');
    await drawer.waitFor({ state: 'detached' });
    await expect.poll(async () => (await look(page))?.name, PATIENT).toMatch(/customers stop after/);
    expect([...flaws]).toEqual([]);
    await close();
  });

  it('a cohort cell is opened, and customers of a stage are saved as an audience', async () => {
    const { page, close } = await openPage(browser, `${server.url}/overview?lang=en`);
    await page.getByRole('heading', { level: 1 }).waitFor(PATIENT);
    await settled(page, PATIENT);
    await go(page, 'c', /\/cohorts/);
    await page.locator('td.cell').first().waitFor(PATIENT);
    await reach(page, /^[A-Z][a-z]{2} \d{4}$/);
    await page.keyboard.press('ArrowRight');
    expect((await look(page))?.name).toMatch(/%|–/);
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByRole('heading').first().waitFor(PATIENT);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await expect.poll(async () => (await look(page))?.name, PATIENT).toMatch(/%|–/);
    await reach(page, /^Limit the customers$/, 'Shift+Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem').first().waitFor(PATIENT);
    await reach(page, /lifecycle stage/i, 'ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('checkbox', { name: 'Prospect' }).waitFor(PATIENT);
    await reach(page, /^Prospect/);
    await page.keyboard.press('Space');
    await page.keyboard.press('Escape');
    await expect.poll(async () => (await look(page))?.name, PATIENT).toMatch(/Prospect/);
    await reach(page, /^Save as audience$/);
    await page.keyboard.press('Enter');
    await page.getByRole('textbox', { name: 'Name' }).waitFor(PATIENT);
    await page.keyboard.type('Not yet buying');
    await page.keyboard.press('Enter');
    await page.getByText('“Not yet buying”').filter({ visible: true }).first().waitFor(PATIENT);
    await expect.poll(() => page.evaluate('document.activeElement !== document.body'), PATIENT).toBe(true);
    expect([...flaws]).toEqual([]);
    await close();
  });

  it('a file is imported, and what it brought is seen', async () => {
    const file = join(tmpdir(), `keyboard-${process.pid}.csv`);
    await writeFile(file, 'customer_id,event,time\nfile-1,store_visit,2026-01-05T10:00:00Z\n');
    const { page, close } = await openPage(browser, `${server.url}/overview?lang=en`);
    page.on('filechooser', (chooser) => void chooser.setFiles(file));
    await page.getByRole('heading', { level: 1 }).waitFor(PATIENT);
    await settled(page, PATIENT);
    await go(page, 'd', /\/data/);
    await reach(page, /^Arriving$/);
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await reach(page, /^Choose files$/);
    await page.keyboard.press('Enter');
    await page.getByText('Done', { exact: true }).waitFor(PATIENT);
    await page.keyboard.press('/');
    await page.waitForURL(/\/customers/);
    await settled(page, PATIENT);
    await page.keyboard.press('/');
    await page.keyboard.type('file-1');
    await page.getByRole('link', { name: 'file-1' }).first().waitFor(PATIENT);
    expect([...flaws]).toEqual([]);
    await close();
  });

  it('the sheet of shortcuts opens with ?, names those of the page, and can turn them off', async () => {
    const { page, close } = await openPage(browser, `${server.url}/funnels?lang=en`);
    await page.getByRole('heading', { level: 1 }).waitFor(PATIENT);
    await settled(page, PATIENT);
    await page.keyboard.press('?');
    const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    await sheet.getByText('From date to date').waitFor(PATIENT);
    await reach(page, /Single keys act/);
    await page.keyboard.press('Space');
    await page.keyboard.press('Escape');
    await sheet.waitFor({ state: 'detached' });
    await page.keyboard.press('g');
    await page.keyboard.press('o');
    await page.keyboard.press('?');
    expect(page.url()).toContain('/funnels');
    expect(await sheet.count()).toBe(0);
    await close();
  });
});
