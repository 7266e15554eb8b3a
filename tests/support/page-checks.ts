/** What every page must hold, whatever it shows. */
import AxeBuilder from '@axe-core/playwright';
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';

/** Until nothing on the page is loading any more. */
export async function settled(page: Page, patience: { readonly timeout: number }): Promise<void> {
  await expect.poll(() => page.locator('[aria-busy=true], .skeleton:not(.next *)').count(), patience).toBe(0);
}

const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/**
 * In legacy mode axe ends its run in the page itself and not in one opened for it, which only frames of other origins
 * need: there are none. With nothing told of what is in order, a look takes 0.6 of the time.
 */
const axe = (page: Page, tags: readonly string[]) =>
  new AxeBuilder({ page })
    .options({ resultTypes: ['violations'] })
    .withTags([...tags])
    .setLegacyMode()
    .analyze();

/** What axe finds against WCAG 2.2 AA, with the first place of each. */
export async function violationsOf(page: Page): Promise<readonly string[]> {
  const { violations } = await axe(page, WCAG);
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
}

/** As `violationsOf`, with axe's best practices (landmarks, headings in order) and every place. */
export async function flawsOf(page: Page): Promise<readonly string[]> {
  const { violations } = await axe(page, [...WCAG, 'best-practice']);
  return violations.flatMap(({ id, nodes }) =>
    nodes.slice(0, 3).map(({ html }) => `${id}: ${html.slice(0, 200)}`),
  );
}

/** By how many pixels the page is wider than its window. */
export function overflow(page: Page): Promise<unknown> {
  return page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}

/** What a style comes to where it is shown, e.g. `opacity`. */
export function styleOf(mark: Locator, property: string): Promise<string> {
  return mark.evaluate((node, name) => {
    const { getComputedStyle } = globalThis as unknown as {
      getComputedStyle: (of: unknown) => Record<string, string>;
    };
    return getComputedStyle(node)[name] ?? '';
  }, property);
}
