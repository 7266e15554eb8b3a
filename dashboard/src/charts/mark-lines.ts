// Annotations laid into a chart's option: a thin line with a dot at its top, and their texts on hover. Pure.
import type { EChartsOption, SeriesOption } from 'echarts';
import type { ChartTheme } from './theme.ts';
import type { Mark } from './time-marks.ts';

type Formatter = (params: unknown) => HTMLElement | string;

/** The option with the marks; without marks the option itself. */
export function withMarks(option: EChartsOption, marks: readonly Mark[], theme: ChartTheme): EChartsOption {
  if (marks.length === 0) return option;
  const series = [option.series ?? []].flat();
  const [first, ...others] = series;
  if (!first) return option;
  const markLine = {
    silent: true,
    animation: false,
    symbol: ['none', 'circle'],
    symbolSize: 5,
    label: { show: false },
    lineStyle: { color: theme.text3, width: 1, type: 'solid', opacity: 0.7 },
    itemStyle: { color: theme.text3 },
    z: 4,
    data: marks.map(({ value }) => ({ xAxis: value })),
  };
  return {
    ...option,
    series: [{ ...first, markLine } as SeriesOption, ...others],
    tooltip: withTexts(option.tooltip, marks, theme),
  };
}

function withTexts(
  tooltip: EChartsOption['tooltip'],
  marks: readonly Mark[],
  theme: ChartTheme,
): EChartsOption['tooltip'] {
  if (!tooltip || Array.isArray(tooltip) || typeof tooltip.formatter !== 'function') return tooltip;
  const own = tooltip.formatter as Formatter;
  const formatter = (params: unknown): HTMLElement | string => {
    const card = own(params);
    const first: unknown = Array.isArray(params) ? params[0] : params;
    const index = (first as { dataIndex?: number } | undefined)?.dataIndex;
    const mark = marks.find((candidate) => candidate.index === index);
    if (mark && card instanceof HTMLElement) card.append(textsOf(mark, theme));
    return card;
  };
  return { ...tooltip, formatter };
}

const SHOWN = 3;

function textsOf({ notes }: Mark, theme: ChartTheme): HTMLElement {
  const list = document.createElement('div');
  list.style.cssText = `display:grid;gap:2px;margin-top:2px;padding-top:4px;border-top:1px solid ${theme.line};max-width:18rem`;
  const texts = notes.slice(0, SHOWN).map(({ text }) => text);
  if (notes.length > SHOWN) texts.push(`+${notes.length - SHOWN}`);
  for (const text of texts) {
    const line = document.createElement('div');
    line.style.cssText = 'color:var(--text);overflow-wrap:anywhere';
    line.textContent = text.length > 120 ? `${text.slice(0, 119)}…` : text;
    list.append(line);
  }
  return list;
}
