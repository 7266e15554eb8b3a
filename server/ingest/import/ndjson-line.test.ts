/** The fast way says what the thorough one says, of whatever line; and takes the usual ones. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FIELDS } from './fields.query.ts';
import { LineWriter } from './ndjson-line.ts';
import { NamedFields } from './ndjson-record.ts';
import { RowBinaryWriter } from './row-binary.ts';

const names = new NamedFields({});

function fast(line: string, writer = new LineWriter(names)): Buffer | null {
  const rows = new RowBinaryWriter();
  const source = Buffer.from(`${line}\n`);
  return writer.write(rows, 7, source, 0, source.length - 1) ? rows.take() : null;
}

function thorough(line: string): Buffer | null {
  const rows = new RowBinaryWriter();
  const read = names.readLine(line);
  if ('problem' in read) return null;
  rows.number(7);
  rows.emptyText();
  rows.emptyText();
  for (const field of FIELDS) rows.text(read.fields.get(field) ?? '');
  rows.text(read.properties);
  return rows.take();
}

const key = fc.oneof(
  fc.constantFrom(
    'event',
    'user_id',
    'userId',
    'Time',
    'revenue',
    'properties',
    'a',
    'b',
    '10',
    '9',
    '__proto__',
    '名',
  ),
  fc.string({ maxLength: 4 }),
);
const number = fc.oneof(
  fc.constantFrom(
    '0',
    '-0',
    '-1',
    '1.0',
    '1.50',
    '0.1',
    '0.0000001',
    '1e3',
    '1E400',
    '007',
    '-',
    '.5',
    '5.',
    '1.',
    '--1',
  ),
  fc.constantFrom(
    '9007199254740993',
    '-12345678901234567890',
    '0.30000000000000004',
    '123456789012345.6',
    '1e21',
  ),
  fc.integer().map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
);
const text = fc.oneof(
  fc.string().map((value) => JSON.stringify(value)),
  fc.constantFrom(
    '""',
    '"\\u00e9"',
    '"\\ud800"',
    '"\\x"',
    '"a\\"b"',
    '"\u2028"',
    '"12345678901234567"',
    '"open',
    '"tab\t"',
  ),
);
const blank = fc.constantFrom('', '', '', ' ', '\t', '\r');
const scalar = fc.oneof(number, text, fc.constantFrom('true', 'false', 'null', 'tru', 'nul', ''));
const value: fc.Arbitrary<string> = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { weight: 5, arbitrary: scalar },
    { weight: 1, arbitrary: fc.array(tie('value'), { maxLength: 3 }).map((items) => `[${items.join(',')}]`) },
    { weight: 2, arbitrary: members(tie('value')) },
  ),
})).value;

function members(of: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const member = fc
    .tuple(key, of, blank, blank)
    .map(
      ([name, item, before, after]) => `${before}${JSON.stringify(name)}${after}:${before}${item}${after}`,
    );
  return fc.array(member, { maxLength: 6 }).map((all) => `{${all.join(',')}}`);
}

it('never says anything else than the thorough way', () => {
  const writer = new LineWriter(names);
  fc.assert(
    fc.property(members(value), blank, (line, end) => {
      const said = fast(line + end, writer);
      if (said) expect(said.toString('latin1')).toBe(thorough(line + end)?.toString('latin1'));
    }),
    { numRuns: 5000 },
  );
});

describe('takes', () => {
  it.each([
    '{"event_id":"e","customer_id":"c","event_time":"2026-01-01 00:00:00.000","event_type":"view","revenue":null}',
    ' { "user_id" : 5 , "event" : "buy", "time": 1767312000, "revenue": 12.5, "properties": { "b": 1, "a": [1, {"z": 1, "y": null}] } } ',
    '{"userId":"名","event":"say \\"hi\\"","time":"2026-01-01","ok":true,"none":null,"price":0.10}',
  ])('%s', (line) => {
    expect(fast(line)?.toString('latin1')).toBe(thorough(line)?.toString('latin1'));
    expect(fast(line)).not.toBe(null);
  });
});

describe('leaves to the thorough way', () => {
  it.each([
    '',
    '[1]',
    '{"a":1',
    '{"a":1}}',
    '{"a":1,"a":2}',
    '{"a":tru}',
    '{"event":{"x":1}}',
    '{"a":01}',
    '{"a":1}{"b":2}',
  ])('%s', (line) => expect(fast(line)).toBe(null));
});
