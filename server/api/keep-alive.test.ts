import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { KeepAlive } from './keep-alive.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('looks after each connection every 22 seconds, not all at once, until it is taken out', () => {
  const keepAlive = new KeepAlive<{ check(): void }>();
  const checks = new Map<number, number>();
  let most = 0;
  let now = 0;
  const leave = Array.from({ length: 132 }, (_, i) =>
    keepAlive.add({
      check() {
        checks.set(i, (checks.get(i) ?? 0) + 1);
        now += 1;
      },
    }),
  );
  for (let second = 0; second < 44; second += 1) {
    now = 0;
    vi.advanceTimersByTime(1000);
    most = Math.max(most, now);
  }
  expect([...checks.values()]).toEqual(Array.from({ length: 132 }, () => 2));
  expect(most).toBe(6);
  for (const out of leave) out();
  expect(vi.getTimerCount()).toBe(0);
});
