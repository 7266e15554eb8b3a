/**
 * What the dashboard costs whoever opens it, in a real browser on the demo's data and live traffic: bytes of each
 * page, the first picture, tasks and frames of a live minute, how soon it answers, what an hour leaves behind.
 */
import type { Browser } from 'playwright-core';
import { openBrowser } from '../../support/browser.ts';
import { printFailure } from '../line.ts';
import { openDemo } from './demo-store.ts';
import { benchBytes } from './bytes.ts';
import { benchFirstPicture } from './first-picture.ts';
import { benchHour } from './hour.ts';
import { benchInteractions } from './interactions.ts';
import { benchMinute } from './minute.ts';
import { benchTurns } from './turns.ts';

/** What each part is told. */
export interface Measured {
  readonly browser: Browser;
  readonly url: string;
  /** In the store when it began. */
  readonly events: number;
  readonly rounds: number;
}

const PARTS: Readonly<Record<string, (measured: Measured) => Promise<void>>> = {
  'dashboard: bytes': benchBytes,
  'dashboard: first picture': benchFirstPicture,
  'dashboard: interactions': benchInteractions,
  'dashboard: a live minute': benchMinute,
  'dashboard: an hour': benchHour,
  'dashboard: television': benchTurns,
};

export async function benchDashboard(rounds: number): Promise<void> {
  const demo = await openDemo();
  const browser = await openBrowser();
  try {
    const events = await demo.events();
    for (const [name, part] of Object.entries(PARTS)) {
      try {
        await part({ browser, url: demo.url, events, rounds });
      } catch (error) {
        printFailure({ name, events, error });
        process.exitCode = 1;
      }
    }
  } finally {
    await browser.close();
    await demo.close();
  }
}
