/** Counts per value to correlations: which have enough customers, how strong, how likely by chance. Pure. */
import { adjusted, oddsRatio, pValue } from './association.ts';
import type { TwoByTwo } from './association.ts';
import type { CorrelationRow } from './correlations.sql.ts';

export interface CorrelationResult {
  readonly property: string;
  readonly value: string;
  /** Conversion rate of those with the value as a multiple of that of all who entered. */
  readonly lift: number;
  readonly oddsRatio: number;
  readonly pValue: number;
  readonly withValue: number;
  readonly converted: number;
}

/** A value needs so many customers: this share of all who entered, but no more than `ENOUGH`, and at least two. */
const SHARE = 0.02;
const ENOUGH = 25;
const FEWEST = 2;

const SIGNIFICANT = 0.05;

/**
 * Strongest first: those unlikely to be chance, then the others, each by how far the odds ratio is from one.
 * P-values are corrected for all values that could be shown, so that asking for fewer changes none.
 */
export function correlationsResult(
  properties: readonly string[],
  rows: readonly CorrelationRow[],
  limit: number,
): readonly CorrelationResult[] {
  const all = rows.find(({ place }) => Number(place) === 0);
  const entered = Number(all?.customers ?? 0);
  const converted = Number(all?.converted ?? 0);
  if (converted === 0 || converted === entered) return [];
  const fewest = Math.max(FEWEST, Math.min(ENOUGH, Math.ceil(entered * SHARE)));
  const compared = rows.flatMap((row) => {
    const property = properties[Number(row.place) - 1];
    const withValue = Number(row.customers);
    // What everybody carries has nobody to compare with.
    if (property === undefined || withValue < fewest || withValue === entered) return [];
    return [{ property, value: row.value, table: tableOf(row, entered, converted) }];
  });
  const pValues = adjusted(compared.map(({ table }) => pValue(table)));
  const results = compared.map(({ property, value, table }, i): CorrelationResult => {
    const withValue = table.withConverted + table.withLost;
    return {
      property,
      value,
      lift: table.withConverted / withValue / (converted / entered),
      oddsRatio: oddsRatio(table),
      pValue: pValues[i] ?? 1,
      withValue,
      converted: table.withConverted,
    };
  });
  return results.sort(byStrength).slice(0, limit);
}

function tableOf(row: CorrelationRow, entered: number, converted: number): TwoByTwo {
  const withConverted = Number(row.converted);
  const withLost = Number(row.customers) - withConverted;
  const withoutConverted = converted - withConverted;
  return {
    withConverted,
    withLost,
    withoutConverted,
    withoutLost: entered - withConverted - withLost - withoutConverted,
  };
}

function byStrength(a: CorrelationResult, b: CorrelationResult): number {
  const chance = (x: CorrelationResult): number => Number(x.pValue > SIGNIFICANT);
  const strength = (x: CorrelationResult): number => Math.abs(Math.log(x.oddsRatio));
  return (
    chance(a) - chance(b) ||
    strength(b) - strength(a) ||
    a.pValue - b.pValue ||
    b.withValue - a.withValue ||
    (`${a.property}\n${a.value}` < `${b.property}\n${b.value}` ? -1 : 1)
  );
}
