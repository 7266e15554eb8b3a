import { expect, test } from 'vitest';
import { toCsv } from './csv.ts';

test('quotes what needs quoting and defuses formulas, but not numbers', () => {
  const text = toCsv(
    ['name', 'value'],
    [
      ['a "b", c', -1],
      ['=1+1', 2],
      ['-x', null],
    ],
  );
  expect(text).toBe('\uFEFFname,value\r\n"a ""b"", c",-1\r\n\'=1+1,2\r\n\'-x,\r\n');
});
