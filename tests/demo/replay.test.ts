import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fillDemo } from '../../server/demo/fill.ts';
import type { LiveEvent } from '../../server/demo/live-event.ts';
import { startReplay } from '../../server/demo/replay.ts';
import type { Engine } from '../../server/engine/port.ts';
import { testEngine } from '../support/engine.ts';

const END = Date.UTC(2026, 4, 20, 12);
let generated: Engine;
let real: Engine;

beforeAll(async () => {
  [generated, real] = [await testEngine(), await testEngine()];
  await fillDemo(generated, { dataset: 'generated', customers: 1000, endMs: END });
  await fillDemo(real, { dataset: 'rees46', endMs: END });
});
afterAll(async () => {
  await generated.close();
  await real.close();
});

/** A clock that a look moves on by a second, so that a test need not wait. */
function fastClock(): () => number {
  let now = END;
  return () => (now += 500);
}

/** Replays until there are so many events. */
async function firstEvents(
  engine: Engine,
  dataset: 'generated' | 'rees46',
  count: number,
): Promise<LiveEvent[]> {
  const stop = new AbortController();
  const all: LiveEvent[] = [];
  const send = async (events: LiveEvent[]) => {
    all.push(...events);
    if (all.length >= count) stop.abort();
  };
  await startReplay({
    send,
    engine,
    dataset,
    signal: stop.signal,
    seed: 7,
    eventsPerSecond: 40,
    clock: fastClock(),
  });
  return all;
}

describe('the live replay', () => {
  it('has the generated retailer’s own customers come back', async () => {
    const events = await firstEvents(generated, 'generated', 60);
    expect(events.some((event) => /^C\d{6}$/.test(event.customerId))).toBe(true);
    for (const event of events) expect(event.time.getTime()).toBeGreaterThan(END);
  });

  it('repeats a real set’s events in their order, with new ids and numbers as numbers', async () => {
    const events = await firstEvents(real, 'rees46', 60);
    expect(new Set(events.map((event) => event.id)).size).toBe(events.length);
    for (const event of events) expect(event.id).toMatch(/^r\w+-1-rees46-\d+$/);
    expect(events.every((event) => typeof event.properties['price'] === 'number')).toBe(true);
    expect(new Set(events.map((event) => event.event))).toContain('product_view');
  });

  it('never sends a batch before the one before is taken', async () => {
    const stop = new AbortController();
    let inFlight = 0;
    let batches = 0;
    const send = async () => {
      inFlight += 1;
      expect(inFlight).toBe(1);
      await new Promise((resolve) => setImmediate(resolve));
      inFlight -= 1;
      batches += 1;
      if (batches === 3) stop.abort();
    };
    await startReplay({
      send,
      engine: generated,
      dataset: 'generated',
      signal: stop.signal,
      eventsPerSecond: 40,
      clock: fastClock(),
    });
    expect(batches).toBe(3);
  });

  it('goes on after a batch was refused, and says so', async () => {
    const stop = new AbortController();
    const errors: unknown[] = [];
    let calls = 0;
    const send = async () => {
      calls += 1;
      if (calls === 1) throw new Error('not now');
      stop.abort();
    };
    await startReplay({
      send,
      engine: generated,
      dataset: 'generated',
      signal: stop.signal,
      eventsPerSecond: 40,
      clock: fastClock(),
      onError: (error) => errors.push(error),
    });
    expect(errors).toEqual([new Error('not now')]);
    expect(calls).toBe(2);
  });
});
