import { expect, test } from 'vitest';
import { Format } from './format.ts';

const en = new Format({ locale: 'en-US', currency: 'USD', timeZone: 'UTC' });
const zh = new Format({ locale: 'zh-CN', currency: 'CNY', timeZone: 'Asia/Shanghai' });

test('large numbers are written with the units of the language', () => {
  expect(en.compact(1_234_567)).toBe('1.2M');
  expect(zh.compact(1_234_567)).toBe('123.5万');
  expect(zh.compact(1_234_567_890)).toBe('12.3亿');
  expect(en.compact(9_876)).toBe('9,876');
});

test('money is in the currency, with cents only where they matter', () => {
  expect(en.money(12.5)).toBe('$12.50');
  expect(en.money(12_345.67)).toBe('$12,346');
  expect(zh.moneyCompact(1_200_000)).toBe('¥120万');
});

test('what is not defined is a dash, never a zero', () => {
  expect(en.percent(null)).toBe('–');
  expect(en.count(undefined)).toBe('–');
  expect(en.duration(Number.NaN)).toBe('–');
});

test('changes carry their sign', () => {
  expect(en.change(0.123)).toBe('+12.3%');
  expect(en.change(-0.04)).toBe('−4%');
  expect(en.change(0)).toBe('0%');
});

test('durations have at most two units', () => {
  expect(en.duration(45)).toBe('45 sec');
  expect(en.duration(3_700)).toBe('1 hr 2 min');
  expect(en.duration(3 * 86_400 + 4 * 3_600)).toBe('3 days 4 hr');
  expect(zh.duration(3 * 86_400 + 4 * 3_600)).toBe('3 天 4 小时');
});

test('periods are named in the zone', () => {
  expect(en.period('2026-03-01T00:00:00Z', 'MONTH', true)).toBe('Mar 2026');
  expect(zh.period('2026-02-28T16:00:00Z', 'DAY')).toBe('3月1日');
});
