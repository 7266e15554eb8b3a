import { describe, expect, it } from 'vitest';
import { Format } from '../../format/format.ts';
import { overview } from '../../i18n/en/overview.ts';
import { periodName, targetOf, targetText } from './targets.ts';
import type { Target } from './targets.ts';

const fmt = new Format({ locale: 'en-US', currency: 'USD', timeZone: 'America/New_York' });
const words = overview.target;
const target = (more: Partial<Target> = {}, progress: Partial<Target['progress']> = {}): Target => ({
  ...{ id: 'x', kpi: 'REVENUE', period: 'MONTH', value: 1000, timeZone: 'UTC', isCeiling: false },
  progress: {
    ...{ from: '2026-11-01T00:00:00Z', to: '2026-12-01T00:00:00Z', value: 760, share: 0.76 },
    ...{ expectedShare: 0.73, forecast: 1041.1, pace: 1.0411, isOnTrack: true, basis: 'WEEK_PATTERN' },
    ...progress,
  },
  ...more,
});
const money = (value: number) => fmt.money(value);

describe('a target in words', () => {
  it('says how far it is and what it comes to', () => {
    const said = targetText(target(), money, fmt, words);
    expect([said.progress, said.pace]).toEqual(['76% of $1,000', 'on track for 104%']);
    expect(said.sentence).toContain('73% by now');
  });

  it('never rounds up to what is not reached', () => {
    const { pace } = targetText(target({}, { pace: 0.998, isOnTrack: false }), money, fmt, words);
    expect(pace).toBe('heading for 99%');
  });

  it('says of a ceiling whether it holds, and nothing too early', () => {
    const ceiling = target({ isCeiling: true, value: 0.05 }, { value: 0.03, forecast: 0.04, pace: 0.8 });
    expect(targetText(ceiling, (value) => fmt.percent(value), fmt, words).pace).toBe(
      'heading for 4.0%, within it',
    );
    const early = target(
      {},
      { pace: null, forecast: null, expectedShare: null, isOnTrack: null, basis: null },
    );
    expect(targetText(early, money, fmt, words).pace).toBe('too early to say');
  });

  it('names the period whatever the zone of the page', () => {
    expect(periodName(target(), fmt, words)).toBe('Nov 2026');
    expect(
      periodName(
        target({ period: 'QUARTER' }, { from: '2026-10-01T00:00:00Z', to: '2027-01-01T00:00:00Z' }),
        fmt,
        words,
      ),
    ).toBe('Q4 2026');
  });
});

it('the shortest period stands on the tile', () => {
  const list = [
    target({ id: 'year', period: 'YEAR' }),
    target({ id: 'month' }),
    target({ id: 'other', kpi: 'ORDERS' }),
  ];
  expect(targetOf(list, 'REVENUE')?.id).toBe('month');
  expect(targetOf(list, 'CHURN_RATE')).toBeUndefined();
});
