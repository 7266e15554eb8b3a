// Horizontal bars with a name at the left and figures at the right, for the export of pictures that stand on the
// page as HTML. Pure.
import type { BarSeriesOption, EChartsOption } from 'echarts';
import type { ChartTheme } from './theme.ts';

export interface PictureBar {
  name: string;
  /** 0..1 of the width. */
  share: number;
  /** Behind it, paler: where it was the step before. */
  behind?: number;
  /** At the right, e.g. "828   18.2%". */
  figures: string;
  color: string;
  /** A heading stands without a bar. */
  isHeading?: boolean;
}

export function barsPicture(
  bars: readonly PictureBar[],
  theme: ChartTheme,
): { option: EChartsOption; width: number; height: number } {
  const { rem, fontSize } = theme;
  const height = bars.length * rem * 2.25 + rem * 2;
  const series: BarSeriesOption = {
    type: 'bar',
    barWidth: '68%',
    barGap: '-100%',
    silent: true,
  };
  const names = bars.map((bar) => bar.name);
  const axis = { axisLine: { show: false }, axisTick: { show: false }, inverse: true };
  return {
    width: 900,
    height,
    option: {
      grid: { left: rem * 13, right: rem * 10, top: rem, bottom: rem },
      xAxis: { type: 'value', min: 0, max: 1, show: false },
      yAxis: [
        {
          ...axis,
          type: 'category',
          data: names.map((_, i) => i),
          axisLabel: {
            margin: rem * 12,
            align: 'left',
            width: rem * 11.5,
            overflow: 'truncate',
            formatter: (_: unknown, i: number) => names[i] ?? '',
            color: (_?: string | number, i?: number) => (bars[i ?? 0]?.isHeading ? theme.text : theme.text2),
            fontSize: fontSize + 1,
          },
        },
        {
          ...axis,
          type: 'category',
          position: 'right',
          data: names.map((_, i) => i),
          axisLabel: {
            margin: rem * 9,
            align: 'right',
            formatter: (_: unknown, i: number) => bars[i]?.figures ?? '',
            color: theme.text,
            fontSize: fontSize + 1,
          },
        },
      ],
      series: [
        {
          ...series,
          data: bars.map((bar) => (bar.isHeading ? null : 1)),
          itemStyle: { color: theme.sunken, borderRadius: 4 },
        },
        {
          ...series,
          data: bars.map((bar) => bar.behind ?? null),
          itemStyle: { color: theme.accentSoft, borderRadius: 4 },
        },
        {
          ...series,
          data: bars.map((bar) => ({
            value: bar.isHeading ? null : bar.share,
            itemStyle: { color: bar.color, borderRadius: 4 },
          })),
        },
      ],
    },
  };
}
