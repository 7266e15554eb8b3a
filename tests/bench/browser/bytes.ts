/** How much JavaScript each page takes on the way when it is the first one opened; charts are counted apart. */
import { printSize, atMost } from '../line.ts';
import type { Measured } from './dashboard.ts';
import { watch } from './watched-page.ts';
import type { Loaded } from './watched-page.ts';

const CHART = '.chart canvas';
const CARD = 'main .card';
/** Each page, with what shows that it is all there. */
export const PAGES = {
  overview: CHART,
  journey: CHART,
  funnels: CHART,
  lifecycle: CHART,
  cohorts: CHART,
  customers: CARD,
  data: CARD,
};
const TARGET_KB = 250;
const PATIENT = { timeout: 60_000 };

/** The chart library, loaded with the first page that draws a chart. */
const isCharts = ({ url }: Loaded): boolean => /\/assets\/engine-/.test(url);

/** Bytes of JavaScript on the way, without the chart library and of it alone. */
export function scriptBytes(loaded: readonly Loaded[]): { before: number; charts: number } {
  const scripts = of(loaded, 'Script');
  return {
    before: sum(scripts.filter((one) => !isCharts(one))),
    charts: sum(scripts.filter(isCharts)),
  };
}

export async function benchBytes({ browser, url, events }: Measured): Promise<void> {
  for (const [path, whole] of Object.entries(PAGES)) {
    const watched = await watch(browser, `${url}/${path}`);
    await watched.page.locator(whole).first().waitFor(PATIENT);
    await watched.page.waitForLoadState('networkidle');
    const { before, charts } = scriptBytes(watched.loaded);
    printSize({
      name: `dashboard: ${path}, first load`,
      events,
      oursBytes: before,
      charts,
      styles: sum(of(watched.loaded, 'Stylesheet')),
      fonts: sum(of(watched.loaded, 'Font')),
      judged: atMost('kB of JavaScript before charts', before / 1000, TARGET_KB),
    });
    await watched.close();
  }
}

const of = (loaded: readonly Loaded[], type: string): Loaded[] => loaded.filter((one) => one.type === type);
const sum = (list: readonly Loaded[]): number => list.reduce((all, { bytes }) => all + bytes, 0);
