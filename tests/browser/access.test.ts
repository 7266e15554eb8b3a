/**
 * What WCAG 2.2 AA asks of every page and every state of it: axe finds nothing, names and headings stand, nothing
 * overflows when the window is small or the text is spaced, and nothing is said again and again.
 */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fillDemo } from '../../server/demo/fill.ts';
import type { Engine } from '../../server/engine/port.ts';
import { DESK, openBrowser, openPage, PHONE } from '../support/browser.ts';
import { testEngine } from '../support/engine.ts';
import { customer, storeEvents } from '../support/events.ts';
import { flawsOf, overflow, settled } from '../support/page-checks.ts';
import { serveTest } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';

let browser: Browser;
let engine: Engine;
let server: TestServer;

/** Names as long as the API takes them, without a place to break. */
const LONG = 'a-name-that-goes-on-and-on-'.repeat(12);
const PATIENT = { timeout: 60_000 };

beforeAll(async () => {
  browser = await openBrowser();
  engine = await testEngine();
  await fillDemo(engine, { dataset: 'generated', customers: 800, endMs: Date.now() });
  const hour = 3_600_000;
  await storeEvents(
    engine,
    Array.from({ length: 3 }, (_, i) =>
      customer(`${LONG}${i}`)
        .did(LONG, Date.now() - 2 * hour, { channel: LONG, path: `/${LONG}`, [LONG]: LONG })
        .did('product_viewed', Date.now() - hour, { channel: LONG })
        .did('order_completed', Date.now() - hour + 5000, { channel: LONG, orderId: LONG, revenue: 1e9 }),
    ),
  );
  server = await serveTest(engine, { demo: { kind: 'generated', credit: 'Made up.' } });
  await server.query('mutation ($events: [EventInput!]!) { ingest(events: $events) { accepted } }', {
    events: [{ event: 'a', customerId: 'null' }, { event: 'b' }],
  });
}, 120_000);

afterAll(async () => {
  await browser.close();
  await server.close();
  await engine.close();
});

const q = (state: object): string => `q=${encodeURIComponent(JSON.stringify(state))}`;

/** With data in them, pages.test and data.test hold these against axe, in more looks. */
const PAGES = [
  '/overview',
  '/journey',
  '/funnels',
  '/lifecycle',
  '/cohorts',
  '/customers',
  '/reports',
  '/data',
  `/data?${q({ view: 'rejected' })}`,
  `/data?${q({ view: 'files' })}`,
  `/data?${q({ view: 'catalogue' })}`,
];

/** Every other view that a page has. */
const VIEWS = [
  `/journey?${q({ paths: 'list' })}`,
  `/customers?${q({ view: 'value' })}`,
  `/customers?${q({ view: 'audiences' })}`,
  '/customers/C000001',
  `/customers/${LONG}0`,
  '/nowhere',
  '/overview?tv',
];

const LOOKS = [
  { lang: 'en', theme: 'light', viewport: DESK, of: 'desk' },
  { lang: 'zh', theme: 'dark', viewport: PHONE, of: 'phone' },
];

const address = (base: string, path: string, look: string): string =>
  `${base}${path}${path.includes('?') ? '&' : '?'}${look}`;

async function show(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.locator('main').waitFor(PATIENT);
  await settled(page, PATIENT);
}

describe.each(LOOKS)('in $lang, $theme, on a $of', ({ lang, theme, viewport }) => {
  it('every other view is free of what axe finds, and no wider than its window', async () => {
    const { page, close } = await openPage(browser, 'about:blank', { viewport });
    const flaws: string[] = [];
    // A television is no phone.
    const views = VIEWS.filter((view) => viewport === DESK || !view.endsWith('tv'));
    for (const path of views) {
      await show(page, address(server.url, path, `lang=${lang}&theme=${theme}`));
      const found = [...(await flawsOf(page)), ...((await overflow(page)) === 0 ? [] : ['too wide'])];
      flaws.push(...found.map((flaw) => `${path.slice(0, 60)} ${flaw}`));
    }
    expect(flaws).toEqual([]);
    await close();
  });
});

/** Runs in the page. */
const hasFocus = (node: unknown): boolean =>
  (globalThis as unknown as { document: { activeElement: unknown } }).document.activeElement === node;

/** Opens a menu, dialog or drawer by its button, in English. */
const OPENED: readonly {
  path: string;
  open: string | RegExp;
  role: 'dialog' | 'menu' | 'listbox';
  by?: 'combobox';
}[] = [
  { path: '/overview', open: 'Language', role: 'menu' },
  { path: '/overview', open: 'Display', role: 'dialog' },
  { path: '/overview', open: 'From date to date', role: 'dialog' },
  { path: '/overview', open: /^Filter$/, role: 'dialog' },
  { path: '/overview', open: 'Export and table', role: 'menu' },
  { path: '/funnels', open: /^Order completed: .* Open them$/, role: 'dialog' },
  { path: '/funnels', open: 'Add a step', role: 'dialog' },
  { path: '/journey', open: /^Start at/, role: 'dialog' },
  { path: '/lifecycle', open: /^Dormant: open/, role: 'dialog' },
  { path: '/customers', open: 'Order', role: 'listbox', by: 'combobox' },
];

