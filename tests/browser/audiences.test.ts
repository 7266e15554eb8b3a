import type { Browser } from 'playwright-core';
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

const MINUTE = 60_000;
const DAY = 86_400_000;
/** How long an answer may take on a busy machine. */
const PATIENT = { timeout: 100_000 };
const LONG = 240_000;

/** 60 customers a channel look; of web 48 buy, of app 12: nobody would call that chance. */
beforeAll(async () => {
  browser = await openBrowser();
  engine = await testEngine();
  server = await serveTest(engine);
  const begun = Math.floor(Date.now() / DAY - 5) * DAY + 12 * 60 * MINUTE;
  await storeEvents(
    engine,
    ['web', 'app'].flatMap((channel) =>
      Array.from({ length: 60 }, (_, i) => {
        const story = customer(`${channel}${i}`).did('product_viewed', begun + i * MINUTE, { channel });
        if (i < (channel === 'web' ? 48 : 12)) {
          const order = { channel, orderId: `${channel}${i}`, revenue: 10 };
          story.did('order_completed', begun + (i + 2) * MINUTE, order);
        }
        return story;
      }),
    ),
  );
}, 120_000);

afterAll(async () => {
  await browser.close();
  await server.close();
  await engine.close();
});

const at = (path: string, state: object = {}, more = ''): string =>
  `${server.url}${path}?q=${encodeURIComponent(JSON.stringify(state))}${more}`;
const STEPS = ['product_viewed', 'order_completed'].map((value) => ({ on: 'event', value }));
const BY_CHANNEL = { properties: ['channel'], of: 'EVENT', limit: 5, attribution: 'LAST_TOUCH' };

describe('what goes with converting', () => {
  it(
    'is shown on its side with both rates, and breaks the funnel down by a click',
    async () => {
      const { page, complaints, close } = await openPage(browser, at('/funnels', { steps: STEPS }));
      const converting = page.getByRole('region', { name: 'Go with converting' });
      const web = converting.getByRole('row', { name: /Web/ });
      await web.waitFor(PATIENT);
      expect(await web.textContent()).toMatch(/80\.0%.*20\.0%.*1\.60×.*not by chance/);
      const app = page
        .getByRole('region', { name: 'Go with dropping off' })
        .getByRole('row', { name: /App/ });
      expect(await app.textContent()).toMatch(/20\.0%.*80\.0%.*0\.40×/);
      await web.getByRole('button').first().click();
      await page.getByRole('button', { name: /^Web, Order completed: 48 customers, 80.0%/ }).waitFor(PATIENT);
      await page.getByRole('radio', { name: 'Customer', exact: true }).check({ force: true });
      await page.getByText('Nothing to compare').waitFor(PATIENT);
      expect(complaints).toEqual([]);
      await close();
    },
    LONG,
  );
});

describe('stages by group', () => {
  it(
    'are chosen by a property, and every number opens',
    async () => {
      const { page, complaints, close } = await openPage(browser, at('/lifecycle', { groups: 'table' }));
      await page.getByRole('button', { name: 'Break down by' }).click(PATIENT);
      await page.getByRole('combobox', { name: 'Search properties' }).fill('chan');
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: /^Web, New: 48 customers, 80.0% of the group/ }).click(PATIENT);
      await page.getByRole('dialog').getByText('48 customers').waitFor(PATIENT);
      await page.keyboard.press('Escape');
      await page.getByRole('radio', { name: 'Bars' }).check({ force: true });
      await page.locator('[title^="Prospect: 80.0%"]').click(PATIENT);
      await page.getByRole('dialog').getByText('48 customers').waitFor(PATIENT);
      expect(complaints).toEqual([]);
      await close();
    },
    LONG,
  );
});

