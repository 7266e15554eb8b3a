// What goes with converting and what with dropping off, as the picture and its table need it. Pure.
import type { FunnelCorrelationsSubscription } from '../../api/generated.ts';
import { table } from '../../ui/table.ts';
import type { TableData } from '../../ui/table.ts';

type Answer = FunnelCorrelationsSubscription['funnel'];
export type Correlation = Answer['correlations'][number];

/** At most so likely by chance, and a finding counts. */
const SIGNIFICANT = 0.05;

/** How sure one may be that it is not chance. */
export type Chance = 'certain' | 'strong' | 'likely' | 'maybe';

export interface CorrelationLook {
  id: string;
  found: Correlation;
  /** Conversion rate of those with the value. */
  withRate: number;
  /** Of those without; null where there are none. */
  withoutRate: number | null;
  chance: Chance;
  isSignificant: boolean;
}

export function chanceOf(pValue: number): Chance {
  if (pValue < 0.001) return 'certain';
  if (pValue < 0.01) return 'strong';
  return pValue <= SIGNIFICANT ? 'likely' : 'maybe';
}

/** Values with their rates, those that go with converting apart from those that go with dropping off. */
export function correlationSides({ steps, correlations }: Answer): {
  converting: CorrelationLook[];
  dropping: CorrelationLook[];
} {
  const entered = steps[0]?.customers ?? 0;
  const converted = steps.at(-1)?.customers ?? 0;
  const looks = correlations.map((found): CorrelationLook => {
    const without = entered - found.withValue;
    return {
      id: JSON.stringify([found.property, found.value]),
      found,
      withRate: found.withValue > 0 ? found.converted / found.withValue : 0,
      withoutRate: without > 0 ? Math.max(0, converted - found.converted) / without : null,
      chance: chanceOf(found.pValue),
      isSignificant: found.pValue <= SIGNIFICANT,
    };
  });
  return {
    converting: looks.filter(({ found }) => found.oddsRatio >= 1),
    dropping: looks.filter(({ found }) => found.oddsRatio < 1),
  };
}

interface TableWords {
  property: string;
  value: string;
  customers: string;
  converted: string;
  withValue: string;
  withoutValue: string;
  lift: string;
  odds: string;
  pValue: string;
}

/** Every figure, for the table and the CSV file. */
export function correlationTable(
  looks: readonly CorrelationLook[],
  words: TableWords,
  text: {
    property: (name: string) => string;
    value: (found: Correlation) => string;
    percent: (ratio: number | null) => string;
    decimal: (value: number) => string;
    chance: (pValue: number) => string;
  },
): TableData<CorrelationLook> {
  const figure = (key: keyof TableWords, value: (look: CorrelationLook) => number | null) => ({
    key,
    label: words[key],
    value,
    numeric: true,
    sortable: true,
  });
  return table<CorrelationLook>(
    [
      { key: 'property', label: words.property, value: ({ found }) => text.property(found.property) },
      { key: 'value', label: words.value, value: ({ found }) => text.value(found) },
      figure('customers', ({ found }) => found.withValue),
      figure('converted', ({ found }) => found.converted),
      { ...figure('withValue', (look) => look.withRate), format: (look) => text.percent(look.withRate) },
      {
        ...figure('withoutValue', (look) => look.withoutRate),
        format: (look) => text.percent(look.withoutRate),
      },
      { ...figure('lift', ({ found }) => found.lift), format: ({ found }) => text.decimal(found.lift) },
      {
        ...figure('odds', ({ found }) => found.oddsRatio),
        format: ({ found }) => text.decimal(found.oddsRatio),
      },
      {
        ...figure('pValue', ({ found }) => found.pValue),
        format: ({ found }) => text.chance(found.pValue),
      },
    ],
    [...looks],
  );
}
