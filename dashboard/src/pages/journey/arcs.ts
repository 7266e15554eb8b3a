// Where the stages and the moves between them are drawn: stages on one line, moves onward as arcs on one side
// of it, moves back on the other, so that cycles are plain to see. Widths are by moves, on one scale. Pure.
// Lengths are pixels: `along` runs with the line of stages, `off` away from it (onward is positive).

export interface Flow {
  from: string;
  to: string;
  customers: number;
  moves: number;
  medianSeconds?: number | null | undefined;
}

export interface Layout {
  /** Length of the line. */
  length: number;
  /** Size of a stage's box along the line, and across it. */
  box: number;
  depth: number;
  /** Room for arcs beside the boxes, onward and back. */
  onward: number;
  back: number;
  /** True: the line runs down the page, onward is at the right. */
  isDown: boolean;
}

export interface Arc {
  flow: Flow;
  isBack: boolean;
  width: number;
  /** An SVG path along its middle. */
  path: string;
  /** The point farthest from the line. */
  apex: { x: number; y: number };
}

export interface Place {
  key: string;
  /** Middle of the box. */
  x: number;
  y: number;
}

export interface Picture {
  places: Place[];
  /** Widest first, so that thin ones lie on top. */
  arcs: Arc[];
  width: number;
  height: number;
}

const THINNEST = 1.25;

/** The whole picture. Loops (moves back to the same stage) have no arc: they stand at their stage. */
export function arcsOf(stages: readonly string[], flows: readonly Flow[], layout: Layout): Picture {
  const { length, box, depth, onward, back, isDown } = layout;
  const pitch = length / Math.max(1, stages.length);
  const middle = (index: number) => pitch * (index + 0.5);
  const point = (along: number, off: number) =>
    isDown ? { x: back + depth / 2 + off, y: along } : { x: along, y: onward + depth / 2 - off };
  const known = flows.flatMap((flow): Span[] => {
    const from = stages.indexOf(flow.from);
    const to = stages.indexOf(flow.to);
    return from < 0 || to < 0 || from === to || flow.moves <= 0 ? [] : [{ flow, from, to }];
  });
  const scale = widthScale(known, box * 0.8);
  const ports = portsOf(known, box, scale);
  const longest = Math.max(1, ...known.map(spanOf));
  const arcs = known.map((span, i): Arc => {
    const isBack = span.to < span.from;
    const { start, end } = ports[i] ?? { start: 0, end: 0 };
    const width = Math.max(THINNEST, span.flow.moves * scale);
    const reach = reachOf(spanOf(span), longest, (isBack ? back : onward) - 4, width);
    const sign = isBack ? -1 : 1;
    const off = (distance: number) => sign * (depth / 2 + distance);
    const [a, b] = [middle(span.from) + start, middle(span.to) + end];
    return {
      flow: span.flow,
      isBack,
      width,
      // a cubic reaches three quarters of the way to its handles
      path: curve(
        point(a, off(0)),
        point(a, off((reach * 4) / 3)),
        point(b, off((reach * 4) / 3)),
        point(b, off(0)),
      ),
      apex: point((a + b) / 2, off(reach)),
    };
  });
  return {
    places: stages.map((key, i) => ({ key, ...point(middle(i), 0) })),
    arcs: arcs.sort((a, b) => b.width - a.width),
    width: isDown ? back + depth + onward : length,
    height: isDown ? length : onward + depth + back,
  };
}

interface Span {
  flow: Flow;
  from: number;
  to: number;
}
const spanOf = ({ from, to }: Span) => Math.abs(to - from);

/** How far an arc reaches: longer ones farther, wide ones less, so that they leave room for what lies around them. */
function reachOf(span: number, longest: number, room: number, width: number): number {
  const share = longest === 1 ? 0.75 : 0.42 + (0.58 * (span - 1)) / (longest - 1);
  return Math.min(room - width / 2, Math.max(width * 0.62, room * share - width * 0.35));
}

/** Pixels a move: the fullest side of any box just holds what begins and ends there. */
function widthScale(spans: readonly Span[], room: number): number {
  const totals = new Map<string, number>();
  for (const { from, to, flow } of spans) {
    const side = to < from ? 'back' : 'onward';
    for (const at of [from, to]) totals.set(`${side} ${at}`, (totals.get(`${side} ${at}`) ?? 0) + flow.moves);
  }
  return room / Math.max(1, ...totals.values());
}

/**
 * Where each span leaves its box and enters the other, from the box's middle. On a side of a box, arcs to the
 * left lie left of arcs to the right, and longer ones outside shorter ones, so that nested arcs do not cross.
 */
function portsOf(spans: readonly Span[], box: number, scale: number): { start: number; end: number }[] {
  const ports = spans.map(() => ({ start: 0, end: 0 }));
  const sides = new Map<
    string,
    { index: number; end: 'start' | 'end'; other: number; at: number; width: number }[]
  >();
  spans.forEach((span, index) => {
    const side = span.to < span.from ? 'back' : 'onward';
    const width = Math.max(THINNEST, span.flow.moves * scale);
    for (const end of ['start', 'end'] as const) {
      const [at, other] = end === 'start' ? [span.from, span.to] : [span.to, span.from];
      const key = `${side} ${at}`;
      sides.set(key, [...(sides.get(key) ?? []), { index, end, other, at, width }]);
    }
  });
  for (const list of sides.values()) {
    const left = list.filter(({ other, at }) => other < at).sort((a, b) => b.other - a.other);
    const right = list.filter(({ other, at }) => other > at).sort((a, b) => b.other - a.other);
    const all = [...left, ...right];
    const total = all.reduce((sum, { width }) => sum + width, 0);
    const gap = all.length > 1 ? Math.min(6, Math.max(0, box - total) / (all.length - 1)) : 0;
    let edge = -(total + gap * (all.length - 1)) / 2;
    for (const { index, end, width } of all) {
      const port = ports[index];
      if (port) port[end] = edge + width / 2;
      edge += width + gap;
    }
  }
  return ports;
}

type Point = { x: number; y: number };
const at = ({ x, y }: Point) => `${round(x)} ${round(y)}`;
const round = (value: number) => Math.round(value * 10) / 10;
const curve = (a: Point, b: Point, c: Point, d: Point) => `M${at(a)}C${at(b)} ${at(c)} ${at(d)}`;

/** Which arcs get their figure beside them: the widest whose figures do not meet. */
export function labelled(arcs: readonly Arc[], size: { width: number; height: number }, most = 12): Arc[] {
  const taken: Point[] = [];
  return arcs.slice(0, most * 2).filter(({ apex }) => {
    if (taken.length >= most) return false;
    const meets = taken.some(
      (p) => Math.abs(p.x - apex.x) < size.width && Math.abs(p.y - apex.y) < size.height,
    );
    if (!meets) taken.push(apex);
    return !meets;
  });
}
