import { describe, expect, it } from 'vitest';
import { fieldsToSet, NOTHING, oneLine, readable, refusals, withReceipt } from './replay.ts';

describe('fields to set', () => {
  it('keep ids and names as text, and make numbers and truths of what looks like them', () => {
    const set = fieldsToSet([
      { name: 'customerId', value: ' 007 ' },
      { name: 'revenue', value: '12.5' },
      { name: 'properties.gift', value: 'true' },
      { name: 'properties.sku.code', value: '0012' },
    ]);
    expect(set).toEqual({
      customerId: '007',
      revenue: 12.5,
      properties: { gift: true, 'sku.code': '0012' },
    });
  });

  it('are none where no name was given, and never touch what every object inherits', () => {
    expect(fieldsToSet([{ name: ' ', value: 'x' }])).toBeNull();
    const set = fieldsToSet([{ name: '__proto__', value: 'x' }]);
    expect(Object.keys(set ?? {})).toEqual(['__proto__']);
  });
});

describe('what became of events sent again', () => {
  it('adds up over calls, the most frequent refusal first', () => {
    const first = withReceipt(NOTHING, 3, { accepted: 1, duplicates: 0, rejected: [{ reason: 'a' }, { reason: 'b' }] });
    const both = withReceipt(first, 3, { accepted: 1, duplicates: 1, rejected: [{ reason: 'b' }] });
    expect(both).toMatchObject({ sent: 6, accepted: 2, duplicates: 1 });
    expect(refusals(both, 1)).toEqual([{ reason: 'b', count: 2 }]);
  });
});

describe('what was sent', () => {
  it('is indented where it is an object, and left alone where it is text', () => {
    expect(readable({ a: 1 })).toBe('{\n  "a": 1\n}');
    expect(readable('{"a":1}')).toBe('{\n  "a": 1\n}');
    expect(readable('{"a":')).toBe('{"a":');
    expect(readable('12')).toBe('12');
    expect(oneLine({ a: 'x'.repeat(500) }, 20)).toHaveLength(21);
  });
});
