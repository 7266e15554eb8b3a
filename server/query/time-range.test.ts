import { describe, expect, it } from 'vitest';
import { intervalStarts, startOfInterval } from './period.ts';
import { InputError } from './problem.ts';
import { previousRange, resolveRange } from './time-range.ts';

const NOW = Date.parse('2026-03-29T12:00:00Z');
const iso = (ms: number): string => new Date(ms).toISOString();

describe('resolveRange', () => {
  it('ends a rolling range now', () => {
    const range = resolveRange({ last: 'P7D' }, NOW);
    expect(iso(range.fromMs)).toBe('2026-03-22T12:00:00.000Z');
    expect(range).toMatchObject({ toMs: NOW, isRolling: true, timeZone: 'UTC', weekStart: 'MONDAY' });
  });

  it('goes back calendar months', () => {
    expect(iso(resolveRange({ last: 'P1M' }, NOW).fromMs)).toBe('2026-02-28T12:00:00.000Z');
  });

  it('takes now for a missing end', () => {
    expect(resolveRange({ from: new Date('2026-01-01') }, NOW)).toMatchObject({ toMs: NOW, isRolling: true });
  });

  it.each([
    [{}, /`from`/],
    [{ last: 'P7D', from: new Date(0) }, /not both/],
    [{ from: new Date(NOW), to: new Date(NOW) }, /before/],
    [{ last: 'P7D', timeZone: 'Mars/Olympus' }, /IANA/],
    [{ from: new Date('0001-01-01') }, /1970/],
  ])('refuses %j', (request, message) => {
    expect(() => resolveRange(request, NOW)).toThrow(InputError);
    expect(() => resolveRange(request, NOW)).toThrow(message);
  });

  it('puts the previous range just before, of equal length', () => {
    const range = resolveRange({ from: new Date('2026-01-10'), to: new Date('2026-01-15') }, NOW);
    expect(previousRange(range)).toMatchObject({
      fromMs: Date.parse('2026-01-05'),
      toMs: Date.parse('2026-01-10'),
    });
  });
});

describe('intervalStarts', () => {
  const berlin = { timeZone: 'Europe/Berlin', weekStart: 'MONDAY' as const };

  it('follows daylight saving: a day may have 23 hours', () => {
    const range = resolveRange(
      { from: new Date('2026-03-28T00:00Z'), to: new Date('2026-03-31T00:00Z'), ...berlin },
      NOW,
    );
    expect(intervalStarts(range, 'DAY').map(iso)).toEqual([
      '2026-03-27T23:00:00.000Z',
      '2026-03-28T23:00:00.000Z',
      '2026-03-29T22:00:00.000Z',
      '2026-03-30T22:00:00.000Z',
    ]);
  });

  it.each([
    ['MONDAY', '2026-03-23'],
    ['SUNDAY', '2026-03-22'],
    ['SATURDAY', '2026-03-28'],
  ] as const)('begins weeks on %s', (weekStart, day) => {
    const at = Date.parse('2026-03-28T10:00Z');
    expect(iso(startOfInterval(at, 'WEEK', { timeZone: 'UTC', weekStart }))).toBe(`${day}T00:00:00.000Z`);
  });

  it('begins weeks at midnight, also before a day that begins at one', () => {
    const frame = { timeZone: 'America/Sao_Paulo', weekStart: 'SATURDAY' } as const;
    const begins = startOfInterval(Date.parse('2017-10-15T06:00Z'), 'WEEK', frame);
    expect(iso(begins)).toBe('2017-10-14T03:00:00.000Z');
  });

  it('refuses more intervals than an answer may hold', () => {
    const range = resolveRange({ from: new Date(0), to: new Date(NOW) }, NOW);
    expect(() => intervalStarts(range, 'HOUR')).toThrow(/longer interval/);
  });
});
