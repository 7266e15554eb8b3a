// Growth: new, returning and resurrecting customers above the axis, dormant below. Pure.
import type { BarSeriesOption, EChartsOption, LineSeriesOption } from 'echarts';
import type { GrowthStatus, LifecycleGrowthSubscription } from '../../api/generated.ts';
import { beforeLine } from '../../charts/before-line.ts';
import { quietAxis, tooltipLook, valueAxis } from '../../charts/theme.ts';
import type { ChartTheme } from '../../charts/theme.ts';
import { tooltipCard } from '../../charts/tooltip.ts';
import type { Format } from '../../format/format.ts';

type Point = LifecycleGrowthSubscription['lifecycle']['growth'][number];

/** From the axis upwards, then the one below it. */
export const STATUSES = [
  'RETURNING',
  'RESURRECTING',
  'NEW',
  'DORMANT',
] as const satisfies readonly GrowthStatus[];

const FIELD = {
  NEW: 'new',
  RETURNING: 'returning',
  RESURRECTING: 'resurrecting',
  DORMANT: 'dormant',
} as const satisfies Record<GrowthStatus, keyof Point>;

/** The stage whose colour a status borrows. */
export const STATUS_STAGE: Record<GrowthStatus, string> = {
  NEW: 'new',
  RETURNING: 'active',
  RESURRECTING: 'won_back',
  DORMANT: 'dormant',
};

/** Customers of a status at a point: as they are, never negative. */
export const statusCount = (point: Point, status: GrowthStatus): number => point[FIELD[status]];

/** What the interval won and lost: new and resurrecting, less dormant. */
export const netOf = (point: Point): number => point.new + point.resurrecting - point.dormant;

export interface GrowthWords {
  status: Record<GrowthStatus, string>;
  net: string;
  open: string;
  incomplete: string;
  before: string;
  period: (start: string, long?: boolean) => string;
}

export function growthOption(
  points: readonly Point[],
  theme: ChartTheme,
  fmt: Format,
  words: GrowthWords,
  before: readonly (Point | null)[] = [],
): EChartsOption {
  return {
    grid: { left: 0, right: 1, top: theme.rem * 0.5, bottom: 2, containLabel: true },
    xAxis: {
      type: 'category',
      data: points.map((point) => words.period(point.start)),
      ...quietAxis(theme),
      axisLine: { show: true, onZero: true, lineStyle: { color: theme.lineStrong } },
      axisLabel: { ...quietAxis(theme).axisLabel },
      position: 'bottom',
    },
    yAxis: {
      ...valueAxis(theme),
      splitNumber: 4,
      axisLabel: {
        ...valueAxis(theme).axisLabel,
        formatter: (value: number) => fmt.compact(Math.abs(value)),
      },
    },
    tooltip: {
      trigger: 'axis',
      axisPointer: { type: 'shadow', shadowStyle: { color: theme.text3, opacity: 0.1 } },
      ...tooltipLook(theme),
      formatter: (params: unknown) => hover(params, { points, before }, theme, fmt, words),
    },
    series: [
      ...STATUSES.map((status) => bars(status, points, theme, words)),
      ...(before.length > 0 ? outline(before, theme) : []),
    ],
  };
}

const colorOf = (status: GrowthStatus, theme: ChartTheme) =>
  theme.stage({ key: STATUS_STAGE[status], color: '' });

function bars(
  status: GrowthStatus,
  points: readonly Point[],
  theme: ChartTheme,
  words: GrowthWords,
): BarSeriesOption {
  const sign = status === 'DORMANT' ? -1 : 1;
  return {
    id: status,
    name: words.status[status],
    type: 'bar',
    stack: 'growth',
    barMaxWidth: theme.rem * 2,
    barCategoryGap: '22%',
    itemStyle: { color: colorOf(status, theme) },
    data: points.map((point) => ({
      value: sign * statusCount(point, status),
      ...(!point.complete && { itemStyle: { opacity: 0.45, decal: hatch(theme) } }),
    })),
    emphasis: { focus: 'none' },
  };
}

/** How high and how deep the bars of the period before were. */
function outline(before: readonly (Point | null)[], theme: ChartTheme): LineSeriesOption[] {
  const above = before.map((point) => point && point.returning + point.resurrecting + point.new);
  const below = before.map((point) => point && -point.dormant);
  return [above, below].map((data, i) => ({
    ...beforeLine(theme, i === 0 ? 'before-above' : 'before-below', data),
    step: 'middle',
  }));
}

const hatch = (theme: ChartTheme) => ({
  symbol: 'rect' as const,
  color: theme.card,
  dashArrayX: [1, 0],
  dashArrayY: [2, 4],
  rotation: -Math.PI / 4,
});

function hover(
  params: unknown,
  { points, before }: { points: readonly Point[]; before: readonly (Point | null)[] },
  theme: ChartTheme,
  fmt: Format,
  words: GrowthWords,
): HTMLElement | string {
  const first = Array.isArray(params) ? (params[0] as { dataIndex?: number } | undefined) : undefined;
  const point = first?.dataIndex === undefined ? undefined : points[first.dataIndex];
  if (!point) return '';
  const then = before[points.indexOf(point)] ?? null;
  const rows = (['NEW', 'RESURRECTING', 'RETURNING', 'DORMANT'] as const).map((status) => ({
    label: words.status[status],
    value: fmt.count(statusCount(point, status)),
    ...(then && { extra: `${words.before} ${fmt.count(statusCount(then, status))}` }),
    color: colorOf(status, theme),
  }));
  const heading = words.period(point.start, true) + (point.complete ? '' : ` (${words.incomplete})`);
  return tooltipCard(
    then ? `${heading} · ${words.before}: ${words.period(then.start, true)}` : heading,
    [
      ...rows,
      {
        label: words.net,
        value: fmt.signed(netOf(point)),
        ...(then && { extra: `${words.before} ${fmt.signed(netOf(then))}` }),
        color: '',
      },
    ],
    words.open,
  );
}