describe('what opens over a page', () => {
  it.each(['dark'])(
    'is free of what axe finds in the %s theme, takes the focus, and gives it back with Escape',
    async (theme) => {
      const { page, close } = await openPage(browser, 'about:blank');
      const flaws: string[] = [];
      for (const { path, open, role, by = 'button' } of OPENED) {
        await show(page, address(server.url, path, `lang=en&theme=${theme}`));
        const button = page.getByRole(by, { name: open, exact: true }).first();
        await button.focus();
        await page.keyboard.press('Enter');
        const opened = page.getByRole(role).first();
        await opened.waitFor(PATIENT);
        await settled(page, PATIENT);
        // What floats stands beside the landmarks, as menus and dialogs do.
        const found = (await flawsOf(page)).filter((flaw) => !flaw.startsWith('region:'));
        flaws.push(...found.map((flaw) => `${path} ${String(open)}: ${flaw}`));
        // A combobox keeps the focus, and says which option is meant.
        const within = by === 'combobox' ? by : role;
        if (!(await page.evaluate(`document.activeElement.closest('[role=${within}]') !== null`)))
          flaws.push(`${path} ${String(open)}: the focus stays behind`);
        await page.keyboard.press('Escape');
        await opened.waitFor({ state: 'detached' });
        await expect
          .poll(() => button.evaluate(hasFocus), {
            message: `${path} ${String(open)}`,
          })
          .toBe(true);
      }
      expect(flaws).toEqual([]);
      await close();
    },
  );
});

describe('the states of a page', () => {
  it('empty, locked and after an error are free of what axe finds', async () => {
    const none = await testEngine();
    const empty = await serveTest(none);
    const locked = await serveTest(engine, { adminKey: 'the-key-of-this-test' });
    const { page, close } = await openPage(browser, 'about:blank');
    const flaws: string[] = [];
    const check = async (state: string): Promise<void> => {
      flaws.push(...(await flawsOf(page)).map((flaw) => `${state}: ${flaw}`));
    };
    for (const [which, look] of ['lang=en&theme=light', 'lang=zh&theme=dark'].entries()) {
      // Each page empty in one of the looks.
      for (const path of [...PAGES, ...VIEWS].filter((_, i) => i % 2 === which)) {
        await show(page, address(empty.url, path, look));
        await check(`empty ${path} ${look}`);
      }
      await page.goto(address(locked.url, '/overview', look));
      await page.getByRole('dialog').waitFor(PATIENT);
      await check(`locked ${look}`);
      await page.locator('input[type=password]').fill('wrong');
      await page.keyboard.press('Enter');
      await page.getByRole('dialog').getByRole('alert').waitFor(PATIENT);
      await check(`refused ${look}`);
      // A funnel that the server refuses: one step too many of one kind of window.
      await page.goto(address(server.url, `/funnels?${q({ window: 'P9000D' })}`, look));
      await settled(page, PATIENT);
      await check(`error ${look}`);
    }
    expect(flaws).toEqual([]);
    await close();
    await empty.close();
    await locked.close();
    await none.close();
  });
});

describe('small windows and spaced text', () => {
  it('every page fits 320 pixels, also with the text spaced as WCAG asks', async () => {
    const { page, close } = await openPage(browser, 'about:blank', { viewport: { width: 320, height: 256 } });
    const wide: string[] = [];
    for (const path of [...PAGES, ...VIEWS].filter((view) => !view.endsWith('tv'))) {
      await show(page, address(server.url, path, 'lang=en&theme=light'));
      if ((await overflow(page)) !== 0) wide.push(path);
      await page.addStyleTag({
        content:
          '* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }',
      });
      if ((await overflow(page)) !== 0) wide.push(`${path} spaced`);
    }
    expect(wide).toEqual([]);
    await close();
  });

  it('with reduced motion nothing moves, with high contrast axe finds nothing', async () => {
    const { page, close } = await openPage(browser, 'about:blank', {
      reducedMotion: 'reduce',
      forcedColors: 'active',
    });
    const moving: string[] = [];
    for (const path of ['/overview', '/funnels', '/cohorts', '/data']) {
      await show(page, address(server.url, path, 'lang=en'));
      const running = await page.evaluate<string[]>(
        "document.getAnimations().filter((a) => a.playState === 'running' && a.effect.getComputedTiming().activeDuration > 50).map((a) => a.animationName ?? a.transitionProperty)",
      );
      moving.push(...running.map((name) => `${path} ${name}`), ...(await flawsOf(page)));
    }
    expect(moving).toEqual([]);
    await close();
  });
});

describe('what is read aloud by itself', () => {
  it('is nothing while all is well, however much arrives', async () => {
    const { page, close } = await openPage(browser, 'about:blank');
    await show(page, `${server.url}/overview?lang=en`);
    await page.locator('.beat[data-state=live]').waitFor(PATIENT);
    await page.evaluate(`(() => {
      window.said = [];
      new MutationObserver((changes) => {
        for (const { target } of changes) {
          const node = target.nodeType === 1 ? target : target.parentElement;
          const live = node?.closest('[aria-live],[role=status],[role=alert],[role=log]');
          if (live && live.getAttribute('aria-live') !== 'off') window.said.push(live.textContent);
        }
      }).observe(document.body, { subtree: true, childList: true, characterData: true });
    })()`);
    const value = page.locator('[data-kpi="Orders"] .value');
    const before = await value.textContent();
    await server.query('mutation ($events: [EventInput!]!) { ingest(events: $events) { accepted } }', {
      events: [{ event: 'order_completed', customerId: 'x', orderId: 'x1', revenue: 5 }],
    });
    await expect.poll(() => value.textContent(), PATIENT).not.toBe(before);
    expect(await page.evaluate('window.said')).toEqual([]);
    await close();
  });
});
