// Which columns a file has, as the server tells when it does not know which is what. Pure.

/** The fields of an event that a column can be; those that every event needs come first. */
export const FIELDS = [
  'customerId',
  'event',
  'time',
  'anonymousId',
  'channel',
  'orderId',
  'revenue',
  'id',
  'sessionId',
] as const;
export type Field = (typeof FIELDS)[number];

/** So many of FIELDS are asked for at once; the others on demand. */
export const NEEDED = 3;

export interface ColumnQuestion {
  columns: string[];
  /** False where the server named only the first. */
  isAll: boolean;
  /** What is not known yet. */
  missing: Field | null;
}

const COLUMNS = /columns are (.+?)\.(?: Say which with \S*?(\w+)=COLUMN\.)?$/s;

/** Reads the server's sentence; null where it is about something else. */
export function columnQuestion(code: string, sentence: string): ColumnQuestion | null {
  if (code !== 'MISSING_COLUMN' && code !== 'UNKNOWN_COLUMN') return null;
  const [, list, field] = COLUMNS.exec(sentence) ?? [];
  if (list === undefined) return null;
  const whole = list.replace(/, \.\.\. \(\d+\)$/, '');
  return {
    columns: whole.split(', '),
    isAll: whole === list,
    missing: FIELDS.find((known) => known === field) ?? null,
  };
}
