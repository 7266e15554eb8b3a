/**
 * Rows of the retention statement to the matrix people read: empty cells filled in, furthest columns cumulated,
 * rates, lifetime value, what is complete, and the mean row with its interval.
 */
import { money } from '../../query/money.ts';
import { lastIntervals, ROLLING_MS } from './retention.query.ts';
import type { RetentionQuery } from './retention.query.ts';
import type { RetentionRow } from './retention.row.ts';

export interface CellAnswer {
  readonly period: number;
  readonly customers: number;
  /** Share of the row's size; 0 for a row without members. */
  readonly rate: number;
  /** Customers, events or revenue in the column, as the query's measure asks. */
  readonly value: number;
  /** Revenue up to and with this column for each member of the row; null without members. */
  readonly lifetimeValue: number | null;
  /** False while its interval has not ended for every member, or ends after the range. */
  readonly complete: boolean;
}

export interface CohortAnswer {
  /** Position of the row. */
  readonly cohort: number;
  readonly startMs: number;
  readonly size: number;
  readonly cells: readonly CellAnswer[];
}

export interface AverageAnswer {
  readonly period: number;
  /** Customers of all complete cells of the column / sizes of their rows. */
  readonly rate: number;
  /** Wilson's 95 % interval around it. */
  readonly low: number;
  readonly high: number;
  /** Value of those cells for each member of their rows. */
  readonly value: number;
}

export interface RetentionAnswer {
  readonly cohorts: readonly CohortAnswer[];
  readonly average: readonly AverageAnswer[];
}

export function retentionAnswer(
  query: RetentionQuery,
  rows: readonly RetentionRow[],
  nowMs: number,
): RetentionAnswer {
  const byCohort = new Map<number, RetentionRow[]>();
  for (const row of rows) {
    const found = byCohort.get(row.cohort);
    if (found) found.push(row);
    else byCohort.set(row.cohort, [row]);
  }
  const shape = { query, lasts: lastIntervals(query), endedMs: Math.min(nowMs, query.range.toMs) };
  const cohorts = query.rows.map((startMs, cohort) =>
    cohortAnswer(shape, startMs, cohort, byCohort.get(cohort) ?? []),
  );
  return { cohorts, average: averageOf(cohorts) };
}

/** What all rows of one matrix share. */
interface MatrixShape {
  readonly query: RetentionQuery;
  readonly lasts: readonly number[];
  /** What ends later is not complete. */
  readonly endedMs: number;
}

function cohortAnswer(
  shape: MatrixShape,
  startMs: number,
  cohort: number,
  rows: readonly RetentionRow[],
): CohortAnswer {
  const { query } = shape;
  const width = columnsOfRow(shape, cohort);
  const counted = new Array<number>(query.columns.length + 1).fill(0);
  const events = [...counted];
  const revenue = [...counted];
  for (const row of rows) {
    counted[row.period] = Number(row.customers);
    events[row.period] = Number(row.events);
    revenue[row.period] = Number(row.revenue);
  }
  const size = counted[0] ?? 0;
  const customers = query.mode === 'ON' ? counted : cumulatedFromEnd(counted);
  const values = valuesOf(query.measure, { customers, events, revenue });
  const lastStartMs = Number(rows[0]?.last_start_ms ?? 0);
  const cells: CellAnswer[] = [];
  let spent = 0;
  for (let period = 0; period < width; period += 1) {
    spent += revenue[period] ?? 0;
    const count = customers[period] ?? 0;
    cells.push({
      period,
      customers: count,
      rate: size === 0 ? 0 : count / size,
      value: values[period] ?? 0,
      lifetimeValue: size === 0 ? null : spent / size,
      complete: endOfColumn(shape, cohort, lastStartMs, period) <= shape.endedMs,
    });
  }
  return { cohort, startMs, size, cells };
}

function valuesOf(
  measure: RetentionQuery['measure'],
  of: Readonly<Record<'customers' | 'events' | 'revenue', readonly number[]>>,
): readonly number[] {
  if (measure === 'REVENUE') return of.revenue.map(money);
  return measure === 'EVENTS' ? of.events : of.customers;
}

/** Columns of a row that begin before the range's last interval ends, the first included. */
function columnsOfRow({ query, lasts }: MatrixShape, cohort: number): number {
  let width = 1;
  while (width <= query.columns.length && cohort + (lasts[width - 1] ?? 0) + 1 < query.rows.length)
    width += 1;
  return width;
}

/** When the column's last interval is over for every member. */
function endOfColumn(
  { query, lasts }: MatrixShape,
  cohort: number,
  lastStartMs: number,
  period: number,
): number {
  const last = lasts[period] ?? 0;
  if (query.alignment === 'CALENDAR') return rowStartMs(query, cohort + last + 1);
  const rowEndMs = rowStartMs(query, cohort + 1);
  return Math.max(rowEndMs, (lastStartMs || rowEndMs) + (last + 1) * (ROLLING_MS[query.interval] ?? 0));
}

/** Where the interval of a row begins; the one after the last ends the matrix, later ones are never over. */
function rowStartMs(query: RetentionQuery, position: number): number {
  return query.rows[position] ?? (position === query.rows.length ? query.rowsEndMs : Infinity);
}

/** Who came as far as a column came as far as all before it; the first is everybody and stays. */
function cumulatedFromEnd(counted: readonly number[]): number[] {
  const customers = [...counted];
  for (let i = customers.length - 2; i >= 1; i -= 1) {
    customers[i] = (customers[i] ?? 0) + (customers[i + 1] ?? 0);
  }
  return customers;
}

/** A column in which no row with members is complete has no mean, and is absent. */
function averageOf(cohorts: readonly CohortAnswer[]): AverageAnswer[] {
  const width = Math.max(0, ...cohorts.map((cohort) => cohort.cells.length));
  const averages: AverageAnswer[] = [];
  for (let period = 0; period < width; period += 1) {
    let size = 0;
    let customers = 0;
    let value = 0;
    for (const cohort of cohorts) {
      const cell = cohort.cells[period];
      if (!cell?.complete) continue;
      size += cohort.size;
      customers += cell.customers;
      value += cell.value;
    }
    if (size === 0) continue;
    averages.push({ period, rate: customers / size, ...wilson(customers, size), value: value / size });
  }
  return averages;
}

/** The 97.5th percentile of the normal distribution: 95 % lie within it on both sides. */
const Z = 1.959963984540054;

/** Wilson's score interval at 95 % (E. B. Wilson, JASA 1927) for `successes` of `trials`. */
export function wilson(successes: number, trials: number): { readonly low: number; readonly high: number } {
  const rate = successes / trials;
  const square = Z * Z;
  const centre = rate + square / (2 * trials);
  const spread = Z * Math.sqrt((rate * (1 - rate) + square / (4 * trials)) / trials);
  const scale = 1 + square / trials;
  // At the ends the interval touches them exactly, which sums of fractions would miss by their last digit.
  return {
    low: successes === 0 ? 0 : (centre - spread) / scale,
    high: successes === trials ? 1 : (centre + spread) / scale,
  };
}
