/** A minute on pages that change by themselves: how long any task held them up, and how even the frames came. */
import { setTimeout as pause } from 'node:timers/promises';
import { atMost, printFigure } from '../line.ts';
import { quantile } from '../measure.ts';
import type { Measured } from './dashboard.ts';
import { tasksDuring } from './tasks.ts';
import { watch } from './watched-page.ts';

const PAGES = ['overview', 'lifecycle'];
const SETTLE_MS = 5_000;
const WATCHED_MS = 60_000;
const TARGET_MS = 50;
const PATIENT = { timeout: 60_000 };

export async function benchMinute({ browser, url, events }: Measured): Promise<void> {
  for (const path of PAGES) {
    let updates = 0;
    const watched = await watch(browser, `${url}/${path}`, (page) =>
      Promise.resolve(
        page.on('websocket', (socket) =>
          socket.on('framereceived', ({ payload }) => {
            if (String(payload).includes('"next"')) updates += 1;
          }),
        ),
      ),
    );
    await watched.page.locator('.chart canvas').first().waitFor(PATIENT);
    await pause(SETTLE_MS);
    await watched.forget();
    updates = 0;
    const tasks = await tasksDuring(browser, () => pause(WATCHED_MS));
    const { frames } = await watched.notes();
    await watched.close();
    const longest = Math.max(0, ...tasks.map((task) => task.processorMs));
    printFigure({
      name: `dashboard: ${path}, a live minute`,
      events,
      updates,
      busyShare: tasks.reduce((sum, { processorMs }) => sum + processorMs, 0) / WATCHED_MS,
      longestHeldMs: Math.max(0, ...tasks.map((task) => task.heldMs)),
      heldOver50Ms: tasks.filter((task) => task.heldMs > TARGET_MS).length,
      framesPerSecond: (1000 * frames.length) / frames.reduce((sum, ms) => sum + ms, 0),
      frameP99Ms: quantile(frames, 0.99),
      judged: atMost('ms of processor time, longest task', longest, TARGET_MS),
    });
  }
}
