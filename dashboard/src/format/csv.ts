// A table as CSV text (RFC 4180, with a byte order mark for spreadsheets). Pure.

export type CsvCell = string | number | null;

const FORMULA = /^[=+\-@\t\r]/;

/** Text cells that a spreadsheet would run as a formula are defused with an apostrophe; numbers are not. */
function written(cell: CsvCell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  const safe = FORMULA.test(cell) ? `'${cell}` : cell;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Lines end with CRLF. */
export function toCsv(header: string[], rows: CsvCell[][]): string {
  return '\uFEFF' + [header, ...rows].map((row) => row.map(written).join(',') + '\r\n').join('');
}
