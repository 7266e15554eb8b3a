import { describe, expect, it } from 'vitest';
import { instantAt, marksOn, placeOf, timeAxis } from './time-marks.ts';

const days = ['2026-11-01T00:00:00Z', '2026-11-02T00:00:00Z', '2026-11-03T00:00:00Z'];
const at = (text: string): number => Date.parse(`2026-11-${text}:00Z`);
const note = (id: string, text: string) => ({ id, at: `2026-11-${text}:00Z`, text: id });

describe('the place of an instant', () => {
  it('is the interval that holds it', () => {
    const axis = timeAxis(days, 'starts');
    const places = ['01T00:00', '01T23:59', '02T00:00', '03T23:59'].map((text) => placeOf(axis, at(text)));
    expect(places).toEqual([0, 0, 1, 2]);
    expect(placeOf(axis, at('04T00:00'))).toBeNull();
    expect(placeOf(axis, Date.parse('2026-10-31T23:59:00Z'))).toBeNull();
  });

  it('is the first point told after it', () => {
    const axis = timeAxis(days, 'instants');
    expect(['01T00:00', '01T10:00', '03T00:00'].map((text) => placeOf(axis, at(text)))).toEqual([0, 1, 2]);
    expect(placeOf(axis, at('03T00:01'))).toBeNull();
  });

  it('is nowhere without points', () => {
    expect(placeOf(timeAxis([], 'starts'), at('01T00:00'))).toBeNull();
  });
});

describe('marks', () => {
  const notes = [
    note('late', '01T18:00'),
    note('early', '01T08:00'),
    note('third', '03T09:00'),
    note('out', '09T00:00'),
  ];

  it('fold what belongs to one point', () => {
    const marks = marksOn(timeAxis(days, 'starts'), notes);
    expect(marks.map(({ index, value, notes: list }) => [index, value, list.map(({ id }) => id)])).toEqual([
      [0, 0, ['early', 'late']],
      [2, 2, ['third']],
    ]);
  });

  it('stand at their own instant where the axis is time', () => {
    const [first] = marksOn(timeAxis(days, 'instants', 'time'), notes);
    expect([first?.index, first?.value]).toEqual([1, at('01T08:00')]);
  });
});

describe('an instant asked for on the axis', () => {
  it('is the start of the interval, and now in the one that holds it', () => {
    const axis = timeAxis(days, 'starts');
    expect(instantAt(axis, 0.6, at('03T15:00'))).toBe(at('02T00:00'));
    expect(instantAt(axis, 9, at('03T15:00'))).toBe(at('03T15:00'));
    expect(instantAt(timeAxis(days, 'instants', 'time'), at('02T07:00'), 0)).toBe(at('02T07:00'));
  });
});
