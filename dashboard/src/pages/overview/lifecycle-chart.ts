// Lifecycle shares over time as a stacked area. Pure.
import type { EChartsOption, LineSeriesOption } from 'echarts';
import type { Interval, OverviewLifecycleSubscription } from '../../api/generated.ts';
import { edgesBefore } from '../../charts/before-line.ts';
import type { PointBefore } from '../../charts/before-line.ts';
import { plotBottom, plotTop } from '../../charts/edge-labels.ts';
import { inStackOrder } from '../../charts/colors.ts';
import { quietAxis, tooltipLook, valueAxis } from '../../charts/theme.ts';
import type { ChartTheme } from '../../charts/theme.ts';
import { tooltipCard } from '../../charts/tooltip.ts';
import type { Format } from '../../format/format.ts';

type Lifecycle = OverviewLifecycleSubscription['lifecycle'];

export interface Band {
  key: string;
  name: string;
  color: string;
  /** Customers at each point of the history. */
  customers: number[];
  /** Share of all customers at each point. */
  shares: number[];
}

/** One band a stage, from the bottom up. */
export function bands(
  lifecycle: Lifecycle,
  theme: ChartTheme,
  name: (stage: { key: string; name: string }) => string,
): Band[] {
  const totals = lifecycle.history.map((point) =>
    point.stages.reduce((sum, stage) => sum + stage.customers, 0),
  );
  return inStackOrder(lifecycle.stages, (share) => share.stage.key).map(({ stage }) => {
    const customers = lifecycle.history.map(
      (point) => point.stages.find((count) => count.stage === stage.key)?.customers ?? 0,
    );
    const shares = customers.map((count, i) => (totals[i] ? count / totals[i] : 0));
    return { key: stage.key, name: name(stage), color: theme.stage(stage), customers, shares };
  });
}

/** The stacked area; the plot fills its box but for a line of dates below and the percent axis at the left. */
export function lifecycleOption(
  list: Band[],
  times: string[],
  theme: ChartTheme,
  fmt: Format,
  interval: Interval,
  before: readonly (PointBefore | null)[] = [],
): EChartsOption {
  return {
    grid: {
      left: theme.rem * 2.75,
      right: plotRight(theme),
      top: plotTop(theme),
      bottom: plotBottom(theme),
      outerBoundsMode: 'none',
    },
    xAxis: {
      type: 'category',
      boundaryGap: false,
      data: times.map((at) => fmt.period(at, interval)),
      ...quietAxis(theme),
    },
    yAxis: {
      ...valueAxis(theme),
      max: 1,
      interval: 0.25,
      axisLabel: {
        ...valueAxis(theme).axisLabel,
        formatter: (value: number) => (value ? fmt.percent(value, 0) : ''),
      },
    },
    tooltip: {
      trigger: 'axis',
      ...tooltipLook(theme),
      axisPointer: { type: 'line', lineStyle: { color: theme.text3, width: 1, type: 'solid' } },
      formatter: (params: unknown) =>
        hover(
          params,
          list,
          times,
          (at) => (interval === 'HOUR' ? fmt.dayTime(at) : fmt.period(at, interval, true)),
          fmt,
          before,
        ),
    },
    series: [
      ...list.map((band) => area(band, theme)),
      ...edgesBefore(
        theme,
        before.map((point) => point && point.values),
        (_, value) => value,
      ).slice(0, -1),
    ],
  };
}

/** Room for the last date, which is centred on the edge; the names stand over it. */
const plotRight = (theme: ChartTheme): number => theme.rem * 1.25;

function area(band: Band, theme: ChartTheme): LineSeriesOption {
  return {
    id: band.key,
    name: band.name,
    type: 'line',
    stack: 'all',
    data: band.shares,
    symbol: 'none',
    lineStyle: { width: 1, color: theme.card },
    itemStyle: { color: band.color },
    areaStyle: { color: band.color, opacity: 0.82 },
    emphasis: { disabled: true },
  };
}

function hover(
  params: unknown,
  list: Band[],
  times: string[],
  when: (at: string) => string,
  fmt: Format,
  before: readonly (PointBefore | null)[],
): HTMLElement | string {
  const index = Array.isArray(params)
    ? (params[0] as { dataIndex?: number } | undefined)?.dataIndex
    : undefined;
  const at = index === undefined ? undefined : times[index];
  if (index === undefined || at === undefined) return '';
  const then = before[index];
  const rows = [...list.entries()].reverse().map(([k, band]) => ({
    label: band.name,
    value: fmt.count(band.customers[index]),
    extra: then
      ? `${fmt.percent(then.values[k])} → ${fmt.percent(band.shares[index])}`
      : fmt.percent(band.shares[index]),
    color: band.color,
  }));
  return tooltipCard(then ? `${when(then.at)} → ${when(at)}` : when(at), rows);
}
