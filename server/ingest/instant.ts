/** Instants as callers write them. Nothing is guessed or moved: what is no instant is NaN. */

/** Below this a number is in seconds (until the year 5138), from it on in milliseconds (from 1973). */
const MILLISECONDS_FROM = 1e11;

/** Milliseconds since 1970 of a Date, RFC 3339 text (UTC without an offset) or a number; NaN for anything else. */
export function instantOf(value: unknown): number {
  return typeof value === 'string' ? parseTime(value) : numberOfTime(value);
}

function numberOfTime(value: unknown): number {
  if (value instanceof Date) return value.getTime();
  if (typeof value !== 'number') return NaN;
  return Math.abs(value) < MILLISECONDS_FROM ? value * 1000 : value;
}

const RFC_3339 =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/i;

/** As most programs write it. */
const ISO = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

/** Milliseconds since 1970; without an offset UTC; NaN for what is no instant, as 2026-02-30. */
function parseTime(value: string): number {
  // Days that a month may lack, and an hour that no day has, are looked at below.
  const isUsual = ISO.test(value) && value.slice(8, 10) <= '28' && value.slice(11, 13) <= '23';
  return isUsual ? Date.parse(value) : parseAny(value);
}

/** Calendars repeat every 400 years; years before 100 would be taken for 19xx. */
const CYCLE_YEARS = 400;
const CYCLE_MS = 146_097 * 86_400_000;

function parseAny(value: string): number {
  const parts = RFC_3339.exec(value.trim());
  if (!parts) return NaN;
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map((part) => Number(part ?? 0));
  const later = Date.UTC((year ?? 0) + CYCLE_YEARS, (month ?? 0) - 1, day, hour, minute, second);
  const date = new Date(later);
  const isReal = date.getUTCDate() === day && (hour ?? 0) < 24 && (minute ?? 0) < 60 && (second ?? 0) < 60;
  if (!isReal || date.getUTCMonth() + 1 !== month) return NaN;
  const fraction = parts[7] === undefined ? 0 : Math.floor(Number(parts[7]) * 1000);
  return later - CYCLE_MS + fraction - offsetMs(parts[8] ?? 'Z');
}

function offsetMs(offset: string): number {
  if (offset.toUpperCase() === 'Z') return 0;
  const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(-2));
  return (offset.startsWith('-') ? -minutes : minutes) * 60_000;
}
