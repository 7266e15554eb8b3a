// Retention curves: every cohort a quiet line, the mean in front with its 95 % interval. Pure.
import type { EChartsOption, LineSeriesOption } from 'echarts';
import { quietAxis, tooltipLook, valueAxis } from '../../charts/theme.ts';
import type { ChartTheme } from '../../charts/theme.ts';
import { tooltipCard } from '../../charts/tooltip.ts';
import type { TooltipRow } from '../../charts/tooltip.ts';
import type { Heat, HeatRow } from './heat.ts';

export interface CurveWords {
  mean: string;
  interval: string;
  best: string;
  weakest: string;
  open: string;
  cohort: (start: string) => string;
  period: (period: number) => string;
  /** A value as text, long or short (on the axis). */
  value: (value: number | null, short?: boolean) => string;
}

export const MEAN_ID = 'mean';

/** The option. `meanAsValue` is false where the mean is of another unit than the lines (counts). */
export function curvesOption(
  heat: Heat,
  theme: ChartTheme,
  words: CurveWords,
  meanAsValue: boolean,
): EChartsOption {
  return {
    grid: { left: 0, right: theme.rem * 3, top: theme.rem * 0.75, bottom: 0, containLabel: true },
    xAxis: {
      type: 'category',
      boundaryGap: false,
      data: heat.columns.map((period) => words.period(period)),
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
      formatter: (params: unknown) => hover(params, heat, words, meanAsValue, theme),
    },
    series: [
      ...(meanAsValue ? band(heat, theme) : []),
      ...heat.rows.flatMap((row) => cohortLines(row, theme)),
      ...(meanAsValue ? [meanLine(heat, theme, words)] : []),
    ],
  };
}

function band(heat: Heat, theme: ChartTheme): LineSeriesOption[] {
  if (!heat.mean.some((mean) => mean?.low != null)) return [];
  const base: LineSeriesOption = {
    type: 'line',
    stack: 'interval',
    symbol: 'none',
    silent: true,
    lineStyle: { opacity: 0 },
    emphasis: { disabled: true },
  };
  return [
    { ...base, id: 'low', data: heat.mean.map((mean) => mean?.low ?? null) },
    {
      ...base,
      id: 'high',
      data: heat.mean.map((mean) => (mean?.low != null && mean.high != null ? mean.high - mean.low : null)),
      areaStyle: { color: theme.accent, opacity: 0.14 },
    },
  ];
}

/** The ended part solid, the part that has not ended dashed. */
function cohortLines(row: HeatRow, theme: ChartTheme): LineSeriesOption[] {
  const values = row.cells.map((cell) => cell?.value ?? null);
  const isOpen = row.cells.map((cell) => cell !== null && !cell.complete);
  const look = { width: 1, color: theme.text3, opacity: 0.45 };
  const line: LineSeriesOption = {
    id: row.start,
    type: 'line',
    data: values.map((value, i) => (isOpen[i] ? null : value)),
    symbol: 'circle',
    symbolSize: 6,
    showSymbol: false,
    cursor: 'pointer',
    itemStyle: { color: theme.text3 },
    lineStyle: look,
    emphasis: { lineStyle: { color: theme.accent, width: 2, opacity: 1 } },
  };
  if (!isOpen.some(Boolean)) return [line];
  const near = values.map((value, i) => (isOpen[i] || isOpen[i + 1] ? value : null));
  return [line, { ...line, id: `${row.start} open`, data: near, lineStyle: { ...look, type: [3, 3] } }];
}

function meanLine(heat: Heat, theme: ChartTheme, words: CurveWords): LineSeriesOption {
  return {
    id: MEAN_ID,
    name: words.mean,
    type: 'line',
    z: 5,
    silent: true,
    data: heat.mean.map((mean) => mean?.value ?? null),
    symbol: 'circle',
    symbolSize: 7,
    showSymbol: heat.columns.length <= 16,
    itemStyle: { color: theme.accent, borderColor: theme.card, borderWidth: 1.5 },
    lineStyle: { width: 2.5, color: theme.accent },
    endLabel: {
      show: true,
      formatter: words.mean,
      color: theme.accent,
      fontSize: theme.fontSize,
      fontWeight: 600,
      distance: theme.rem * 0.375,
    },
    emphasis: { disabled: true },
  };
}

function hover(
  params: unknown,
  heat: Heat,
  words: CurveWords,
  meanAsValue: boolean,
  theme: ChartTheme,
): HTMLElement | string {
  const first = Array.isArray(params) ? (params[0] as { dataIndex?: number } | undefined) : undefined;
  const column = first?.dataIndex;
  const period = column === undefined ? undefined : heat.columns[column];
  if (column === undefined || period === undefined) return '';
  return tooltipCard(words.period(period), hoverRows(heat, column, words, meanAsValue, theme), words.open);
}

/** The mean with its interval, then the best and the weakest cohort of a period among those that ended. */
export function hoverRows(
  heat: Heat,
  column: number,
  words: CurveWords,
  meanAsValue: boolean,
  theme: ChartTheme,
): TooltipRow[] {
  const rows: TooltipRow[] = [];
  const mean = heat.mean[column];
  if (mean && meanAsValue) {
    rows.push({ label: words.mean, value: words.value(mean.value), color: theme.accent });
    if (mean.low !== null && mean.high !== null)
      rows.push({ label: words.interval, value: `${words.value(mean.low)} – ${words.value(mean.high)}` });
  }
  const ended = heat.rows
    .flatMap((row) => {
      const cell = row.cells[column];
      return cell?.complete && cell.value !== null ? [{ start: row.start, value: cell.value }] : [];
    })
    .sort((a, b) => b.value - a.value);
  const [best, weakest] = [ended[0], ended.at(-1)];
  if (best && weakest && ended.length > 1) {
    rows.push({ label: `${words.best}: ${words.cohort(best.start)}`, value: words.value(best.value) });
    rows.push({
      label: `${words.weakest}: ${words.cohort(weakest.start)}`,
      value: words.value(weakest.value),
    });
  }
  return rows;
}
