import { execFileSync } from 'node:child_process';
import { parse } from 'graphql';
import { expect, test } from 'vitest';
import { asCurl, asOperation, asText, asVariables, literal } from './as-graphql.ts';

const SELECTION = 'conversionRate\nsteps {\n  customers\n}';

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
  const question = { field: 'funnel', inputType: 'FunnelInput', input, selection: SELECTION };
  const text = asText(question);
  expect(() => parse(text)).not.toThrow();
  expect(text).toContain('order: ORDERED');
  expect(asText(question, true)).toMatch(/^subscription \{/);
});

test('the operation takes its input as a variable, and a shell hands both on as they are', () => {
  const input = { steps: [{ match: { events: ["it's", '$HOME `id` "x" \\'] } }], range: { last: 'P30D' } };
  const question = { field: 'funnel', inputType: 'FunnelInput', input, selection: SELECTION };
  expect(() => parse(asOperation(question))).not.toThrow();
  expect(JSON.parse(asVariables(question))).toEqual({ input });
  const call = asCurl(question, { origin: 'http://localhost:4000', hasKey: true });
  const said = execFileSync(
    'sh',
    ['-c', call.replace('curl', 'curl() { for a; do printf "%s\\0" "$a"; done; }; curl')],
    {
      env: { WAYMARK_KEY: 'secret' },
      encoding: 'utf8',
    },
  ).split('\0');
  expect(said).toContain('http://localhost:4000/graphql');
  expect(said).toContain('authorization: Bearer secret');
  const body = JSON.parse(said[said.indexOf('-d') + 1] ?? '') as { query: string; variables: unknown };
  expect(body.variables).toEqual({ input });
  expect(() => parse(body.query)).not.toThrow();
});
