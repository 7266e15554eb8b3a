/**
 * Credit for conversions worked out slowly and plainly over arrays of events: what the compiled statements are
 * compared with. The Markov chain is walked step by step until hardly anybody is left on the way, once for each
 * value that is taken out.
 */
import { DateTime } from 'luxon';

export interface CreditEvent {
  readonly customer: string;
  readonly event: string;
  readonly timeMs: number;
  /** What earns credit; empty: unset. */
  readonly value: string;
  /** Whole cents. */
  readonly cents: number | null;
}

export interface CreditQuestion {
  readonly fromMs: number;
  readonly toMs: number;
  readonly lookback: { readonly months: number; readonly ms: number };
  readonly isConversion: (event: CreditEvent) => boolean;
  readonly isTouch: (event: CreditEvent) => boolean;
}

export interface Credited {
  touches: number;
  customers: number;
  /** By model. */
  readonly conversions: Record<string, number>;
  readonly revenue: Record<string, number>;
}

export interface CreditAnswer {
  readonly rows: ReadonlyMap<string, Credited>;
  readonly conversions: number;
  readonly revenue: number;
}

interface Path {
  readonly conversion: CreditEvent;
  readonly touches: readonly CreditEvent[];
}

export const MODELS = [
  'FIRST_TOUCH',
  'LAST_TOUCH',
  'LINEAR',
  'POSITION_BASED',
  'TIME_DECAY',
  'MARKOV',
] as const;

const NONE = '(none)';
const WEEK = 7 * 86_400_000;

export function attributionOf(events: readonly CreditEvent[], question: CreditQuestion): CreditAnswer {
  const touches = events.filter(question.isTouch).sort(byTimeThenValue);
  const conversions = events.filter((event) => question.isConversion(event) && isIn(event, question));
  const paths = conversions.map((conversion): Path => {
    const since = DateTime.fromMillis(conversion.timeMs, { zone: 'UTC' }).minus({
      months: question.lookback.months,
    });
    const sinceMs = since.toMillis() - question.lookback.ms;
    return {
      conversion,
      touches: touches.filter(
        (touch) =>
          touch.customer === conversion.customer &&
          touch.timeMs >= sinceMs &&
          touch.timeMs < conversion.timeMs,
      ),
    };
  });
  const rows = new Map<string, Credited>();
  count(rows, paths);
  for (const path of paths) creditPath(rows, path);
  creditChain(rows, paths, pathsToNothing(touches, conversions, question));
  return {
    rows,
    conversions: conversions.length,
    revenue: conversions.reduce((sum, { cents }) => sum + (cents ?? 0), 0) / 100,
  };
}

function byTimeThenValue(a: CreditEvent, b: CreditEvent): number {
  return a.timeMs - b.timeMs || (nameOf(a) < nameOf(b) ? -1 : 1);
}

const nameOf = ({ value }: CreditEvent): string => value || '(not set)';
const isIn = ({ timeMs }: CreditEvent, { fromMs, toMs }: CreditQuestion): boolean =>
  timeMs >= fromMs && timeMs < toMs;

function rowOf(rows: Map<string, Credited>, name: string): Credited {
  const row = rows.get(name) ?? { touches: 0, customers: 0, conversions: {}, revenue: {} };
  rows.set(name, row);
  return row;
}

function add(row: Credited, model: string, conversions: number, revenue: number): void {
  row.conversions[model] = (row.conversions[model] ?? 0) + conversions;
  row.revenue[model] = (row.revenue[model] ?? 0) + revenue;
}

function count(rows: Map<string, Credited>, paths: readonly Path[]): void {
  const touches = new Set(paths.flatMap((path) => path.touches));
  for (const touch of touches) rowOf(rows, nameOf(touch)).touches += 1;
  for (const name of new Set(paths.flatMap(namesOf))) {
    const customers = paths.filter((path) => namesOf(path).includes(name));
    rowOf(rows, name).customers = new Set(customers.map(({ conversion }) => conversion.customer)).size;
  }
}

