// How the period before is drawn beside the present one: a thin dashed line without points. Pure.
import type { LineSeriesOption } from 'echarts';
import type { ChartTheme } from './theme.ts';

export function beforeLine(theme: ChartTheme, id: string, data: LineSeriesOption['data']): LineSeriesOption {
  return {
    id,
    type: 'line',
    data,
    symbol: 'none',
    silent: true,
    z: 3,
    connectNulls: false,
    lineStyle: { color: theme.text2, width: 1.25, type: [4, 3] },
    itemStyle: { color: theme.text2 },
    emphasis: { disabled: true },
  };
}

/** A point of the period before: when it was, and its values by the bands of the picture. */
export interface PointBefore {
  at: string;
  values: readonly number[];
}

/** The upper edges of the bands in the period before, by the places of the present points. */
export function edgesBefore(
  theme: ChartTheme,
  points: readonly (readonly number[] | null)[],
  place: (index: number, value: number) => number | [number, number],
): LineSeriesOption[] {
  const bands = Math.max(0, ...points.map((point) => point?.length ?? 0));
  // The uppermost edge of shares is the frame.
  return Array.from({ length: bands }, (_, k) =>
    beforeLine(
      theme,
      `before-${k}`,
      points.map((point, i) => {
        if (!point) return null;
        return place(
          i,
          point.slice(0, k + 1).reduce((sum, value) => sum + value, 0),
        );
      }),
    ),
  );
}
