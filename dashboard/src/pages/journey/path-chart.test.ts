import { expect, test } from 'vitest';
import { Format } from '../../format/format.ts';
import type { ChartTheme } from '../../charts/theme.ts';
import { edgeOf, heightRem, nodeAt, pathOption } from './path-chart.ts';
import { columnsOf } from './path-graph.ts';

const theme = {
  rem: 16,
  fontSize: 12,
  text: '#111',
  text2: '#222',
  text3: '#333',
  lineStrong: '#ccc',
  accent: '#0a6',
} as ChartTheme;
const fmt = new Format({ locale: 'en-US', currency: 'USD', timeZone: 'UTC' });
const words = {
  name: (name: string) => `<${name}>`,
  color: () => '#abc',
  other: 'Other',
  ended: 'Ended',
  visits: 'Visits',
  customers: 'Customers',
  time: 'Time',
  stepN: (n: string) => n,
  edge: (from: string, to: string) => `${from}-${to}`,
  endedAfter: (name: string) => name,
  ofFrom: (share: string) => share,
  open: (n: string) => n,
  more: '',
};
const columns = columnsOf({
  nodes: [
    { step: 1, name: 'a{b}|c', isOther: false, paths: 3, customers: 3, ended: 1 },
    { step: 2, name: '', isOther: true, paths: 2, customers: 2, ended: 2 },
  ],
  edges: [{ step: 1, from: 'a{b}|c', to: '', paths: 2, customers: 2 }],
});

test('names are never rich text; what is left out and what ended is muted', () => {
  const option = pathOption(columns, theme, fmt, words) as {
    series: { data: { label: { formatter: string }; itemStyle: { color: string } }[] }[];
  };
  const [named, other, ended] = option.series[0]?.data ?? [];
  expect(named?.label.formatter).toBe('{name|<a b  c>} {count|3}');
  expect(named?.itemStyle.color).toBe('#abc');
  expect([other?.itemStyle.color, ended?.itemStyle.color]).toEqual(['#ccc', '#ccc']);
});

test('a band opens its edge, a node its name; what ended opens nothing', () => {
  const [over, ended] = columns.bands;
  expect(edgeOf({ dataType: 'edge', data: { band: over } })).toMatchObject({ step: 1, to: '' });
  expect(edgeOf({ dataType: 'edge', data: { band: ended } })).toBeNull();
  expect(nodeAt({ dataType: 'node', data: { block: columns.blocks[0] } })).toEqual({
    name: 'a{b}|c',
    step: 1,
  });
  expect(nodeAt({ dataType: 'node', data: { block: columns.blocks[1] } })).toBeNull();
  expect(edgeOf({ dataType: 'node', data: null })).toBeNull();
});

test('the picture grows with its fullest column, within bounds', () => {
  expect(heightRem(1)).toBe(22);
  expect(heightRem(20)).toBe(37);
  expect(heightRem(500)).toBe(56);
});
