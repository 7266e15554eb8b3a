/** What an event is called as a touchpoint, on the real engine. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { touchpointOf } from '../../server/ingest/touchpoint.ts';
import type { CleanObject } from '../../server/ingest/json.ts';
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

const piece = fc.constantFrom(
  ...[
    '/',
    '//',
    '?',
    '#',
    'https:',
    'a',
    'Ä',
    'shop.example',
    ':',
    'x=1',
    '',
    ' ',
    '\\',
    '\r',
    '%2F',
    'a+b.c-d://',
    '中文',
  ],
);
const value = fc.oneof(
  { weight: 6, arbitrary: fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join('')) },
  { weight: 1, arbitrary: fc.constantFrom<unknown>(404, 0.5, true, ['/a'], { x: '/b' }) },
);
const told = fc.record({
  event: fc.constantFrom('page_viewed', 'Page Viewed', '$screen', 'screen', 'product_viewed'),
  properties: fc.dictionary(
    fc.constantFrom('path', 'url', '$current_url', 'screen', 'screen_name', '$screen_name', 'name', 'path.x'),
    value,
    { maxKeys: 4 },
  ),
});

it('is told by ingestion as the table itself works it out', async () => {
  const rows = fc.sample(told, 3000).filter(({ event, properties }) => {
    const known = touchpointOf(event, properties as CleanObject) !== undefined;
    return known;
  });
  expect(rows.length).toBeGreaterThan(1000);
  const start = Date.UTC(2020, 0, 1);
  const stories = rows.map(({ event, properties }, i) => customer('told').did(event, start + i, properties));
  await storeEvents(engine, stories);
  const stored = await engine.query<{ name: string }>({
    name: 'test_told_touchpoints',
    sql: sql`SELECT ${touchpoint} AS name FROM events WHERE customer_id = 'told' ORDER BY time`,
  });
  const expected = rows.map(({ event, properties }) => touchpointOf(event, properties as CleanObject));
  expect(stored.rows.map(({ name }) => name)).toEqual(expected);
});
