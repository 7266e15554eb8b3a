/** How soon the page shows that a key or a click was heard, while live answers arrive, as the browser measures it. */
import type { Page } from 'playwright-core';
import { atMost, printFigure } from '../line.ts';
import { quantile } from '../measure.ts';
import type { Measured } from './dashboard.ts';
import { watch } from './watched-page.ts';

const TARGET_MS = 100;
const PATIENT = { timeout: 60_000 };

/** What somebody does who looks around; each leaves the page as the next one needs it. */
const DONE: Readonly<Record<string, (page: Page) => Promise<unknown>>> = {
  'another range': (page) => page.getByRole('radio', { name: '7 d' }).check(),
  'the range again': (page) => page.getByRole('radio', { name: '30 d' }).check(),
  'a menu': async (page) => {
    await page.getByRole('button', { name: 'Display' }).click();
    await page.keyboard.press('Escape');
  },
  'who reached a step': async (page) => {
    await page.locator('.step button').first().click();
    await page.getByRole('dialog').waitFor(PATIENT);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  },
  funnels: (page) => goTo(page, 'Funnels'),
  lifecycle: (page) => goTo(page, 'Lifecycle'),
  cohorts: (page) => goTo(page, 'Cohorts'),
  journey: (page) => goTo(page, 'Journey'),
  customers: (page) => goTo(page, 'Customers'),
  overview: (page) => goTo(page, 'Overview'),
};

async function goTo(page: Page, name: string): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name }).first().click();
  await page.locator('main .frame, main table').first().waitFor(PATIENT);
}

export async function benchInteractions({ browser, url, events, rounds }: Measured): Promise<void> {
  const watched = await watch(browser, `${url}/overview`);
  await watched.page.locator('.chart canvas').first().waitFor(PATIENT);
  const taken = new Map<string, number[]>();
  for (let round = 0; round <= rounds; round += 1) {
    for (const [name, run] of Object.entries(DONE)) {
      await watched.forget();
      await run(watched.page);
      await watched.painted();
      const { answers } = await watched.notes();
      if (round === 0) continue;
      taken.set(name, [...(taken.get(name) ?? []), Math.max(0, ...answers.map(({ ms }) => ms))]);
    }
  }
  await watched.close();
  const all = [...taken.values()].flat();
  printFigure({
    name: 'dashboard: answers to clicks and keys',
    events,
    count: all.length,
    medianMs: quantile(all, 0.5),
    slowest: Object.fromEntries([...taken].map(([name, list]) => [name, Math.max(...list)])),
    judged: atMost('ms, 98 of 100', quantile(all, 0.98), TARGET_MS),
  });
}
