import { describe, expect, it } from 'vitest';
import type { Arrivals } from './arrivals.ts';
import { LiveHub } from './hub.ts';
import type { LiveAnswer, LiveQuery } from './live-query.ts';
import { until } from '../../tests/support/until.ts';

/** Arrivals by hand: `nudge` is something stored. */
function arrivalsByHand(): Arrivals {
  let version = 0;
  const waiting = new Set<() => void>();
  return {
    get version() {
      return version;
    },
    watch: () => Promise.resolve(() => {}),
    seenAt: -Infinity,
    lookedAt: 0,
    changedAt: 0,
    fresh: () => Promise.resolve(),
    onChange: () => {},
    follow: () => {},
    stored: () => {},
    freshSince: () => Promise.resolve(),
    news: 0,
    known: 0,
    changed: (seen, _timeout, signal) =>
      version > seen || signal.aborted
        ? Promise.resolve()
        : new Promise((resolve) => {
            waiting.add(resolve);
            signal.addEventListener('abort', () => resolve(), { once: true });
          }),
    nudge() {
      version += 1;
      for (const wake of waiting) wake();
      waiting.clear();
    },
    close() {},
  };
}

function counting(
  key: string,
  answers: (LiveAnswer<string> | string)[],
): LiveQuery<string> & { runs: number } {
  const query = {
    key,
    everyMs: 1,
    runs: 0,
    run: async () => {
      const answer = answers[Math.min(query.runs, answers.length - 1)] ?? '';
      query.runs += 1;
      return typeof answer === 'string' ? { value: answer, fingerprint: answer, isFinal: false } : answer;
    },
  };
  return query;
}

describe('LiveHub', () => {
  it('answers at once, and again after something arrived', async () => {
    const arrivals = arrivalsByHand();
    const hub = new LiveHub<string>(arrivals, { lingerMs: 0 });
    const viewer = hub.subscribe(counting('q', ['one', 'two']));
    expect((await viewer.next()).value).toBe('one');
    const second = viewer.next();
    arrivals.nudge(null);
    expect((await second).value).toBe('two');
    await viewer.return?.();
  });

  it('does not send an equal answer again', async () => {
    const arrivals = arrivalsByHand();
    const hub = new LiveHub<string>(arrivals, { lingerMs: 0 });
    const query = counting('q', ['same', 'same', 'same', 'other']);
    const viewer = hub.subscribe(query);
    expect((await viewer.next()).value).toBe('same');
    const next = viewer.next();
    while (query.runs < 4) {
      arrivals.nudge(null);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect((await next).value).toBe('other');
    await viewer.return?.();
  });

  it('computes once for all who ask the same, and stops when the last has gone', async () => {
    const hub = new LiveHub<string>(arrivalsByHand(), { lingerMs: 0 });
    const query = counting('q', ['shared']);
    const viewers = Array.from({ length: 50 }, () => hub.subscribe(query));
    for (const viewer of viewers) expect((await viewer.next()).value).toBe('shared');
    expect(query.runs).toBe(1);
    expect(hub.size).toEqual({ queries: 1, viewers: 50 });
    for (const viewer of viewers) await viewer.return?.();
    expect(hub.size.viewers).toBe(0);
    await until('nothing is left', () => hub.size.queries === 0);
  });

  it('gives a slow viewer the newest answer, not a queue', async () => {
    const arrivals = arrivalsByHand();
    const hub = new LiveHub<string>(arrivals, { lingerMs: 0 });
    const query = counting('q', ['a', 'b', 'c']);
    const slow = hub.subscribe(query);
    while (query.runs < 3) {
      arrivals.nudge(null);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await new Promise((resolve) => setImmediate(resolve));
    expect((await slow.next()).value).toBe('c');
    await slow.return?.();
  });

  it('keeps the last good answer through a failure, and ends what cannot succeed', async () => {
    const arrivals = arrivalsByHand();
    const hub = new LiveHub<string>(arrivals, { lingerMs: 0 });
    const failure = { value: 'engine away', fingerprint: null, isFinal: false };
    const query = counting('q', ['good', failure, 'better']);
    const viewer = hub.subscribe(query);
    expect((await viewer.next()).value).toBe('good');
    const next = viewer.next();
    while (query.runs < 3) {
      arrivals.nudge(null);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect((await next).value).toBe('better');
    await viewer.return?.();

    const wrong = hub.subscribe(counting('w', [{ value: 'bad input', fingerprint: null, isFinal: true }]));
    expect(await wrong.next()).toEqual({ value: 'bad input', done: false });
    expect((await wrong.next()).done).toBe(true);
    await until('nothing is left', () => hub.size.queries === 0);
  });
});
