// Paths as a Sankey of steps: thin, quiet bands; the path that is looked at in the accent. Pure.
import type { EChartsOption } from 'echarts';
import { tooltipLook } from '../../charts/theme.ts';
import type { ChartTheme } from '../../charts/theme.ts';
import { tooltipCard } from '../../charts/tooltip.ts';
import type { Format } from '../../format/format.ts';
import { cutMiddle } from '../../ui/people.ts';
import type { Band, Block, Columns, PathEdge } from './path-graph.ts';

export interface PathWords {
  /** A node as the viewer reads it. */
  name: (name: string) => string;
  color: (name: string) => string;
  other: string;
  ended: string;
  visits: string;
  customers: string;
  time: string;
  stepN: (n: string) => string;
  edge: (from: string, to: string) => string;
  endedAfter: (name: string) => string;
  ofFrom: (share: string) => string;
  open: (n: string) => string;
  more: string;
}

/** Room for names at the right of the last column, and the height that a picture needs, in rem. */
export const NAMES_REM = 10;
const GAP_REM = 0.8125;
export const heightRem = (fullest: number): number => Math.min(56, Math.max(22, 12 + fullest * 1.25));

/** The picture of `columns`. */
export function pathOption(
  columns: Columns,
  theme: ChartTheme,
  fmt: Format,
  words: PathWords,
): EChartsOption {
  const { blocks, bands } = columns;
  const byId = new Map(blocks.map((block) => [block.id, block]));
  return {
    tooltip: {
      trigger: 'item',
      ...tooltipLook(theme),
      formatter: (params: unknown) => hover(params as Clicked, byId, fmt, words),
    },
    series: [
      {
        id: 'paths',
        type: 'sankey',
        left: 0,
        right: theme.rem * NAMES_REM,
        top: theme.rem * 0.5,
        bottom: theme.rem * 0.5,
        nodeWidth: theme.rem * 0.5,
        nodeGap: theme.rem * GAP_REM,
        layoutIterations: 0,
        draggable: false,
        // growing in would clip the names at the right
        animation: false,
        data: blocks.map((block) => nodeOf(block, theme, fmt, words)),
        links: bands.map((band) => ({
          source: band.source,
          target: band.target,
          value: band.paths,
          band,
          lineStyle: {
            color: theme.text3,
            opacity: band.edge && byId.get(band.target)?.kind === 'node' ? 0.22 : 0.09,
          },
        })),
        lineStyle: { curveness: 0.5 },
        labelLayout: { hideOverlap: true },
        emphasis: { focus: 'trajectory', lineStyle: { color: theme.accent, opacity: 0.55 } },
        blur: { lineStyle: { opacity: 0.08 }, itemStyle: { opacity: 0.6 }, label: { opacity: 0.6 } },
      },
    ],
  };
}

function nodeOf(block: Block, theme: ChartTheme, fmt: Format, words: PathWords) {
  const isNode = block.kind === 'node';
  const color = isNode ? words.color(block.name) : theme.lineStrong;
  return {
    name: block.id,
    depth: block.step - 1,
    block,
    itemStyle: { color, borderWidth: 0 },
    label: {
      position: 'right' as const,
      formatter: `{name|${plain(cutMiddle(blockName(block, words), 20))}} {count|${fmt.compact(block.paths)}}`,
      rich: {
        name: { color: isNode ? theme.text : theme.text3, fontSize: theme.fontSize },
        count: { color: isNode ? theme.text2 : theme.text3, fontSize: theme.fontSize },
      },
    },
  };
}

/** What a block is called. */
function blockName(block: Block, words: PathWords): string {
  if (block.kind === 'ended') return words.ended;
  return block.kind === 'other' ? words.other : words.name(block.name);
}

/** Braces and bars would be read as rich text. */
const plain = (text: string) => text.replaceAll(/[{}|]/g, ' ');

interface Clicked {
  dataType?: string;
  data: unknown;
}
const field = (data: unknown, key: string): unknown =>
  typeof data === 'object' && data !== null ? (data as Record<string, unknown>)[key] : undefined;

/** The edge behind a clicked band; null for a node and for what ended. */
export function edgeOf({ dataType, data }: Clicked): PathEdge | null {
  const band = dataType === 'edge' ? (field(data, 'band') as Band | undefined) : undefined;
  return band?.edge ?? null;
}

/** A clicked node of the answer; null for all else. */
export function nodeAt({ dataType, data }: Clicked): { name: string; step: number } | null {
  const block = dataType === 'node' ? (field(data, 'block') as Block | undefined) : undefined;
  return block?.kind === 'node' ? { name: block.name, step: block.step } : null;
}

function hover(
  params: Clicked,
  byId: Map<string, Block>,
  fmt: Format,
  words: PathWords,
): HTMLElement | string {
  if (params.dataType === 'node') {
    const block = field(params.data, 'block') as Block | undefined;
    if (!block) return '';
    const heading = `${words.stepN(fmt.count(block.step))}: ${blockName(block, words)}`;
    const color = block.kind === 'node' ? words.color(block.name) : undefined;
    const rows = [{ label: words.visits, value: fmt.count(block.paths), ...(color && { color }) }];
    return tooltipCard(heading, rows, block.kind === 'node' ? words.more : '');
  }
  const band = field(params.data, 'band') as Band | undefined;
  const from = band && byId.get(band.source);
  const to = band && byId.get(band.target);
  if (!band || !from || !to) return '';
  const share = words.ofFrom(fmt.percent(from.paths ? band.paths / from.paths : null));
  const color = to.kind === 'node' ? words.color(to.name) : undefined;
  const rows = [{ label: words.visits, value: fmt.count(band.paths), extra: share, ...(color && { color }) }];
  if (!band.edge) return tooltipCard(words.endedAfter(blockName(from, words)), rows);
  return tooltipCard(
    words.edge(blockName(from, words), blockName(to, words)),
    [
      ...rows,
      { label: words.customers, value: fmt.count(band.edge.customers), extra: '' },
      { label: words.time, value: fmt.duration(band.edge.medianSeconds), extra: '' },
    ],
    words.open(fmt.count(band.edge.customers)),
  );
}
