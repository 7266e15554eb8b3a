import { describe, expect, it } from 'vitest';
import { SharedCalls } from './shared-calls.ts';

const signal = new AbortController().signal;

function callsOf() {
  const arrivals = { version: 0, fresh: () => Promise.resolve() };
  const calls = new SharedCalls<number>(arrivals);
  let runs = 0;
  const open: (() => void)[] = [];
  const work = async (): Promise<number> => {
    runs += 1;
    const own = runs;
    await new Promise<void>((resolve) => open.push(resolve));
    return own;
  };
  const end = async (): Promise<void> => {
    await new Promise((resolve) => setImmediate(resolve));
    for (const one of open.splice(0)) one();
  };
  return { arrivals, calls, work, end };
}

describe('equal calls', () => {
  it('at the same time are one', async () => {
    const { calls, work, end } = callsOf();
    const answers = Promise.all(Array.from({ length: 200 }, () => calls.run('a', signal, work)));
    await end();
    expect(new Set(await answers)).toEqual(new Set([1]));
  });

  it('one after the other are two, and others always', async () => {
    const { calls, work, end } = callsOf();
    const [first, other] = [calls.run('a', signal, work), calls.run('b', signal, work)];
    await end();
    expect(await Promise.all([first, other])).toEqual([1, 2]);
    const second = calls.run('a', signal, work);
    await end();
    expect(await second).toBe(3);
  });

  it('before and after a change are two', async () => {
    const { arrivals, calls, work, end } = callsOf();
    const before = calls.run('a', signal, work);
    arrivals.version += 1;
    const after = [calls.run('a', signal, work), calls.run('a', signal, work)];
    await end();
    expect(await Promise.all([before, ...after])).toEqual([1, 2, 2]);
  });

  it('go on for those who stay', async () => {
    const { calls, work, end } = callsOf();
    const leaving = new AbortController();
    const first = calls.run('a', leaving.signal, work);
    const second = calls.run('a', signal, work);
    await new Promise((resolve) => setImmediate(resolve));
    leaving.abort();
    await expect(first).rejects.toMatchObject({ code: 'CANCELLED' });
    await end();
    expect(await second).toBe(1);
  });
});
