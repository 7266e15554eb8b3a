// Stages over time as a stacked area, as shares or as customers; names stand beside it in HTML. Pure.
import type { EChartsOption, LineSeriesOption } from 'echarts';
import type { LifecycleHistorySubscription } from '../../api/generated.ts';
import { edgesBefore } from '../../charts/before-line.ts';
import type { PointBefore } from '../../charts/before-line.ts';
import { plotBottom, plotTop } from '../../charts/edge-labels.ts';
import { quietAxis, tooltipLook, valueAxis } from '../../charts/theme.ts';
import type { ChartTheme } from '../../charts/theme.ts';
import { tooltipCard } from '../../charts/tooltip.ts';
import type { Format } from '../../format/format.ts';
import type { LifecycleState, StageLook } from './lifecycle-state.ts';

type History = LifecycleHistorySubscription['lifecycle']['history'];

export interface Band {
  look: StageLook;
  customers: number[];
  /** Of all customers known at that point; 0 where there was none. */
  shares: number[];
}

/** One band a stage, from the bottom up in the order of `looks`. */
export function bandsOf(history: History, looks: readonly StageLook[]): Band[] {
  const totals = history.map((point) => point.stages.reduce((sum, stage) => sum + stage.customers, 0));
  const byKey = history.map((point) => new Map(point.stages.map((stage) => [stage.stage, stage.customers])));
  return looks.map((look) => {
    const customers = byKey.map((counts) => counts.get(look.key) ?? 0);
    return { look, customers, shares: customers.map((count, i) => (totals[i] ? count / totals[i] : 0)) };
  });
}

/** The stacked area over real time: the ends of the range need not be an interval apart. */
export function historyOption(
  bands: readonly Band[],
  times: readonly string[],
  unit: LifecycleState['history'],
  theme: ChartTheme,
  fmt: Format,
  period: (at: number) => string,
  before: readonly (PointBefore | null)[] = [],
): EChartsOption {
  const isShare = unit === 'share';
  return {
    grid: {
      left: theme.rem * (isShare ? 2.5 : 3),
      right: 1,
      top: plotTop(theme),
      bottom: plotBottom(theme),
      outerBoundsMode: 'none',
    },
    xAxis: {
      type: 'time',
      ...quietAxis(theme),
      min: times[0] && Date.parse(times[0]),
      max: times.at(-1) && Date.parse(times.at(-1) ?? ''),
      splitNumber: 5,
      axisLabel: {
        ...quietAxis(theme).axisLabel,
        alignMinLabel: 'left',
        alignMaxLabel: 'right',
        showMinLabel: false,
        showMaxLabel: false,
        formatter: (value: number) => period(value),
      },
    },
    yAxis: {
      ...valueAxis(theme),
      ...(isShare && { max: 1, interval: 0.25 }),
      axisLabel: {
        ...valueAxis(theme).axisLabel,
        formatter: (value: number) => (isShare ? fmt.percent(value, 0) : fmt.compact(value)),
      },
    },
    tooltip: {
      trigger: 'axis',
      ...tooltipLook(theme),
      axisPointer: { type: 'line', lineStyle: { color: theme.text3, width: 1, type: 'solid' } },
      formatter: (params: unknown) => hover(params, bands, times, fmt, before),
    },
    series: [
      ...bands.map((band) => area(band, times, unit, theme)),
      ...edgesBefore(
        theme,
        before.map((point) => point && (isShare ? shares(point.values) : point.values)),
        (i, value) => [Date.parse(times[i] ?? ''), value],
      ).slice(0, isShare ? -1 : undefined),
    ],
  };
}

function area(
  { look, shares, customers }: Band,
  times: readonly string[],
  unit: LifecycleState['history'],
  theme: ChartTheme,
): LineSeriesOption {
  const values = unit === 'share' ? shares : customers;
  return {
    id: look.key,
    name: look.name,
    type: 'line',
    stack: 'all',
    data: times.map((at, i) => [Date.parse(at), values[i] ?? 0]),
    symbol: 'none',
    lineStyle: { width: 1, color: theme.card },
    itemStyle: { color: look.canvas },
    areaStyle: { color: look.canvas, opacity: 0.82 },
    emphasis: { disabled: true },
  };
}

function hover(
  params: unknown,
  bands: readonly Band[],
  times: readonly string[],
  fmt: Format,
  before: readonly (PointBefore | null)[],
): HTMLElement | string {
  const first = Array.isArray(params) ? (params[0] as { dataIndex?: number } | undefined) : undefined;
  const index = first?.dataIndex;
  const at = index === undefined ? undefined : times[index];
  if (index === undefined || at === undefined) return '';
  const earlier = before[index];
  const then = earlier && shares(earlier.values);
  const rows = [...bands.entries()].reverse().map(([k, { look, customers, shares: now }]) => ({
    label: look.name,
    value: fmt.count(customers[index]),
    extra: then ? `${fmt.percent(then[k])} → ${fmt.percent(now[index])}` : fmt.percent(now[index]),
    color: look.canvas,
  }));
  return tooltipCard(earlier ? `${fmt.dayTime(earlier.at)} → ${fmt.dayTime(at)}` : fmt.dayTime(at), rows);
}

/** Of all customers known at that point. */
function shares(customers: readonly number[]): readonly number[] {
  const total = customers.reduce((sum, count) => sum + count, 0);
  return customers.map((count) => (total ? count / total : 0));
}