describe('an audience', () => {
  it(
    'is saved from the filters of the overview, used, renamed and deleted; the server says why not',
    async () => {
      const who = encodeURIComponent(JSON.stringify({ stages: ['new'], did: [] }));
      const { page, complaints, close } = await openPage(browser, `${server.url}/overview?who=${who}`);
      await page.getByRole('button', { name: /^Product viewed .*60/ }).waitFor(PATIENT);
      await page.getByRole('button', { name: 'Save as audience' }).click();
      await page.getByRole('textbox', { name: 'Name' }).fill('Fresh');
      expect(await violationsOf(page)).toEqual([]);
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      await page
        .getByRole('button', { name: /customers in “Fresh”/ })
        .first()
        .waitFor(PATIENT);

      const [fresh] = (await server.query<{ audiences: { id: string }[] }>('{ audiences { id } }')).audiences;
      await server.query(
        'mutation ($d: AudienceInput!) { saveAudience(name: "On it", definition: $d) { id } }',
        {
          d: { id: fresh?.id },
        },
      );
      await page.goto(at('/customers', { view: 'audiences' }));
      const row = (name: RegExp) => page.getByRole('row', { name });
      await row(/^Fresh/)
        .getByRole('button', { name: 'Fresh: Open 60 customers' })
        .click(PATIENT);
      await page.getByRole('dialog').getByText('60 customers').waitFor(PATIENT);
      await page.keyboard.press('Escape');

      const choose = async (name: string, action: string): Promise<void> => {
        await page.getByRole('button', { name: `${name}: use, rename, delete` }).click();
        await page.getByRole('menuitem', { name: action }).click();
      };
      await choose('Fresh', 'Delete');
      await page.getByRole('button', { name: 'Delete', exact: true }).click();
      await page.getByRole('alert').getByText('"Fresh" is part of "On it"').waitFor(PATIENT);
      await page.keyboard.press('Escape');
      await choose('On it', 'Rename');
      await page.getByRole('textbox', { name: 'Name' }).fill('Renamed');
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      await row(/^Renamed/).waitFor(PATIENT);
      await choose('Renamed', 'Delete');
      await page.getByRole('button', { name: 'Delete', exact: true }).click();
      await expect.poll(() => row(/^Renamed/).count(), PATIENT).toBe(0);
      await choose('Fresh', 'Use as filter');
      await page.getByText('60 customers', { exact: true }).waitFor(PATIENT);
      expect(complaints).toEqual([]);
      await close();
    },
    LONG,
  );
});

describe('the new states', () => {
  const who = encodeURIComponent(JSON.stringify({ stages: ['new', 'active'], did: [] }));
  const states = [
    { name: 'correlations', path: (): string => at('/funnels', { steps: STEPS }) },
    { name: 'bars by group', path: (): string => at('/lifecycle', { breakdown: BY_CHANNEL }) },
    {
      name: 'a table by group',
      path: (): string => at('/lifecycle', { breakdown: BY_CHANNEL, groups: 'table' }),
    },
    { name: 'the filtered overview', path: (): string => at('/overview', {}, `&who=${who}`) },
    { name: 'audiences', path: (): string => at('/customers', { view: 'audiences' }) },
  ];
  it.each([
    { lang: 'en', theme: 'light' },
    { lang: 'zh', theme: 'dark' },
  ])(
    'are accessible and fit, $lang, $theme',
    async ({ lang, theme }) => {
      const { page, complaints, close } = await openPage(browser, 'about:blank');
      for (const { name, path } of states) {
        await page.setViewportSize({ width: 1440, height: 900 });
        await page.goto(`${path()}&lang=${lang}&theme=${theme}`);
        await page.getByRole('heading', { level: 1 }).waitFor(PATIENT);
        await settled(page, PATIENT);
        expect([name, ...(await violationsOf(page))]).toEqual([name]);
        await page.setViewportSize(PHONE);
        await expect.poll(async () => [name, await overflow(page)], PATIENT).toEqual([name, 0]);
      }
      expect(complaints).toEqual([]);
      await close();
    },
    LONG,
  );
});
