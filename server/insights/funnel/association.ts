/**
 * How two facts about customers go together, from the four counts of a two-by-two table: odds ratio and
 * two-sided p-value; and p-values of several such tables corrected for there being several. Pure.
 */

/** Customers with and without a property's value, by whether they converted. */
export interface TwoByTwo {
  readonly withConverted: number;
  readonly withLost: number;
  readonly withoutConverted: number;
  readonly withoutLost: number;
}

/** Where some expected count is below this, chi-square is too rough and Fisher's exact test is taken. */
const FEWEST_EXPECTED = 5;

/** Odds of converting with the value over those without; half a customer more in each cell where one is empty. */
export function oddsRatio({ withConverted, withLost, withoutConverted, withoutLost }: TwoByTwo): number {
  const hasEmpty = [withConverted, withLost, withoutConverted, withoutLost].includes(0);
  const more = hasEmpty ? 0.5 : 0;
  return ((withConverted + more) * (withoutLost + more)) / ((withLost + more) * (withoutConverted + more));
}

/** Chance of a table at least as unlikely as this one if the two facts had nothing to do with each other. */
export function pValue(table: TwoByTwo): number {
  const { value, converted, lost, without, all } = marginsOf(table);
  if (value === 0 || without === 0 || converted === 0 || lost === 0) return 1;
  const fewestExpected = (Math.min(value, without) * Math.min(converted, lost)) / all;
  return fewestExpected < FEWEST_EXPECTED ? fisherExact(table) : chiSquareTail(chiSquare(table));
}

function marginsOf({ withConverted, withLost, withoutConverted, withoutLost }: TwoByTwo) {
  const value = withConverted + withLost;
  const without = withoutConverted + withoutLost;
  const converted = withConverted + withoutConverted;
  return { value, without, converted, lost: withLost + withoutLost, all: value + without };
}

/** Two-sided: the sum over all tables of the same margins that are no more likely than this one. */
export function fisherExact(table: TwoByTwo): number {
  const { value, converted, all } = marginsOf(table);
  const least = Math.max(0, value + converted - all);
  const most = Math.min(value, converted);
  const mode = Math.min(most, Math.max(least, Math.floor(((value + 1) * (converted + 1)) / (all + 2))));
  // Chances in terms of the most likely table's: no factorials, and nothing overflows.
  const chances = new Map([[mode, 1]]);
  const upward = (k: number): number =>
    ((value - k) * (converted - k)) / ((k + 1) * (all - value - converted + k + 1));
  for (let k = mode, chance = 1; k < most; k += 1) chances.set(k + 1, (chance *= upward(k)));
  for (let k = mode, chance = 1; k > least; k -= 1) chances.set(k - 1, (chance /= upward(k - 1)));
  // Equal chances may differ in their last digits.
  const limit = (chances.get(table.withConverted) ?? 0) * (1 + 1e-7);
  let sum = 0;
  let extreme = 0;
  for (const chance of chances.values()) {
    sum += chance;
    if (chance <= limit) extreme += chance;
  }
  return Math.min(1, extreme / sum);
}

/** Pearson's, without continuity correction. */
export function chiSquare(table: TwoByTwo): number {
  const { value, without, converted, lost, all } = marginsOf(table);
  const cross = table.withConverted * table.withoutLost - table.withLost * table.withoutConverted;
  return ((cross / value) * (cross / without) * (all / converted)) / lost;
}

/** Chance of at least this much at one degree of freedom: the regularised gamma function Q(1/2, x/2). */
export function chiSquareTail(chi: number): number {
  const x = chi / 2;
  if (x <= 0) return 1;
  const scale = Math.exp(-x) * Math.sqrt(x / Math.PI);
  return x < 1.5 ? 1 - scale * series(x) : scale * continuedFraction(x);
}

function series(x: number): number {
  let sum = 2;
  for (let term = 2, n = 1.5; term > sum * 1e-17; n += 1) sum += term *= x / n;
  return sum;
}

/** Lentz's method. */
function continuedFraction(x: number): number {
  const tiny = 1e-300;
  let b = x + 0.5;
  let c = 1 / tiny;
  let d = 1 / b;
  let value = d;
  for (let i = 1; i <= 500; i += 1) {
    const a = -i * (i - 0.5);
    b += 2;
    d = 1 / (a * d + b || tiny);
    c = b + a / c || tiny;
    value *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return value;
}

/** Benjamini and Hochberg: each p-value as the share of false findings among it and all smaller ones. */
export function adjusted(pValues: readonly number[]): readonly number[] {
  const count = pValues.length;
  const largestFirst = pValues.map((p, i) => ({ p, i })).sort((a, b) => b.p - a.p);
  const result: number[] = new Array<number>(count).fill(1);
  let least = 1;
  largestFirst.forEach(({ p, i }, place) => {
    least = Math.min(least, (p * count) / (count - place));
    result[i] = least;
  });
  return result;
}
