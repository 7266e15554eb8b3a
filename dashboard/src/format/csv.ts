// A table as CSV text (RFC 4180, with a byte order mark for spreadsheets). Pure.

export type CsvCell = string | number | null;

/** What a spreadsheet takes for the beginning of a formula, also after spaces and in full width. */
const FORMULA = /^\s*[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/;

/** Text cells that a spreadsheet would run as a formula are defused with an apostrophe; numbers are not. */
function written(cell: CsvCell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return Number.isFinite(cell) ? String(cell) : '';
  const safe = FORMULA.test(cell) ? `'${cell}` : cell;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** A cell on the clipboard: nothing in it ends the cell or the line, and no text becomes a formula. */
export function plainCell(cell: CsvCell): string {
  if (typeof cell !== 'string') return written(cell);
  const line = cell.replaceAll(/[\t\r\n]+/g, ' ');
  return FORMULA.test(line) ? `'${line}` : line;
}

/** The first line of a file, with the mark before it. */
export function csvHead(header: readonly string[]): string {
  return '\uFEFF' + csvRows([header]);
}

/** Lines end with CRLF. */
export function csvRows(rows: readonly (readonly CsvCell[])[]): string {
  return rows.map((row) => row.map(written).join(',') + '\r\n').join('');
}

export function toCsv(header: string[], rows: CsvCell[][]): string {
  return csvHead(header) + csvRows(rows);
}
