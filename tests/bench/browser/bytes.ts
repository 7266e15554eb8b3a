/** How much JavaScript each page takes on the way when it is the first one opened; charts are counted apart. */
import { printSize, atMost } from '../line.ts';
import type { Measured } from './dashboard.ts';
import { watch } from './watched-page.ts';
import type { Loaded } from './watched-page.ts';

/** Each page with what shows that it is all there. */
const CHART = '.chart canvas';
const PAGES = {
  overview: CHART,
  journey: CHART,
  funnels: CHART,
  lifecycle: CHART,
  cohorts: CHART,
  customers: 'main .card',
  data: 'main .card',
};
const TARGET_KB = 250;
const PATIENT = { timeout: 60_000 };

/** The chart library, loaded when a first chart is drawn. */
const isCharts = ({ url }: Loaded): boolean => /\/assets\/engine-/.test(url);

export async function benchBytes({ browser, url, events }: Measured): Promise<void> {
  for (const [path, whole] of Object.entries(PAGES)) {
    const watched = await watch(browser, `${url}/${path}`);
    await watched.page.locator(whole).first().waitFor(PATIENT);
    await watched.page.waitForLoadState('networkidle');
    const of = (type: string): Loaded[] => watched.loaded.filter((one) => one.type === type);
    const scripts = of('Script');
    const before = sum(scripts.filter((one) => !isCharts(one)));
    printSize({
      name: `dashboard: ${path}, first load`,
      events,
      oursBytes: before,
      charts: sum(scripts.filter(isCharts)),
      styles: sum(of('Stylesheet')),
      fonts: sum(of('Font')),
      judged: atMost('kB of JavaScript before charts', before / 1000, TARGET_KB),
    });
    await watched.close();
  }
}

const sum = (list: readonly Loaded[]): number => list.reduce((all, { bytes }) => all + bytes, 0);
