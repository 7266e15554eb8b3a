// A measure over time: one line, or a line a value of the breakdown. Pure.
import type { EChartsOption, LineSeriesOption } from 'echarts';
import { quietAxis, tooltipLook, valueAxis } from '../../charts/theme.ts';
import type { ChartTheme } from '../../charts/theme.ts';
import { tooltipCard } from '../../charts/tooltip.ts';

export interface MetricLine {
  id: string;
  name: string;
  color: string;
  points: readonly { start: string; value: number; complete: boolean }[];
}

export interface MetricWords {
  period: (start: string, long?: boolean) => string;
  value: (value: number) => string;
  short: (value: number) => string;
  incomplete: string;
}

export function metricOption(
  lines: readonly MetricLine[],
  theme: ChartTheme,
  words: MetricWords,
): EChartsOption {
  const starts = lines[0]?.points.map((point) => point.start) ?? [];
  return {
    grid: { left: 0, right: theme.rem * 0.5, top: theme.rem * 0.5, bottom: 2, containLabel: true },
    xAxis: {
      type: 'category',
      boundaryGap: false,
      data: starts.map((start) => words.period(start)),
      ...quietAxis(theme),
    },
    yAxis: {
      ...valueAxis(theme),
      min: (extent) => Math.min(0, extent.min),
      axisLabel: { ...valueAxis(theme).axisLabel, formatter: words.short },
    },
    tooltip: {
      trigger: 'axis',
      ...tooltipLook(theme),
      axisPointer: { type: 'line', lineStyle: { color: theme.text3, width: 1, type: 'solid' } },
      formatter: (params: unknown) => hover(params, lines, words),
    },
    series: lines.flatMap((line) => seriesOf(line, theme, lines.length === 1)),
  };
}

/** Full over ended intervals; dashed to those that have not ended. */
function seriesOf(
  { id, color, points }: MetricLine,
  theme: ChartTheme,
  isAlone: boolean,
): LineSeriesOption[] {
  const line: LineSeriesOption = {
    type: 'line',
    symbol: 'circle',
    symbolSize: 5,
    showSymbol: points.length === 1,
    itemStyle: { color, borderColor: theme.card, borderWidth: 1 },
    lineStyle: { width: 2, color },
  };
  const ended = points.map((point) => (point.complete ? point.value : null));
  const open = points.map((point, i) =>
    !point.complete || points[i + 1]?.complete === false ? point.value : null,
  );
  return [
    { ...line, id, data: ended, ...(isAlone && { areaStyle: { color, opacity: 0.08 } }) },
    { ...line, id: `${id} open`, data: open, lineStyle: { ...line.lineStyle, type: [4, 4] } },
  ];
}

function hover(params: unknown, lines: readonly MetricLine[], words: MetricWords): HTMLElement | string {
  const first = Array.isArray(params) ? (params[0] as { dataIndex?: number } | undefined) : undefined;
  const index = first?.dataIndex;
  const point = index === undefined ? undefined : lines[0]?.points[index];
  if (!point || index === undefined) return '';
  const heading = words.period(point.start, true) + (point.complete ? '' : ` (${words.incomplete})`);
  const rows = lines.map((line) => ({
    label: line.name,
    value: words.value(line.points[index]?.value ?? 0),
    color: line.color,
  }));
  return tooltipCard(heading, rows);
}