const namesOf = ({ touches }: Path): string[] => (touches.length === 0 ? [NONE] : touches.map(nameOf));

function creditPath(rows: Map<string, Credited>, path: Path): void {
  const names = namesOf(path);
  const ages = path.touches.map(({ timeMs }) => path.conversion.timeMs - timeMs);
  const weights: Record<string, number[]> = {
    FIRST_TOUCH: names.map((_, i) => (i === 0 ? 1 : 0)),
    LAST_TOUCH: names.map((_, i) => (i === names.length - 1 ? 1 : 0)),
    LINEAR: names.map(() => 1),
    POSITION_BASED: names.map((_, i) => (i === 0 || i === names.length - 1 ? 0.4 : 0.2 / (names.length - 2))),
    TIME_DECAY: names.map((_, i) => 0.5 ** ((ages[i] ?? 0) / WEEK)),
  };
  for (const [model, own] of Object.entries(weights)) {
    const whole = own.reduce((sum, weight) => sum + weight, 0);
    names.forEach((name, i) => {
      const share = (own[i] ?? 0) / whole;
      add(rowOf(rows, name), model, share, (share * (path.conversion.cents ?? 0)) / 100);
    });
  }
}

/** What each customer touches in the range after the last conversion. */
function pathsToNothing(
  touches: readonly CreditEvent[],
  conversions: readonly CreditEvent[],
  question: CreditQuestion,
): readonly string[][] {
  return [...new Set(touches.map(({ customer }) => customer))]
    .map((customer) => {
      const own = conversions.filter((conversion) => conversion.customer === customer);
      const last = Math.max(-1, ...own.map(({ timeMs }) => timeMs));
      return touches
        .filter((touch) => touch.customer === customer && touch.timeMs > last && isIn(touch, question))
        .map(nameOf);
    })
    .filter((path) => path.length > 0);
}

function creditChain(
  rows: Map<string, Credited>,
  paths: readonly Path[],
  nothing: readonly string[][],
): void {
  const touched = paths.filter((path) => path.touches.length > 0);
  for (const { conversion } of paths.filter((path) => path.touches.length === 0)) {
    add(rowOf(rows, NONE), 'MARKOV', 1, (conversion.cents ?? 0) / 100);
  }
  if (touched.length === 0) return;
  const walks = [
    ...touched.map((path) => ['start', ...namesOf(path), 'conversion']),
    ...nothing.map((path) => ['start', ...path, 'nothing']),
  ];
  const names = new Set(walks.flatMap((walk) => walk.slice(1, -1)));
  const whole = converting(walks, null);
  const effects = [...names].map((name) => ({ name, effect: 1 - converting(walks, name) / whole }));
  const all = effects.reduce((sum, { effect }) => sum + effect, 0);
  const revenue = touched.reduce((sum, { conversion }) => sum + (conversion.cents ?? 0), 0) / 100;
  for (const { name, effect } of effects) {
    add(rowOf(rows, name), 'MARKOV', (touched.length * effect) / all, (revenue * effect) / all);
  }
}

/** The share of walkers from the start who convert when one state leads nowhere. */
function converting(walks: readonly string[][], removed: string | null): number {
  const next = new Map<string, string[]>();
  for (const walk of walks) {
    walk.slice(0, -1).forEach((state, i) => {
      next.set(state, [...(next.get(state) ?? []), walk[i + 1] ?? '']);
    });
  }
  let crowd = new Map([['start', 1]]);
  let converted = 0;
  for (let step = 0; step < 3000 && crowd.size > 0; step += 1) {
    const moved = new Map<string, number>();
    for (const [state, share] of crowd) {
      const ways = next.get(state) ?? [];
      for (const way of ways) {
        const part = share / ways.length;
        if (way === 'conversion') converted += part;
        else if (way !== 'nothing' && way !== removed && part > 1e-18) {
          moved.set(way, (moved.get(way) ?? 0) + part);
        }
      }
    }
    crowd = moved;
  }
  return converted;
}
