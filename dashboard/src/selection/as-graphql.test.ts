import { parse } from 'graphql';
import { expect, test } from 'vitest';
import { asGraphql, literal } from './as-graphql.ts';

test('enum words stand bare, texts in quotation marks', () => {
  expect(literal({ order: 'STRICT', window: 'P14D' })).toBe('{ order: STRICT, window: "P14D" }');
  expect(literal({ op: 'IS', values: ['IS'] })).toBe('{ op: IS, values: ["IS"] }');
  expect(literal({ a: null, b: undefined, c: 0 })).toBe('{ c: 0 }');
});

test('the text is a query, whatever stands in a name', () => {
  const input = {
    steps: ['a', 'say "hi"', 'back\\slash', '}) { x }'].map((event) => ({
      match: { events: [event], where: { all: [{ property: 'channel', values: ['web', 'app'] }] } },
    })),
    range: { last: 'P30D', timeZone: 'Asia/Shanghai' },
    order: 'ORDERED',
  };
  const text = asGraphql('funnel', input, 'conversionRate\nsteps {\n  customers\n}');
  expect(() => parse(text)).not.toThrow();
  expect(text).toContain('order: ORDERED');
});
