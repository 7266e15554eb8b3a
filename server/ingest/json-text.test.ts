import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { longNumbersAsTexts, parseJson } from './json-text.ts';

describe('whole numbers in JSON text', () => {
  it.each([
    ['[9007199254740993]', '["9007199254740993"]'],
    ['{"a":-18446744073709551616,"b":1}', '{"a":"-18446744073709551616","b":1}'],
    ['[ 12345678901234567890 , 1 ]', '[ "12345678901234567890" , 1 ]'],
    ['12345678901234567890', '"12345678901234567890"'],
  ])('%s becomes %s', (text, expected) => expect(longNumbersAsTexts(text)).toBe(expected));

  it.each([
    '[9007199254740991]',
    '["12345678901234567890","a\\\\",":12345678901234567890","\\":12345678901234567890"]',
    '[0.12345678901234567890,1e20,1E+20,12345678901234567.5,12345678901234567e2,1e-1234567890123456789]',
    '["unclosed 12345678901234567890',
  ])('%s stays', (text) => expect(longNumbersAsTexts(text)).toBe(text));

  it('agree with what was meant, wherever they stand', () => {
    const leaf = fc.oneof(
      fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }),
      fc.string({ unit: fc.constantFrom('"', '\\', '1234567890', ':', ',', 'é', '\u2028') }),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small' },
        leaf,
        fc.array(tie('tree')),
        fc.dictionary(fc.string(), tie('tree')),
      ),
    }));
    fc.assert(
      fc.property(tree, (value) => {
        expect(parseJson(written(value))).toEqual(expected(value));
      }),
      { numRuns: 300 },
    );
  });

  it('does not go deeper than it can, nor back over what it has read', () => {
    const deep = 100_000;
    const text = `[${'['.repeat(deep)}${']'.repeat(deep)},12345678901234567890,"${'\\\\'.repeat(deep)}"]`;
    expect((parseJson(text) as unknown[])[1]).toBe('12345678901234567890');
  });
});

/** JSON text with whole numbers written out. */
function written(value: unknown): string {
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return `[${value.map(written).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}:${written(item)}`);
  return `{${members.join(',')}}`;
}

/** The same with those as texts that a number cannot hold. */
function expected(value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (Array.isArray(value)) return value.map(expected);
  if (typeof value === 'number')
    return /^-?\d{16,}$/.test(String(value)) ? expected(BigInt(String(value))) : value + 0;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, expected(item)]));
}
