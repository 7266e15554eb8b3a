// The values of a broken-down funnel as pictures need them, and as a table. Pure.
import type { FunnelSeriesSubscription } from '../../api/generated.ts';
import { barsPicture } from '../../charts/bars-picture.ts';
import type { ChartTheme } from '../../charts/theme.ts';
import type { Format } from '../../format/format.ts';
import { table } from '../../ui/table.ts';
import type { TableData } from '../../ui/table.ts';

type Series = FunnelSeriesSubscription['funnel']['breakdown'][number];

export interface SeriesLook {
  id: string;
  /** As the viewer reads it. */
  name: string;
  /** Among the categorical colours; -1 is grey. */
  place: number;
  /** For CSS. */
  color: string;
  series: Series;
}

/** The conversion of a value; null where nobody entered: 0/0 is no rate. */
export const conversionOf = ({ steps, conversionRate }: Series): number | null =>
  steps[0]?.customers ? conversionRate : null;

/** A row a value: the customers of every step, and the conversion rate. */
export function seriesTable(
  looks: readonly SeriesLook[],
  names: readonly string[],
  words: { value: string; rate: string; percent: (ratio: number | null) => string },
): TableData<SeriesLook> {
  return table<SeriesLook>(
    [
      { key: 'value', label: words.value, value: (look) => look.name, color: (look) => look.color },
      ...names.map((name, i) => ({
        key: `step ${i}`,
        label: `${i + 1}. ${name}`,
        value: (look: SeriesLook) => look.series.steps[i]?.customers ?? null,
        numeric: true,
        sortable: true,
      })),
      {
        key: 'rate',
        label: words.rate,
        value: (look) => conversionOf(look.series),
        format: (look) => words.percent(conversionOf(look.series)),
        numeric: true,
        sortable: true,
      },
    ],
    [...looks],
  );
}

/** The grouped bars for the export. */
export function seriesPicture(
  looks: readonly SeriesLook[],
  names: readonly string[],
  theme: ChartTheme,
  fmt: Format,
) {
  return barsPicture(
    names.flatMap((name, i) => [
      { name: `${i + 1}  ${name}`, share: 0, figures: '', color: theme.text, isHeading: true },
      ...looks.map(({ name: value, place, series: { steps } }) => ({
        name: `     ${value}`,
        share: steps[i]?.rate ?? 0,
        figures: `${fmt.count(steps[i]?.customers)}   ${steps[0]?.customers ? fmt.percent(steps[i]?.rate) : '–'}`,
        color: theme.categories[place] ?? theme.text3,
      })),
    ]),
    theme,
  );
}
