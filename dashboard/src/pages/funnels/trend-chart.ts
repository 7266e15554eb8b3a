// Conversion by the interval in which customers entered; dashed where the window is still open for some. Pure.
import type { EChartsOption, LineSeriesOption } from 'echarts';
import type { FunnelTrendSubscription } from '../../api/generated.ts';
import { beforeLine } from '../../charts/before-line.ts';
import { quietAxis, tooltipLook, valueAxis } from '../../charts/theme.ts';
import type { ChartTheme } from '../../charts/theme.ts';
import { tooltipCard } from '../../charts/tooltip.ts';
import type { Format } from '../../format/format.ts';

export type TrendPoint = FunnelTrendSubscription['funnel']['trend'][number];

export interface TrendWords {
  rate: string;
  entered: string;
  converted: string;
  incomplete: string;
  open: string;
  before: string;
  period: (start: string, long?: boolean) => string;
}

/** The rate at a point; null where nobody entered: 0/0 is no rate. */
export const rateAt = (point: TrendPoint): number | null => (point.entered ? point.rate : null);

/** The part of the line over ended points, and the part that joins the last of them to those still open. */
export function trendLines(points: readonly TrendPoint[]): {
  ended: (number | null)[];
  open: (number | null)[];
} {
  return {
    ended: points.map((point) => (point.complete ? rateAt(point) : null)),
    open: points.map((point, i) =>
      !point.complete || points[i + 1]?.complete === false ? rateAt(point) : null,
    ),
  };
}

export function trendOption(
  points: readonly TrendPoint[],
  theme: ChartTheme,
  fmt: Format,
  words: TrendWords,
  before: readonly (TrendPoint | null)[] = [],
): EChartsOption {
  const { ended, open } = trendLines(points);
  const top = Math.max(...[...points, ...before].map((point) => point?.rate ?? 0), 0);
  const digits = top < 0.05 ? 1 : 0;
  const line: LineSeriesOption = {
    type: 'line',
    symbol: 'circle',
    symbolSize: 6,
    showSymbol: points.length <= 20,
    itemStyle: { color: theme.accent, borderColor: theme.card, borderWidth: 1 },
    lineStyle: { width: 2, color: theme.accent },
    emphasis: { scale: 1.5 },
  };
  const hollow = { color: theme.card, borderColor: theme.accent, borderWidth: 1.5 };
  return {
    grid: { left: 0, right: theme.rem * 0.5, top: theme.rem * 0.5, bottom: 2, containLabel: true },
    xAxis: {
      type: 'category',
      boundaryGap: false,
      data: points.map((point) => words.period(point.start)),
      ...quietAxis(theme),
    },
    yAxis: {
      ...valueAxis(theme),
      min: 0,
      ...(top > 0.8 && { max: 1, interval: 0.25 }),
      axisLabel: { ...valueAxis(theme).axisLabel, formatter: (value: number) => fmt.percent(value, digits) },
    },
    tooltip: {
      trigger: 'axis',
      ...tooltipLook(theme),
      axisPointer: { type: 'line', lineStyle: { color: theme.text3, width: 1, type: 'solid' } },
      formatter: (params: unknown) => hover(params, { points, before }, theme, fmt, words),
    },
    series: [
      { ...line, id: 'ended', data: ended, areaStyle: { color: theme.accent, opacity: 0.08 } },
      {
        ...line,
        id: 'open',
        // the last ended point stands in both lines: it stays full
        data: open.map((value, i) =>
          points[i]?.complete === false
            ? { value, symbolSize: 6, itemStyle: hollow }
            : { value, symbol: 'none' },
        ),
        showSymbol: true,
        showAllSymbol: true,
        lineStyle: { ...line.lineStyle, type: [4, 4] },
      },
      ...(before.length > 0
        ? [
            beforeLine(
              theme,
              'before',
              before.map((point) => point && rateAt(point)),
            ),
          ]
        : []),
    ],
  };
}

function hover(
  params: unknown,
  { points, before }: { points: readonly TrendPoint[]; before: readonly (TrendPoint | null)[] },
  theme: ChartTheme,
  fmt: Format,
  words: TrendWords,
): HTMLElement | string {
  const first = Array.isArray(params) ? (params[0] as { dataIndex?: number } | undefined) : undefined;
  const point = first?.dataIndex === undefined ? undefined : points[first.dataIndex];
  if (!point) return '';
  const heading = words.period(point.start, true) + (point.complete ? '' : ` (${words.incomplete})`);
  const then = before[points.indexOf(point)];
  const rows = [
    { label: words.rate, value: fmt.percent(rateAt(point)), color: theme.accent },
    ...(then
      ? [
          {
            label: `${words.before}, ${words.period(then.start, true)}`,
            value: fmt.percent(rateAt(then)),
            extra: pointsChange(rateAt(point), rateAt(then), fmt),
            color: theme.text2,
          },
        ]
      : []),
    { label: words.entered, value: fmt.count(point.entered) },
    { label: words.converted, value: fmt.count(point.converted) },
  ];
  return tooltipCard(heading, rows, words.open);
}

/** By how much a rate rose or fell, relative to what it was. */
function pointsChange(now: number | null, then: number | null, fmt: Format): string {
  return now === null || !then ? '' : fmt.change((now - then) / then);
}
