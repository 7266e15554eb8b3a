import { expect, test } from 'vitest';
import { byDay, details, stageAt } from './timeline.ts';
import type { TimelineEvent } from './timeline.ts';

const event = (id: string, time: string) => ({ id, time, channel: 'web' }) as TimelineEvent;

test('events stand in runs of one day', () => {
  const days = byDay(
    [
      event('c', '2026-01-02T10:00:00Z'),
      event('b', '2026-01-02T09:00:00Z'),
      event('a', '2026-01-01T09:00:00Z'),
    ],
    (time) => time.slice(0, 10),
  );
  expect(days.map((day) => [day.day, day.events.map((e) => e.id)])).toEqual([
    ['2026-01-02', ['c', 'b']],
    ['2026-01-01', ['a']],
  ]);
});

test('the stage at an instant is the last one entered by then, however the history is ordered', () => {
  const history = [
    { at: '2026-01-10T00:00:00Z', from: 'new', to: 'active' },
    { at: '2026-01-01T00:00:00Z', from: null, to: 'new' },
  ];
  expect(stageAt(history, '2025-12-31T00:00:00Z')).toBeNull();
  expect(stageAt(history, '2026-01-05T00:00:00Z')).toBe('new');
  expect(stageAt(history, '2026-01-10T00:00:00Z')).toBe('active');
});

test('details are text, whatever was sent', () => {
  expect(details({ a: 1, b: null, c: { d: 2 }, e: '<b>' })).toEqual([
    { key: 'a', value: '1' },
    { key: 'c', value: '{"d":2}' },
    { key: 'e', value: '<b>' },
  ]);
  expect(details('x')).toEqual([]);
});

test('what nearly every event carries is said last', () => {
  expect(details({ country: 'China', path: '/sale' }).map((pair) => pair.key)).toEqual(['path', 'country']);
});
