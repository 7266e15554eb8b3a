import { describe, expect, it } from 'vitest';
import { chanceOf, correlationSides } from './correlations.ts';

const found = (value: string, withValue: number, converted: number, oddsRatio: number, pValue = 0.01) => ({
  property: 'channel',
  value,
  withValue,
  converted,
  oddsRatio,
  pValue,
  lift: 1,
});

describe('correlations', () => {
  const steps = [{ customers: 100 }, { customers: 60 }, { customers: 40 }];

  it('stand on the side their odds are on, each beside those without the value', () => {
    const { converting, dropping } = correlationSides({
      steps,
      correlations: [found('app', 20, 16, 6), found('web', 80, 24, 0.16, 0.2)],
    });
    expect(converting).toMatchObject([{ withRate: 0.8, withoutRate: 0.3, isSignificant: true }]);
    expect(dropping).toMatchObject([{ withRate: 0.3, withoutRate: 0.8, isSignificant: false }]);
  });

  it('have no rate without the value where everybody has it', () => {
    const { converting } = correlationSides({ steps, correlations: [found('app', 100, 40, 1)] });
    expect(converting[0]?.withoutRate).toBeNull();
  });

  it('say how sure one may be', () => {
    expect([0, 0.0009, 0.001, 0.01, 0.05, 0.051].map(chanceOf)).toEqual([
      'certain',
      'certain',
      'strong',
      'likely',
      'likely',
      'maybe',
    ]);
  });
});
