// Time to convert as a histogram; median and ninetieth percentile stand in it as lines with their names. Pure.
import type { EChartsOption } from 'echarts';
import type { FunnelTimesSubscription } from '../../api/generated.ts';
import { quietAxis, tooltipLook, valueAxis } from '../../charts/theme.ts';
import type { ChartTheme } from '../../charts/theme.ts';
import { tooltipCard } from '../../charts/tooltip.ts';
import type { Format } from '../../format/format.ts';

export type Times = FunnelTimesSubscription['funnel']['timeToConvert'];

export interface TimesWords {
  median: string;
  p90: string;
  customers: string;
  share: string;
  from: (from: string, to: string) => string;
}

/** Where a time stands on an axis of bins, in bins from its left end; null outside. */
export function binPlace(bins: Times['bins'], seconds: number | null | undefined): number | null {
  if (seconds == null) return null;
  const index = bins.findIndex((bin) => seconds >= bin.from && seconds < bin.to);
  const bin = bins[index];
  return bin ? index + (seconds - bin.from) / (bin.to - bin.from) : null;
}

export function timesOption(times: Times, theme: ChartTheme, fmt: Format, words: TimesWords): EChartsOption {
  const { bins } = times;
  const marks = [
    { at: binPlace(bins, times.median), name: words.median },
    { at: binPlace(bins, times.p90), name: words.p90 },
  ].filter((mark) => mark.at !== null);
  return {
    grid: { left: 0, right: theme.rem, top: theme.rem * 1.75, bottom: 0, containLabel: true },
    xAxis: [
      {
        type: 'category',
        data: bins.map((bin) => fmt.duration(bin.from)),
        ...quietAxis(theme),
        axisLabel: { ...quietAxis(theme).axisLabel, align: 'left' },
      },
      { type: 'value', min: 0, max: Math.max(1, bins.length), show: false },
    ],
    yAxis: {
      ...valueAxis(theme),
      minInterval: 1,
      axisLabel: { ...valueAxis(theme).axisLabel, formatter: (value: number) => fmt.compact(value) },
    },
    tooltip: {
      trigger: 'axis',
      axisPointer: { type: 'shadow', shadowStyle: { color: theme.text3, opacity: 0.1 } },
      ...tooltipLook(theme),
      formatter: (params: unknown) => hover(params, times, theme, fmt, words),
    },
    series: [
      {
        id: 'times',
        type: 'bar',
        data: bins.map((bin) => bin.count),
        barCategoryGap: '8%',
        itemStyle: { color: theme.accent, borderRadius: [2, 2, 0, 0] },
        emphasis: { focus: 'none' },
      },
      {
        id: 'marks',
        type: 'line',
        xAxisIndex: 1,
        data: [],
        silent: true,
        markLine: {
          symbol: 'none',
          silent: true,
          animation: false,
          lineStyle: { color: theme.text, width: 1, type: [3, 3] },
          label: { color: theme.text2, fontSize: theme.fontSize, position: 'end', formatter: '{b}' },
          data: marks.map((mark) => ({ name: mark.name, xAxis: mark.at ?? 0 })),
        },
      },
    ],
  };
}

function hover(
  params: unknown,
  times: Times,
  theme: ChartTheme,
  fmt: Format,
  words: TimesWords,
): HTMLElement | string {
  const first = Array.isArray(params) ? (params[0] as { dataIndex?: number } | undefined) : undefined;
  const bin = first?.dataIndex === undefined ? undefined : times.bins[first.dataIndex];
  if (!bin) return '';
  const rows = [
    { label: words.customers, value: fmt.count(bin.count), color: theme.accent },
    { label: words.share, value: fmt.percent(times.count ? bin.count / times.count : null) },
  ];
  return tooltipCard(words.from(fmt.duration(bin.from), fmt.duration(bin.to)), rows);
}
