import { describe, expect, it } from 'vitest';
import { expiryOf, sample, screenLink, today } from './new-key.ts';

const NOW = new Date(2026, 10, 22, 19, 0).getTime();

describe('a new key', () => {
  it('ends never, after so many days, or with the day that was chosen', () => {
    expect(expiryOf('never', '', NOW)).toBeNull();
    expect(Date.parse(expiryOf('30', '', NOW) ?? '') - NOW).toBe(30 * 86_400_000);
    expect(expiryOf('date', '2026-12-31', NOW)).toBe(new Date(2027, 0, 1).toISOString());
    expect(today(NOW)).toBe('2026-11-22');
  });

  it('goes to a screen behind the #, where it is sent to nobody', () => {
    const link = new URL(screenLink('https://bi.example.com', 'wm_a'));
    expect([link.searchParams.has('tv'), link.hash]).toEqual([true, '#key=wm_a']);
  });

  it('is shown in use by what it may do', () => {
    expect(sample('WRITER', 'http://localhost:4000', 'wm_a')).toContain('-u wm_a:');
    expect(sample('VIEWER', 'http://localhost:4000', 'wm_a')).toContain('Bearer wm_a');
  });
});
