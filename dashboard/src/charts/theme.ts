// The tokens as values a canvas can use, and what every chart has in common. Knows no chart.
import type { EChartsOption } from 'echarts';
import { stageToken } from './colors.ts';

export interface ChartTheme {
  text: string;
  text2: string;
  text3: string;
  line: string;
  lineStrong: string;
  card: string;
  raised: string;
  sunken: string;
  accent: string;
  accentSoft: string;
  good: string;
  bad: string;
  /** The eight categorical colours, in their fixed order. */
  categories: string[];
  /** One hue, from nothing to most: eight steps. */
  heat: string[];
  /** The colour of text on a step of it. */
  heatText: (level: number) => string;
  font: string;
  /** Pixels of a rem: larger on television. */
  rem: number;
  /** The label size in pixels. */
  fontSize: number;
  /** The colour of a lifecycle stage; for a stage of the retailer's own, the colour in the map. */
  stage: (stage: { key: string; color: string }) => string;
}

/** Reads the tokens in force from the document. */
export function readTheme(): ChartTheme {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const rem = parseFloat(style.fontSize) || 16;
  return {
    text: token('text'),
    text2: token('text-2'),
    text3: token('text-3'),
    line: token('line'),
    lineStrong: token('line-strong'),
    card: token('card'),
    raised: token('raised'),
    sunken: token('sunken'),
    accent: token('accent'),
    accentSoft: token('accent-soft'),
    good: token('good'),
    bad: token('bad'),
    categories: [1, 2, 3, 4, 5, 6, 7, 8].map((n) => token(`cat-${n}`)),
    heat: [0, 1, 2, 3, 4, 5, 6, 7].map((n) => token(`heat-${n}`)),
    heatText: heatText(token('text'), token('heat-on-4'), token('heat-on')),
    font: token('font'),
    rem,
    fontSize: rem * 0.75,
    stage: (stage) => {
      const known = stageToken(stage);
      return (known && token(known)) || stage.color;
    },
  };
}

/** As in heat.css. */
const heatText = (pale: string, middle: string, dark: string) => (level: number) =>
  level < 4 ? pale : level === 4 ? middle : dark;

/** What all charts share; a chart's own option is laid over it, part by part. */
export function baseOption(theme: ChartTheme, isStill: boolean): EChartsOption {
  return {
    color: theme.categories,
    textStyle: { fontFamily: theme.font, fontSize: theme.fontSize, color: theme.text2 },
    animation: !isStill,
    animationDuration: 0,
    animationDurationUpdate: 250,
    animationEasingUpdate: 'cubicOut',
    stateAnimation: { duration: isStill ? 0 : 120 },
  };
}

/** The look of a tooltip; spread it and add `formatter: (params) => card(...)`. */
export function tooltipLook(theme: ChartTheme) {
  return {
    backgroundColor: theme.raised,
    borderColor: theme.lineStrong,
    borderWidth: 1,
    padding: [theme.rem * 0.5, theme.rem * 0.75],
    textStyle: {
      color: theme.text,
      fontFamily: theme.font,
      fontSize: theme.fontSize,
      fontWeight: 'normal' as const,
    },
    extraCssText:
      'border-radius:8px;box-shadow:var(--shadow);max-width:22rem;white-space:normal;font-variant-numeric:tabular-nums',
    confine: true,
    transitionDuration: 0,
  };
}

/** A time or category axis along the bottom: no line, quiet labels. */
export function quietAxis(theme: ChartTheme) {
  return {
    axisLine: { show: false },
    axisTick: { show: false },
    splitLine: { show: false },
    axisLabel: { color: theme.text3, fontSize: theme.fontSize, hideOverlap: true },
  };
}

/** A value axis: at most four hairlines, no axis line. */
export function valueAxis(theme: ChartTheme) {
  return {
    type: 'value' as const,
    splitNumber: 3,
    axisLine: { show: false },
    axisTick: { show: false },
    splitLine: { lineStyle: { color: theme.line, width: 1 } },
    axisLabel: { color: theme.text3, fontSize: theme.fontSize },
  };
}
