import { describe, expect, it } from 'vitest';
import type { LiveEvent } from './live-event.ts';
import { liveVisits } from './live-visits.ts';
import { randomFrom } from './random.ts';

const NOON = Date.UTC(2026, 4, 20, 12);
const shoppers = Array.from({ length: 500 }, (_, i) => ({
  customerId: `C${i}`,
  country: 'China',
  city: 'Shanghai',
  isKnown: true,
}));

/** What happens in so many seconds, four looks a second. */
async function live(seconds: number, seed = 1): Promise<LiveEvent[]> {
  const source = liveVisits({ shoppers, random: randomFrom(seed), idPrefix: 'r', eventsPerSecond: 8 });
  const all: LiveEvent[] = [];
  for (let ms = 0; ms < seconds * 1000; ms += 250) all.push(...(await source(NOON + ms, 250)));
  return all;
}

describe('live visits', () => {
  it('make about as many events a second as asked for', async () => {
    const events = await live(1200);
    expect(events.length / 1200).toBeGreaterThan(5);
    expect(events.length / 1200).toBeLessThan(15);
  });

  it('are the same for the same seed and clock, and others for another seed', async () => {
    expect(await live(30)).toEqual(await live(30));
    expect(await live(30, 2)).not.toEqual(await live(30));
  });

  it('give each event an id of its own, and one order at most to a visit', async () => {
    const events = await live(1200);
    expect(new Set(events.map((event) => event.id)).size).toBe(events.length);
    const orders = events.filter((event) => event.event === 'order_completed');
    expect(orders.length).toBeGreaterThan(100);
    expect(new Set(orders.map((order) => order.orderId)).size).toBe(orders.length);
    for (const order of orders) expect(order.revenue).toBeGreaterThan(0);
  });

  it('keep a believable way from product to order', async () => {
    const events = await live(3600);
    const visits = (name: string) =>
      new Set(
        events
          .filter((event) => event.event === name && event.channel !== 'store')
          .map((event) => event.sessionId),
      ).size;
    const viewed = visits('product_viewed');
    expect(visits('product_added') / viewed).toBeGreaterThan(0.15);
    expect(visits('product_added') / viewed).toBeLessThan(0.35);
    expect(visits('order_completed') / viewed).toBeGreaterThan(0.05);
    expect(visits('order_completed') / viewed).toBeLessThan(0.2);
  });

  it('bring back customers and bring in new visitors', async () => {
    const ids = new Set((await live(600)).map((event) => event.customerId));
    expect([...ids].filter((id) => /^C\d+$/.test(id)).length).toBeGreaterThan(100);
    expect([...ids].filter((id) => id.startsWith('V')).length).toBeGreaterThan(100);
  });
});
