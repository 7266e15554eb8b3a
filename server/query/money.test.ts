/** Amounts as answers and rows carry them. */
import { expect, it } from 'vitest';
import { decimalText, money } from './money.ts';

it('writes ten-thousandths as statements write decimals', () => {
  const texts = [0, 1, -1, 10, 2500, 10_000, 12_345_000, -12_300, -0].map(decimalText);
  expect(texts).toEqual(['0', '0.0001', '-0.0001', '0.001', '0.25', '1', '1234.5', '-1.23', '0']);
});

it('rounds to the cent once, where an amount leaves', () => {
  expect(money(decimalText(12_345_678))).toBe(1234.57);
});
