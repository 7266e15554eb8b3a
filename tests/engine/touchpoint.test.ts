/** What an event is called as a touchpoint, on the real engine. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { sql } from '../../server/query/sql.ts';
import { touchpoint } from '../../server/query/touchpoint.ts';
import { testEngine } from '../support/engine.ts';
import { customer, storeEvents } from '../support/events.ts';

const TOLD: readonly (readonly [event: string, properties: object, touchpoint: string])[] = [
  ['page_viewed', { path: '/shoes/' }, '/shoes'],
  ['page_viewed', { path: '/' }, '/'],
  ['page_viewed', { path: '//' }, '/'],
  ['page_viewed', { path: '/shoes?size=42' }, '/shoes?size=42'],
  ['page_viewed', { path: '/shoes', url: 'https://shop.example/bags' }, '/shoes'],
  ['page_viewed', { path: '', url: 'https://shop.example/bags' }, '/bags'],
  ['page_viewed', { path: 404 }, '404'],
  ['Page Viewed', { url: 'https://shop.example/shoes/?size=42#top' }, '/shoes'],
  ['Page Viewed', { url: 'https://shop.example/go?to=https://other.example/x' }, '/go'],
  ['page', { url: 'https://shop.example' }, '/'],
  ['page', { url: 'https://shop.example?size=42' }, '/'],
  ['page', { url: '//shop.example/bags' }, '/bags'],
  ['page_view', { url: '/bags/?size=42' }, '/bags'],
  ['page_view', { url: '?size=42' }, '/'],
  ['$pageview', { $current_url: 'https://shop.example/shoes' }, '/shoes'],
  ['page_viewed', {}, 'page_viewed'],
  ['page_viewed', { screen: 'Home' }, 'page_viewed'],
  ['screen_viewed', { screen: 'Home' }, 'Home'],
  ['Screen Viewed', { name: 'Cart/' }, 'Cart/'],
  ['$screen', { $screen_name: 'Home' }, 'Home'],
  ['screen_viewed', {}, 'screen_viewed'],
  ['product_viewed', { path: '/shoes', url: 'https://shop.example/bags' }, 'product_viewed'],
];

let engine: Engine;
beforeAll(async () => {
  engine = await testEngine();
  await storeEvents(
    engine,
    TOLD.map(([event, properties], i) =>
      customer(`c${i}`).did(event, i * 1000 + 1_000_000, { ...properties }),
    ),
  );
});
afterAll(() => engine.close());

it('is the page, the screen or the event', async () => {
  const { rows } = await engine.query<{ event: string; name: string }>({
    name: 'test_touchpoints',
    sql: sql`SELECT event, ${touchpoint} AS name FROM events ORDER BY time`,
  });
  expect(rows).toEqual(TOLD.map(([event, , name]) => ({ event, name })));
});
