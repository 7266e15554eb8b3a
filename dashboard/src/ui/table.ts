// The shape of a table: what DataTable shows and what goes into a CSV file. Pure.
import type { CsvCell } from '../format/csv.ts';
import { plainCell, toCsv } from '../format/csv.ts';

export interface Column<Row> {
  key: string;
  label: string;
  /** The plain value: for sorting and for CSV. */
  value: (row: Row) => CsvCell;
  /** The value as text; default: the value itself. */
  format?: (row: Row) => string;
  /** Right-aligned, in tabular figures. */
  numeric?: boolean;
  sortable?: boolean;
  /** A dot of colour before the text. */
  color?: (row: Row) => string | undefined;
  /** Opens the customers whom the cell counts: makes it a button where it is more than nothing. */
  open?: (row: Row) => void;
  /** Makes the cell a link. */
  href?: (row: Row) => string;
}

export interface TableData<Row = unknown> {
  columns: Column<Row>[];
  rows: Row[];
}

/** Binds rows to their columns' type once, so that frames can take any table. */
export function table<Row>(columns: Column<Row>[], rows: Row[]): TableData<Row> {
  return { columns, rows };
}

export function tableCsv<Row>(data: TableData<Row>): string {
  return toCsv(
    data.columns.map((column) => column.label),
    data.rows.map((row) => data.columns.map((column) => column.value(row))),
  );
}

/** Columns that a summary names. */
const MOST_COLUMNS = 6;

/** A table in one sentence: how many rows, the first and the last of them. */
export function tableSummary<Row>(
  { columns, rows }: TableData<Row>,
  words: { rows: (n: string) => string; first: (row: string) => string; last: (row: string) => string },
  count: (n: number) => string,
): string {
  const cell = (column: Column<Row>, row: Row): string => {
    const value = column.value(row);
    const text = column.format?.(row) ?? (typeof value === 'number' ? count(value) : (value ?? '–'));
    return `${column.label} ${text}`;
  };
  const said = (row: Row): string =>
    columns
      .slice(0, MOST_COLUMNS)
      .map((column) => cell(column, row))
      .join(', ');
  const [first, last] = [rows[0], rows.at(-1)];
  const ends = [
    ...(first === undefined ? [] : [words.first(said(first))]),
    ...(last === undefined || rows.length === 1 ? [] : [words.last(said(last))]),
  ];
  return [words.rows(count(rows.length)), ...ends].join(' ');
}

/** For the clipboard: tabs between, numbers as numbers, so that a spreadsheet takes it as a table. */
export function tableTsv<Row>(data: TableData<Row>): string {
  const lines = [
    data.columns.map((column) => column.label),
    ...data.rows.map((row) => data.columns.map((column) => column.value(row))),
  ];
  return lines.map((line) => line.map(plainCell).join('\t')).join('\n');
}

/** Rows in the order of one column; nulls last; the original is left alone. */
export function sorted<Row>(data: TableData<Row>, key: string, descending: boolean): Row[] {
  const column = data.columns.find((candidate) => candidate.key === key);
  if (!column) return data.rows;
  const sign = descending ? -1 : 1;
  return [...data.rows].sort((a, b) => {
    const [x, y] = [column.value(a), column.value(b)];
    if (x === null || y === null) return x === y ? 0 : x === null ? 1 : -1;
    const order = typeof x === 'number' && typeof y === 'number' ? x - y : String(x).localeCompare(String(y));
    return sign * order;
  });
}
