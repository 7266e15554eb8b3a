// The mean of each value of a breakdown as a line, its colour the value's own. Pure.
import type { EChartsOption } from 'echarts';
import { quietAxis, tooltipLook, valueAxis } from '../../charts/theme.ts';
import type { ChartTheme } from '../../charts/theme.ts';
import { tooltipCard } from '../../charts/tooltip.ts';
import type { Heat } from './heat.ts';

export interface SeriesLine {
  id: string;
  name: string;
  /** For a canvas. */
  color: string;
  heat: Heat;
}

export interface SeriesWords {
  period: (period: number) => string;
  /** On the axis. */
  column: (period: number) => string;
  value: (value: number, isShort: boolean) => string;
}

export function seriesOption(
  lines: readonly SeriesLine[],
  chosen: string | null,
  theme: ChartTheme,
  words: SeriesWords,
): EChartsOption {
  const columns = columnsOf(lines);
  return {
    grid: { left: 0, right: theme.rem, top: theme.rem * 0.75, bottom: 0, containLabel: true },
    xAxis: {
      type: 'category',
      boundaryGap: columns.length === 1,
      data: columns.map(words.column),
      ...quietAxis(theme),
    },
    yAxis: {
      ...valueAxis(theme),
      min: 0,
      axisLabel: { ...valueAxis(theme).axisLabel, formatter: (value: number) => words.value(value, true) },
    },
    tooltip: {
      trigger: 'axis',
      ...tooltipLook(theme),
      axisPointer: { type: 'line', lineStyle: { color: theme.text3, width: 1, type: 'solid' } },
      formatter: (params: unknown) => hover(params, lines, columns, words),
    },
    series: lines.map((line) => ({
      id: line.id,
      type: 'line' as const,
      data: columns.map((period) => meanAt(line.heat, period)),
      symbol: 'circle',
      symbolSize: 6,
      showSymbol: columns.length <= 16,
      itemStyle: { color: line.color },
      lineStyle: {
        color: line.color,
        width: line.id === chosen ? 3 : 2,
        opacity: chosen === null || line.id === chosen ? 1 : 0.4,
      },
    })),
  };
}

/** The columns of all, whoever has most of them. */
function columnsOf(lines: readonly SeriesLine[]): number[] {
  return lines.reduce<number[]>(
    (longest, { heat }) => (heat.columns.length > longest.length ? heat.columns : longest),
    [],
  );
}

/** The mean of a value in a period; null where no cohort has completed it. */
export const meanAt = (heat: Heat, period: number): number | null =>
  heat.mean[heat.columns.indexOf(period)]?.value ?? null;

function hover(
  params: unknown,
  lines: readonly SeriesLine[],
  columns: readonly number[],
  words: SeriesWords,
): HTMLElement | string {
  const first = Array.isArray(params) ? (params[0] as { dataIndex?: number } | undefined) : undefined;
  const period = first?.dataIndex === undefined ? undefined : columns[first.dataIndex];
  if (period === undefined) return '';
  const rows = lines.flatMap((line) => {
    const value = meanAt(line.heat, period);
    return value === null ? [] : [{ label: line.name, value: words.value(value, false), color: line.color }];
  });
  return tooltipCard(words.period(period), rows);
}
