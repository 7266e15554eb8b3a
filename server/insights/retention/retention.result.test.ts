import { describe, expect, it } from 'vitest';
import { normaliseRetention } from './retention.query.ts';
import type { RetentionQuery, RetentionRequest } from './retention.query.ts';
import { retentionAnswer, wilson } from './retention.result.ts';
import type { RetentionRow } from './retention.row.ts';

const NOW = Date.parse('2026-03-01T00:00:00Z');

function asked(changes: Partial<RetentionRequest> = {}): RetentionQuery {
  const range = { from: new Date('2026-01-05T00:00:00Z'), to: new Date('2026-02-02T00:00:00Z') };
  const vocabulary = { stages: new Map<string, readonly string[]>(), orderEvents: [], returnEvents: [] };
  return normaliseRetention({ start: {}, range, ...changes }, { nowMs: NOW, vocabulary }, []);
}

function row(cohort: number, period: number, customers: number, revenue = 0, events = 0): RetentionRow {
  return {
    cohort,
    period,
    customers: String(customers),
    events: String(events),
    revenue: String(revenue),
    last_start_ms: '0',
  };
}

const customersOf = (query: RetentionQuery, rows: RetentionRow[]): number[][] =>
  retentionAnswer(query, rows, NOW).cohorts.map(({ cells }) => cells.map((cell) => cell.customers));

describe('the matrix', () => {
  it('has a row for each interval that the range touches, and no column that begins after it', () => {
    expect(customersOf(asked(), [row(0, 0, 9), row(0, 3, 2), row(2, 0, 4)])).toEqual([
      [9, 0, 0, 2],
      [0, 0, 0],
      [4, 0],
      [0],
    ]);
  });

  it('has no more columns than asked for', () => {
    expect(customersOf(asked({ periods: 1 }), [row(0, 0, 3)])).toEqual([[3, 0], [0, 0], [0, 0], [0]]);
  });

  it('keeps a bracket that the range ends in, incomplete', () => {
    const { cohorts } = retentionAnswer(asked({ brackets: [2, 4] }), [row(0, 0, 3)], NOW);
    expect(cohorts.map(({ cells }) => cells.length)).toEqual([3, 2, 2, 1]);
    expect(cohorts[0]?.cells.map((cell) => cell.complete)).toEqual([true, true, false]);
  });

  it('counts who came further in every column before, but not in the first', () => {
    const rows = [row(0, 0, 10), row(0, 1, 1), row(0, 2, 2), row(0, 3, 3)];
    expect(customersOf(asked({ mode: 'ON_OR_AFTER' }), rows)[0]).toEqual([10, 6, 5, 3]);
    expect(customersOf(asked({ mode: 'EVERY' }), rows)[0]).toEqual([10, 6, 5, 3]);
  });

  it('has rates of the row, 0 in an empty one, and lifetime value undefined there', () => {
    const { cohorts } = retentionAnswer(asked(), [row(0, 0, 4, 40), row(0, 1, 1, 10)], NOW);
    expect(cohorts[0]?.cells.map((cell) => [cell.rate, cell.lifetimeValue])).toEqual([
      [1, 10],
      [0.25, 12.5],
      [0, 12.5],
      [0, 12.5],
    ]);
    expect(cohorts[1]?.cells[0]).toMatchObject({ rate: 0, lifetimeValue: null });
  });

  it('shows what the measure asks for as the value', () => {
    const value = (measure: 'CUSTOMERS' | 'EVENTS' | 'REVENUE') =>
      retentionAnswer(asked({ measure }), [row(0, 0, 4, 40.128, 7)], NOW).cohorts[0]?.cells[0]?.value;
    expect([value('CUSTOMERS'), value('EVENTS'), value('REVENUE')]).toEqual([4, 7, 40.13]);
  });
});

describe('what is complete', () => {
  const complete = (query: RetentionQuery, nowMs: number) =>
    retentionAnswer(query, [], nowMs).cohorts.map(({ cells }) => cells.map((cell) => cell.complete));

  it('ended by now', () => {
    expect(complete(asked(), Date.parse('2026-01-20T00:00:00Z'))).toEqual([
      [true, true, false, false],
      [true, false, false],
      [false, false],
      [false],
    ]);
  });

  it('ended within the range', () => {
    const range = { from: new Date('2026-01-05T00:00:00Z'), to: new Date('2026-01-21T00:00:00Z') };
    expect(complete(asked({ range }), NOW)).toEqual([[true, true, false], [true, false], [false]]);
  });

  it('ended for the last member, where periods are counted from each one’s own start', () => {
    const query = asked({ alignment: 'ROLLING', interval: 'DAY', periods: 1 });
    const started = { ...row(0, 0, 1), last_start_ms: String(Date.parse('2026-01-05T20:00:00Z')) };
    const at = (now: string) =>
      retentionAnswer(query, [started], Date.parse(now)).cohorts[0]?.cells.map((cell) => cell.complete);
    expect(at('2026-01-06T19:00:00Z')).toEqual([false, false]);
    expect(at('2026-01-06T20:00:00Z')).toEqual([true, false]);
    expect(at('2026-01-07T20:00:00Z')).toEqual([true, true]);
  });
});

describe('the mean row', () => {
  it('weighs cohorts by size over complete cells only', () => {
    const rows = [row(0, 0, 90), row(0, 1, 45), row(1, 0, 10), row(1, 1, 1), row(2, 0, 50), row(2, 1, 50)];
    const { average } = retentionAnswer(asked(), rows, Date.parse('2026-01-20T00:00:00Z'));
    expect(average.map(({ period, rate }) => [period, rate])).toEqual([
      [0, 1],
      [1, 0.5],
    ]);
  });

  it('has no column that no cohort with members has completed', () => {
    expect(retentionAnswer(asked(), [], NOW).average).toEqual([]);
  });

  it('has the interval that Wilson gives', () => {
    const { low, high } = wilson(10, 20);
    expect(low).toBeCloseTo(0.299298, 6);
    expect(high).toBeCloseTo(0.700702, 6);
    expect(wilson(0, 5).low).toBe(0);
    expect(wilson(5, 5).high).toBe(1);
  });
});
