// A grid of shaded cells with a name for each row and column, for the export of heat maps that stand on the page
// as HTML. Pure.
import type { CustomSeriesRenderItemAPI, CustomSeriesRenderItemReturn, EChartsOption } from 'echarts';
import type { ChartTheme } from './theme.ts';

export interface GridCell {
  text: string;
  /** 0..7: the step of the ramp; null: no shade. */
  level: number | null;
  /** Not ended yet: dashed. */
  isOpen?: boolean;
}

export interface GridRow {
  name: string;
  /** In the order of the columns; null: nothing there. */
  cells: readonly (GridCell | null)[];
}

export function gridPicture(
  columns: readonly string[],
  rows: readonly GridRow[],
  theme: ChartTheme,
): { option: EChartsOption; width: number; height: number } {
  const { rem, fontSize } = theme;
  /** In rem: a word as heading needs more than a number. */
  const columnWidth = columns.some((name) => name.length > 8) ? 6 : 4;
  const label = { color: theme.text2, fontSize };
  const quiet = { axisLine: { show: false }, axisTick: { show: false }, splitLine: { show: false } };
  const cells = rows.flatMap((row, r) => row.cells.flatMap((cell, c) => (cell ? [{ cell, r, c }] : [])));
  const draw = (at: number, api: CustomSeriesRenderItemAPI): CustomSeriesRenderItemReturn => {
    const found = cells[at];
    if (!found) return null;
    const { cell, r, c } = found;
    const [x = 0, y = 0] = api.coord([c, r]);
    const [width = 0, height = 0] = api.size?.([1, 1]) as number[];
    const { level } = cell;
    return {
      type: 'rect',
      shape: { x: x - width / 2 + 1, y: y - height / 2 + 1, width: width - 2, height: height - 2, r: 3 },
      style: {
        fill: level === null ? 'transparent' : (theme.heat[level] ?? 'transparent'),
        ...(cell.isOpen && {
          stroke: level === null ? theme.text : theme.heatText(level),
          lineWidth: 1,
          lineDash: [3, 3],
        }),
      },
      textContent: {
        type: 'text',
        style: {
          text: cell.text,
          fontSize,
          fontFamily: theme.font,
          fill: level === null ? theme.text : theme.heatText(level),
        },
      },
      textConfig: { position: 'inside' },
    };
  };
  return {
    width: rem * (11 + columns.length * columnWidth),
    height: rem * (3.5 + rows.length * 2),
    option: {
      grid: { left: rem * 10, right: rem, top: rem * 2.5, bottom: rem },
      xAxis: {
        ...quiet,
        type: 'category',
        position: 'top',
        data: columns.map((_, i) => i),
        axisLabel: {
          ...label,
          interval: 0,
          width: rem * columnWidth,
          overflow: 'truncate',
          formatter: (_: string, i: number) => columns[i] ?? '',
        },
      },
      yAxis: {
        ...quiet,
        type: 'category',
        inverse: true,
        data: rows.map((_, i) => i),
        axisLabel: {
          ...label,
          interval: 0,
          align: 'left',
          margin: rem * 9.5,
          width: rem * 9,
          overflow: 'truncate',
          formatter: (_: string, i: number) => rows[i]?.name ?? '',
        },
      },
      series: [
        {
          type: 'custom',
          silent: true,
          data: cells.map(({ r, c }) => [c, r]),
          renderItem: (params, api) => draw(params.dataIndex, api),
        },
      ],
    },
  };
}
