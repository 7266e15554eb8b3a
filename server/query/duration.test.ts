import { describe, expect, it } from 'vitest';
import { parseDuration, spanInWords } from './duration.ts';
import { InputError } from './problem.ts';

describe('parseDuration', () => {
  it.each([
    ['PT30M', { months: 0, ms: 1_800_000 }],
    ['P14D', { months: 0, ms: 14 * 86_400_000 }],
    ['P1M', { months: 1, ms: 0 }],
    ['P1Y2M', { months: 14, ms: 0 }],
    ['P2W', { months: 0, ms: 14 * 86_400_000 }],
    ['P1DT1.5S', { months: 0, ms: 86_401_500 }],
  ])('reads %s', (text, span) => {
    expect(parseDuration(text, 'window')).toEqual(span);
  });

  it.each(['', 'P', 'PT', 'P0D', '14D', 'P-1D', 'P1.5D', '14', 'PT1', 'P99999999D', 'P1D; DROP'])(
    'refuses %j and says what is allowed',
    (text) => {
      expect(() => parseDuration(text, 'window')).toThrow(InputError);
      expect(() => parseDuration(text, 'window')).toThrow(/window: .*P14D/);
    },
  );

  it('says a span in words', () => {
    expect(spanInWords(parseDuration('P14D', 'w'))).toBe('14 days');
    expect(spanInWords(parseDuration('PT90M', 'w'))).toBe('1 hour and 30 minutes');
    expect(spanInWords(parseDuration('P12W', 'w'))).toBe('12 weeks');
    expect(spanInWords(parseDuration('P1M', 'w'))).toBe('1 month');
  });
});
