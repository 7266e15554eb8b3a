/** Tables as text: CSV, JSON, NDJSON. A batch of rows at a time; nothing is kept. */
import { inBatchesOf } from './table.ts';
import type { Batches, Cell, Column, Row } from './table.ts';

const ROWS_AT_ONCE = 1000;

/** What a spreadsheet takes for the beginning of a formula, also after spaces and in full width. */
const FORMULA = /^\s*[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/;

/**
 * RFC 4180 with a byte order mark for spreadsheets, as the dashboard writes it: texts that a spreadsheet would run as a
 * formula are defused with an apostrophe, numbers are not, and what is not defined is an empty cell.
 */
export async function* csv(columns: readonly Column[], batches: Batches): AsyncGenerator<string> {
  yield `\uFEFF${csvLine(columns.map(({ name }) => name))}`;
  for await (const rows of inBatchesOf(ROWS_AT_ONCE, batches)) yield rows.map(csvLine).join('');
}

function csvLine(cells: Row): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

function csvCell(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number' || typeof cell === 'boolean') return String(cell);
  const text = typeof cell === 'string' ? cell : JSON.stringify(cell);
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** One array of objects, an object a line. */
export async function* json(columns: readonly Column[], batches: Batches): AsyncGenerator<string> {
  let before = '[\n';
  for await (const rows of inBatchesOf(ROWS_AT_ONCE, batches)) {
    yield before + rows.map((row) => jsonObject(columns, row)).join(',\n');
    before = ',\n';
  }
  yield before === '[\n' ? '[]\n' : '\n]\n';
}

/** An object a line. */
export async function* ndjson(columns: readonly Column[], batches: Batches): AsyncGenerator<string> {
  for await (const rows of inBatchesOf(ROWS_AT_ONCE, batches))
    yield rows.map((row) => `${jsonObject(columns, row)}\n`).join('');
}

/** Written out, so that no name of a column is taken for anything else. */
function jsonObject(columns: readonly Column[], row: Row): string {
  const members = columns.map(({ name }, i) => `${JSON.stringify(name)}:${JSON.stringify(row[i] ?? null)}`);
  return `{${members.join(',')}}`;
}
