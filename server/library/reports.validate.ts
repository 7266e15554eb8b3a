/** What a saved report must keep to, by itself and among the others; of its question only how large it is. Pure. */
import { inputError } from '../query/problem.ts';

/** What a report asks; the analysis of the same name answers it. */
export const REPORT_KINDS = [
  'FUNNEL',
  'RETENTION',
  'LIFECYCLE',
  'JOURNEY',
  'PATHS',
  'ATTRIBUTION',
  'OVERVIEW',
  'METRIC',
  'RFM',
  'CUSTOMERS',
] as const;
export type ReportKind = (typeof REPORT_KINDS)[number];

const LONGEST_NAME = 200;
const MAX_REPORTS = 500;
/** Each is a live question of everybody who looks at the overview. */
export const MAX_PINNED = 12;
const MAX_INPUT_BYTES = 60_000;
const MAX_VIEW_BYTES = 10_000;

/** The name as it is kept. Reports may share one: their ids tell them apart. */
export function checkReportName(name: string): string {
  const kept = name.trim();
  if (kept === '' || [...kept].length > LONGEST_NAME) {
    throw inputError('name', 'BAD_NAME', `A name has 1 to ${LONGEST_NAME} characters.`);
  }
  return kept;
}

/** An object of a size that can be kept, as it is kept. */
export function checkReportInput(input: unknown): object {
  return keptObject(input, 'input', MAX_INPUT_BYTES);
}

export function checkReportView(view: unknown): object | null {
  return view == null ? null : keptObject(view, 'view', MAX_VIEW_BYTES);
}

function keptObject(value: unknown, field: string, maxBytes: number): object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw inputError(field, 'NOT_AN_OBJECT', `\`${field}\` is an object.`);
  }
  const text = JSON.stringify(value);
  if (new TextEncoder().encode(text).length > maxBytes) {
    throw inputError(field, 'REPORT_TOO_LARGE', `\`${field}\` has up to ${maxBytes} bytes as JSON.`);
  }
  return JSON.parse(text) as object;
}

/** Before one more is kept. */
export function checkReportCount(count: number): void {
  if (count < MAX_REPORTS) return;
  const message = `Up to ${MAX_REPORTS} reports are kept; delete one that is no longer used.`;
  throw inputError('name', 'TOO_MANY_REPORTS', message);
}

/** Before one more is put on the overview. */
export function checkPinCount(count: number): void {
  if (count < MAX_PINNED) return;
  const message = `Up to ${MAX_PINNED} reports stand on the overview; remove one first.`;
  throw inputError('id', 'TOO_MANY_PINNED', message);
}
