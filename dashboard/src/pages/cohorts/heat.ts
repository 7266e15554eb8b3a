// The retention answer as a table of cells with a value and a shade each, and the mean row. Pure.
import type { RetentionSubscription } from '../../api/generated.ts';
import type { Shown } from './cohort-state.ts';

/** A matrix of cohorts with its mean row: of all customers, or of one value of a breakdown. */
export type Retention = Pick<RetentionSubscription['retention'], 'cohorts' | 'average'>;
type Cohort = Retention['cohorts'][number];
type Cell = Cohort['cells'][number];

export interface HeatCell {
  period: number;
  value: number | null;
  /** 0..7: which step of the ramp. */
  level: number;
  complete: boolean;
  cell: Cell;
}
export interface HeatRow {
  start: string;
  size: number;
  /** In the order of the columns; null where the cohort is too young. */
  cells: (HeatCell | null)[];
}
export interface MeanCell {
  value: number;
  /** 95 % interval; null where none is known. */
  low: number | null;
  high: number | null;
}
export interface Heat {
  columns: number[];
  rows: HeatRow[];
  mean: (MeanCell | null)[];
  /** The darkest value. */
  most: number;
}

export const SHADES = 8;

/** Where a value stands between `floor` and `most`, in steps 0..7. */
export function heatLevel(value: number | null, most: number, floor = 0): number {
  if (value === null || most <= floor) return 0;
  const share = (value - floor) / (most - floor);
  return Math.max(0, Math.min(SHADES - 1, Math.round(share * (SHADES - 1))));
}

/** Where the ramp begins: at nothing, but where the values are alike, below them, so that they can be told apart. */
export function heatFloor(values: readonly number[]): number {
  const most = Math.max(0, ...values);
  const least = Math.min(most, ...values);
  return Math.max(0, least - (most - least) / 2);
}

/** What a cell shows. Events, revenue and lifetime value are per customer of the cohort; null in an empty one. */
export function shownValue(cohort: { size: number }, cell: Cell, show: Shown): number | null {
  if (cohort.size === 0) return null;
  if (show === 'rate') return cell.rate;
  if (show === 'customers') return cell.customers;
  if (show === 'revenue' || show === 'events') return cell.value / cohort.size;
  return cell.lifetimeValue ?? null;
}

/** Shares and counts leave out period 0, where everybody is; what was done in it has it. */
const firstPeriod = (show: Shown) => (show === 'rate' || show === 'customers' ? 1 : 0);

/** The table: newest cohort last, one column a period. */
export function heatOf(retention: Retention, show: Shown): Heat {
  const periods = retention.cohorts.flatMap((cohort) => cohort.cells.map((cell) => cell.period));
  const first = firstPeriod(show);
  const last = Math.max(first - 1, ...periods);
  const columns = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  const valued = retention.cohorts.map((cohort) => ({ cohort, cells: byPeriod(cohort, show) }));
  const values = valued.flatMap(({ cells }) => columns.flatMap((period) => cells.get(period)?.value ?? []));
  const most = Math.max(0, ...values);
  const floor = heatFloor(values);
  const rows = valued.map(({ cohort, cells }) => ({
    start: cohort.start,
    size: cohort.size,
    cells: columns.map((period) => {
      const found = cells.get(period);
      return found ? { ...found, level: heatLevel(found.value, most, floor) } : null;
    }),
  }));
  return { columns, rows, mean: columns.map((period) => meanOf(retention, rows, period, first, show)), most };
}

function byPeriod(cohort: Cohort, show: Shown): Map<number, Omit<HeatCell, 'level'>> {
  return new Map(
    cohort.cells.map((cell) => [
      cell.period,
      { period: cell.period, value: shownValue(cohort, cell, show), complete: cell.complete, cell },
    ]),
  );
}

/** The mean over complete cells: the server's for shares and revenue; lifetime value weighed by size here. */
function meanOf(
  retention: Retention,
  rows: HeatRow[],
  period: number,
  first: number,
  show: Shown,
): MeanCell | null {
  if (show !== 'lifetime') {
    const average = retention.average.find((candidate) => candidate.period === period);
    if (!average) return null;
    if (show === 'revenue' || show === 'events') return { value: average.value, low: null, high: null };
    return { value: average.rate, low: average.low, high: average.high };
  }
  let customers = 0;
  let sum = 0;
  for (const row of rows) {
    const cell = row.cells[period - first];
    if (!cell?.complete || cell.value === null) continue;
    customers += row.size;
    sum += cell.value * row.size;
  }
  return customers ? { value: sum / customers, low: null, high: null } : null;
}
