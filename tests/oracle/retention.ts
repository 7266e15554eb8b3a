/**
 * Retention worked out slowly and plainly over arrays of events, customer by customer and cell by cell: what
 * the compiled statement is compared with. Shares nothing with the code it checks but the question's shape.
 */
import type { RetentionQuery } from '../../server/insights/retention/retention.query.ts';

export interface OracleEvent {
  readonly customer: string;
  readonly event: string;
  readonly timeMs: number;
  readonly revenue: number | null;
  /** Stands for the filters of start and return. */
  readonly flag: boolean;
  /** What a breakdown takes apart; empty: unset. */
  readonly group: string;
}

/** The parts of the question that events of this kind can answer. */
export interface OracleQuery extends Pick<
  RetentionQuery,
  'range' | 'rows' | 'interval' | 'columns' | 'alignment' | 'minimumOccurrences' | 'entry' | 'mode'
> {
  readonly start: { readonly name: string; readonly flagged: boolean };
  readonly return: { readonly name: string; readonly flagged: boolean };
}

export interface OracleCell {
  readonly customers: readonly string[];
  readonly events: number;
  readonly revenue: number;
}

/** Cells by row and column; the first column of a row holds its members. */
export function retentionOracle(query: OracleQuery, events: readonly OracleEvent[]): OracleCell[][] {
  const known = events.filter((event) => event.timeMs < query.range.toMs);
  const customers = [...new Set(known.map((event) => event.customer))].sort();
  return query.rows.map((_, row) => {
    const width = widthOf(query, row);
    return Array.from({ length: width }, (_, column) => {
      const members = customers.filter((customer) => rowsOf(query, known, customer).includes(row));
      const cell = { customers: [] as string[], events: 0, revenue: 0 };
      for (const customer of members) {
        const visits = visitsOf(query, known, customer, row);
        const here = visits.filter((visit) => visit.column === column);
        cell.events += here.length;
        cell.revenue += here.reduce((sum, visit) => sum + visit.revenue, 0);
        if (returned(query, visits, column)) cell.customers.push(customer);
      }
      return cell;
    });
  });
}

export interface OracleGroup {
  /** Null for the rest. */
  readonly value: string | null;
  readonly cells: readonly OracleCell[][];
}

/** One matrix per value from only the events that carry it, largest first; past `limit` values the rest is one. */
export function retentionGroupsOracle(
  query: OracleQuery,
  events: readonly OracleEvent[],
  limit: number,
): readonly OracleGroup[] {
  const values = [...new Set(events.map((event) => event.group))].sort();
  const groups = values
    .map((value) => ({
      value,
      cells: retentionOracle(
        query,
        events.filter((event) => event.group === value),
      ),
    }))
    .filter(({ cells }) => sizeOf(cells) > 0)
    .sort((a, b) => sizeOf(b.cells) - sizeOf(a.cells));
  if (groups.length <= limit) return groups;
  const kept = groups.filter(({ value }) => value !== '').slice(0, limit);
  const rest = groups.filter((group) => !kept.includes(group));
  return [...kept, { value: null, cells: rest.map((group) => group.cells).reduce(union) }];
}

/** Different customers in any row. */
function sizeOf(cells: readonly OracleCell[][]): number {
  return new Set(cells.flatMap((row) => row[0]?.customers ?? [])).size;
}

/** A customer of several is one customer; what they did adds up. */
function union(a: OracleCell[][], b: readonly OracleCell[][]): OracleCell[][] {
  return a.map((row, i) =>
    row.map((cell, j) => {
      const other = b[i]?.[j] ?? cell;
      const customers = [...new Set([...cell.customers, ...other.customers])].sort();
      return {
        customers,
        events: cell.events + other.events,
        revenue: cell.revenue + other.revenue,
      };
    }),
  );
}

function returned(query: OracleQuery, visits: readonly { column: number }[], column: number): boolean {
  const has = (k: number): boolean => visits.some((visit) => visit.column === k);
  if (column === 0) return true;
  if (query.mode === 'ON') return has(column);
  if (query.mode === 'ON_OR_AFTER') return visits.some((visit) => visit.column >= column);
  return Array.from({ length: column }, (_, i) => i + 1).every(has);
}

function startsOf(query: OracleQuery, events: readonly OracleEvent[], customer: string): OracleEvent[] {
  const own = events.filter((event) => event.customer === customer);
  const matching = own.filter((event) => matches(event, query.start)).sort((a, b) => a.timeMs - b.timeMs);
  const inRows = matching.filter((event) => event.timeMs >= (query.rows[0] ?? 0));
  switch (query.entry) {
    case 'RECURRING':
      return inRows;
    case 'FIRST_IN_RANGE':
      return inRows.slice(0, 1);
    case 'FIRST_TIME':
      return matching.slice(0, 1);
    case 'FIRST_EVER': {
      const first = Math.min(
        ...own.filter((event) => event.event === query.start.name).map((event) => event.timeMs),
      );
      return matching.filter((event) => event.timeMs === first).slice(0, 1);
    }
  }
}

function rowsOf(query: OracleQuery, events: readonly OracleEvent[], customer: string): number[] {
  const starts = startsOf(query, events, customer);
  const counted = query.alignment === 'ROLLING' ? starts.slice(0, 1) : starts;
  return counted.map((event) => intervalOf(query, event.timeMs));
}

/** Return events that count, with the column of the row each falls into; past the last: Infinity. */
function visitsOf(query: OracleQuery, events: readonly OracleEvent[], customer: string, row: number) {
  const first = startsOf(query, events, customer)[0]?.timeMs ?? 0;
  const offsetOf = (timeMs: number): number =>
    query.alignment === 'ROLLING'
      ? Math.floor((timeMs - first) / SPAN_MS[query.interval])
      : intervalOf(query, timeMs) - row;
  const visits = events
    .filter((event) => event.customer === customer && matches(event, query.return))
    .map((event) => ({ offset: offsetOf(event.timeMs), revenue: event.revenue ?? 0, timeMs: event.timeMs }))
    .filter(({ offset, timeMs }) => offset >= 0 && timeMs >= (query.rows[0] ?? 0));
  return visits
    .filter(({ offset }) => visits.filter((v) => v.offset === offset).length >= query.minimumOccurrences)
    .map(({ offset, revenue }) => ({ column: columnOf(query, offset), revenue }));
}

function columnOf(query: OracleQuery, offset: number): number {
  let end = 0;
  if (offset === 0) return 0;
  for (const [i, size] of query.columns.entries()) {
    end += size;
    if (offset <= end) return i + 1;
  }
  return Infinity;
}

function widthOf(query: OracleQuery, row: number): number {
  const columns = query.rows.slice(row).map((_, offset) => columnOf(query, offset));
  return Math.max(...columns.filter((column) => column !== Infinity)) + 1;
}

function intervalOf(query: OracleQuery, timeMs: number): number {
  return query.rows.findLastIndex((start) => start <= timeMs);
}

function matches(event: OracleEvent, wanted: { name: string; flagged: boolean }): boolean {
  return event.event === wanted.name && (!wanted.flagged || event.flag);
}

const SPAN_MS: Record<RetentionQuery['interval'], number> = {
  HOUR: 3_600_000,
  DAY: 86_400_000,
  WEEK: 604_800_000,
  MONTH: Number.NaN,
  QUARTER: Number.NaN,
  YEAR: Number.NaN,
};
