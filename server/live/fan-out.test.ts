import { expect, it } from 'vitest';
import { FanOut } from './fan-out.ts';

it('telling many takes turns with other tellings and with the rest of the process', async () => {
  const fanOut = new FanOut();
  const told = { long: 0, short: 0 };
  const busy = (): void => {
    for (const until = performance.now() + 0.5; performance.now() < until;);
  };
  let turns = 0;
  const turning = setInterval(() => (turns += 1), 1);
  await new Promise<void>((resolve) => {
    let longWhenShortEnded = 0;
    fanOut.add({
      step() {
        busy();
        told.long += 1;
        if (told.long < 100) return true;
        expect(longWhenShortEnded).toBeLessThan(100);
        resolve();
        return false;
      },
    });
    fanOut.add({
      step() {
        told.short += 1;
        longWhenShortEnded = told.long;
        return told.short < 20;
      },
    });
  });
  clearInterval(turning);
  expect(told).toEqual({ long: 100, short: 20 });
  expect(turns).toBeGreaterThan(2);
});
