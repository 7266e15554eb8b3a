/** Finds the fields of one CSV record in a buffer (RFC 4180). Pure; keeps nothing between records. */

export interface FieldSpan {
  readonly start: number;
  readonly end: number;
  /** It holds doubled quotes. */
  readonly isEscaped: boolean;
}

export interface Scan {
  readonly fields: readonly FieldSpan[];
  /** Where the next record begins. */
  readonly next: number;
  /** False where the buffer ends before the record does. */
  readonly isWhole: boolean;
  readonly isBlank: boolean;
  /** What is wrong with the record, or null. */
  readonly problem: string | null;
}

interface Limits {
  /** The buffer's end is the file's end. */
  readonly isLast: boolean;
  readonly maxBytes: number;
}

const LF = 10;
const CR = 13;
const QUOTE = 34;

const PARTIAL: Scan = { fields: [], next: 0, isWhole: false, isBlank: false, problem: null };

export function scanRecord(source: Buffer, start: number, delimiter: number, limits: Limits): Scan {
  const fields: FieldSpan[] = [];
  const length = source.length;
  let position = start;
  for (;;) {
    if (source[position] === QUOTE) {
      const quoted = scanQuoted(source, position);
      if (quoted === null || quoted.end - start > limits.maxBytes) {
        if (!limits.isLast && length - start <= limits.maxBytes) return PARTIAL;
        return broken(source, start, 'A quote is not closed.');
      }
      const after = source[quoted.end + 1];
      if (after === undefined && !limits.isLast) return PARTIAL;
      fields.push(quoted);
      position = quoted.end + 1;
      if (after !== undefined && after !== delimiter && after !== LF && after !== CR) {
        return broken(source, start, 'Text follows a closing quote.', limits);
      }
    } else {
      const begin = position;
      while (position < length && source[position] !== delimiter && source[position] !== LF) position += 1;
      if (position === length && !limits.isLast) return tooLong(source, start, limits);
      const isEndOfRecord = position === length || source[position] === LF;
      const end = isEndOfRecord && position > begin && source[position - 1] === CR ? position - 1 : position;
      fields.push({ start: begin, end, isEscaped: false });
    }
    if (source[position] === delimiter) {
      position += 1;
      continue;
    }
    if (source[position] === CR) position += 1;
    if (position >= length && !limits.isLast) return PARTIAL;
    return whole(fields, Math.min(position + 1, length));
  }
}

/** The text of a field, doubled quotes undone. */
export function textOf(source: Buffer, { start, end, isEscaped }: FieldSpan): string {
  const text = source.toString('utf8', start, end);
  return isEscaped ? text.replaceAll('""', '"') : text;
}

function whole(fields: readonly FieldSpan[], next: number): Scan {
  const [only] = fields;
  const isBlank = fields.length === 1 && only !== undefined && only.start === only.end;
  return { fields, next, isWhole: true, isBlank, problem: null };
}

function scanQuoted(source: Buffer, open: number): FieldSpan | null {
  let isEscaped = false;
  for (let position = open + 1; ; position += 2) {
    position = source.indexOf(QUOTE, position);
    if (position < 0) return null;
    if (source[position + 1] !== QUOTE) return { start: open + 1, end: position, isEscaped };
    isEscaped = true;
  }
}

/** A malformed record ends with its line. */
function broken(source: Buffer, start: number, problem: string, limits?: Limits): Scan {
  const lineEnd = source.indexOf(LF, start);
  if (lineEnd < 0 && limits && !limits.isLast) return tooLong(source, start, limits);
  const next = lineEnd < 0 ? source.length : lineEnd + 1;
  return { fields: [], next, isWhole: true, isBlank: false, problem };
}

function tooLong(source: Buffer, start: number, limits: Limits): Scan {
  if (source.length - start <= limits.maxBytes) return PARTIAL;
  const problem = `The row is longer than ${limits.maxBytes / 1024} kB.`;
  return { fields: [], next: source.length, isWhole: true, isBlank: false, problem };
}

const NUMBER = /^-?(0|[1-9]\d{0,14})(\.\d{1,12})?$/;
const SAMPLE = 1000;

/** Columns whose values in the first records all look like numbers. */
export function numericColumns(
  source: Buffer,
  start: number,
  delimiter: number,
  columns: number,
): ReadonlySet<number> {
  const seen = new Set<number>();
  const texts = new Set<number>();
  let position = start;
  for (let i = 0; i < SAMPLE && position < source.length; i += 1) {
    const record = scanRecord(source, position, delimiter, { isLast: false, maxBytes: source.length });
    if (!record.isWhole) break;
    position = record.next;
    if (record.fields.length !== columns) continue;
    for (const [column, field] of record.fields.entries()) {
      if (field.start === field.end) continue;
      (NUMBER.test(textOf(source, field)) ? seen : texts).add(column);
    }
  }
  return new Set([...seen].filter((column) => !texts.has(column)));
}
