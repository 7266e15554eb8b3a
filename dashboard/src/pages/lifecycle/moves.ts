// Transitions as a matrix and as the links of a two-column flow. Pure.
import type { EChartsOption } from 'echarts';
import type { LifecycleSubscription } from '../../api/generated.ts';
import { tooltipLook } from '../../charts/theme.ts';
import type { ChartTheme } from '../../charts/theme.ts';
import { tooltipCard } from '../../charts/tooltip.ts';
import type { Format } from '../../format/format.ts';
import { cutMiddle } from '../../ui/people.ts';
import type { StageLook } from './lifecycle-state.ts';

type Transition = LifecycleSubscription['lifecycle']['transitions'][number];

export interface Move {
  /** Null: first seen between. */
  from: string | null;
  to: string;
  customers: number;
}
export interface MoveRow {
  from: string | null;
  cells: Move[];
  total: number;
}

/** A row for each stage, and one for those first seen between when there are any; a cell for each stage. */
export function moveMatrix(transitions: readonly Transition[], keys: readonly string[]): MoveRow[] {
  const count = new Map(transitions.map((move) => [`${move.from ?? ''}>${move.to}`, move.customers]));
  const rows = [...keys, null].map((from): MoveRow => {
    const cells = keys.map((to) => ({ from, to, customers: count.get(`${from ?? ''}>${to}`) ?? 0 }));
    return { from, cells, total: cells.reduce((sum, cell) => sum + cell.customers, 0) };
  });
  return rows.filter((row) => row.from !== null || row.total > 0);
}

/** Those who moved; and those who stayed, as a count. */
export function movers(transitions: readonly Transition[]): { moves: Move[]; stayed: number; total: number } {
  const moves = transitions.filter((move) => move.from !== move.to && move.customers > 0);
  const total = transitions.reduce((sum, move) => sum + move.customers, 0);
  return {
    moves: moves.map((move) => ({ ...move, from: move.from ?? null })),
    stayed: total - moves.reduce((sum, move) => sum + move.customers, 0),
    total,
  };
}

/** How many stages stand one above the other in the flow, on the side that has more. */
export function stagesInFlow(moves: readonly Move[]): number {
  return Math.max(new Set(moves.map(({ from }) => from)).size, new Set(moves.map(({ to }) => to)).size);
}

export interface MoveWords {
  unseen: string;
  open: string;
  arrow: (from: string, to: string) => string;
}

/** The flow: where they were at the left, where they are at the right, in the order of `looks`. */
export function flowOption(
  moves: readonly Move[],
  looks: readonly StageLook[],
  theme: ChartTheme,
  fmt: Format,
  words: MoveWords,
  isNarrow: boolean,
): EChartsOption {
  const look = new Map(looks.map((stage) => [stage.key, stage]));
  const name = (key: string | null) => (key === null ? words.unseen : (look.get(key)?.name ?? key));
  const color = (key: string | null) => (key === null ? theme.text3 : (look.get(key)?.canvas ?? theme.text3));
  const side = (at: 'from' | 'to') => {
    const totals = new Map<string | null, number>();
    for (const move of moves) totals.set(move[at], (totals.get(move[at]) ?? 0) + move.customers);
    const order = [...looks.map((stage): string | null => stage.key).reverse(), null];
    return order.filter((key) => totals.has(key)).map((key) => ({ key, customers: totals.get(key) ?? 0 }));
  };
  const node = (at: 'from' | 'to') => (entry: { key: string | null; customers: number }) => ({
    name: `${at} ${entry.key ?? ''}`,
    depth: at === 'from' ? 0 : 1,
    itemStyle: { color: color(entry.key), borderWidth: 0 },
    label: {
      position: at === 'from' ? ('left' as const) : ('right' as const),
      formatter: `{name|${plain(cutMiddle(name(entry.key), isNarrow ? 11 : 13))}} {count|${fmt.compact(entry.customers)}}`,
      rich: {
        name: { color: theme.text2, fontSize: theme.fontSize },
        count: { color: theme.text, fontSize: theme.fontSize, fontWeight: 600 as const },
      },
    },
  });
  return {
    tooltip: {
      trigger: 'item',
      ...tooltipLook(theme),
      formatter: (params: unknown) => hover(params, name, color, fmt, words),
    },
    series: [
      {
        id: 'moves',
        type: 'sankey',
        // It moves only on load, and there nothing moves.
        animation: false,
        left: theme.rem * (isNarrow ? 6.75 : 8.5),
        right: theme.rem * (isNarrow ? 6.75 : 8.5),
        top: theme.rem * 0.75,
        bottom: theme.rem * 0.75,
        nodeWidth: theme.rem * 0.5,
        nodeGap: theme.rem,
        layoutIterations: 0,
        draggable: false,
        data: [...side('from').map(node('from')), ...side('to').map(node('to'))],
        links: [...moves].map((move) => ({
          source: `from ${move.from ?? ''}`,
          target: `to ${move.to}`,
          value: move.customers,
          move,
          lineStyle: { color: color(move.to), opacity: 0.32 },
        })),
        lineStyle: { curveness: 0.5 },
        emphasis: { focus: 'none', lineStyle: { opacity: 0.75 } },
      },
    ],
  };
}

/** Braces and bars would be read as rich text. */
const plain = (text: string) => text.replaceAll(/[{}|]/g, ' ');

/** The move behind a clicked link; null for a node. */
export function moveOf(params: { dataType?: string; data: unknown }): Move | null {
  if (params.dataType !== 'edge' || typeof params.data !== 'object' || params.data === null) return null;
  return 'move' in params.data ? (params.data.move as Move) : null;
}

function hover(
  params: unknown,
  name: (key: string | null) => string,
  color: (key: string | null) => string,
  fmt: Format,
  words: MoveWords,
): HTMLElement | string {
  const move = moveOf(params as { dataType?: string; data: unknown });
  if (!move) return '';
  const rows = [
    {
      label: words.arrow(name(move.from), name(move.to)),
      value: fmt.count(move.customers),
      color: color(move.to),
    },
  ];
  return tooltipCard('', rows, words.open);
}
