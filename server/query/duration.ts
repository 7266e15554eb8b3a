/**
 * ISO 8601 durations ("PT30M", "P14D", "P1M") as calendar months plus elapsed milliseconds. Days and weeks
 * are 24 hours and 7 x 24; months and years are calendar ones. Knows no time zone and no clock.
 */
import { inputError } from './problem.ts';

export interface Span {
  /** Calendar months, years included. */
  readonly months: number;
  readonly ms: number;
}

const PATTERN =
  /^P(?!$)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?!$)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d{1,3})?)S)?)?$/;

/** Throws InputError for anything that is not a positive duration. */
export function parseDuration(text: string, field: string): Span {
  const match = PATTERN.exec(text);
  const [, years, months, weeks, days, hours, minutes, seconds] = (match ?? []).map((part) =>
    Number(part ?? 0),
  );
  const span = {
    months: (years ?? 0) * 12 + (months ?? 0),
    ms: Math.round(
      ((((weeks ?? 0) * 7 + (days ?? 0)) * 24 + (hours ?? 0)) * 60 + (minutes ?? 0)) * 60_000 +
        (seconds ?? 0) * 1000,
    ),
  };
  if (match && span.months + span.ms > 0 && span.months <= 12_000 && span.ms <= MAX_SPAN_MS) return span;
  throw inputError(
    field,
    'BAD_DURATION',
    `"${text.slice(0, 40)}" is not a duration; write ISO 8601, for example PT30M, P14D or P1M, up to 1,000 years.`,
  );
}

const MAX_SPAN_MS = 1000 * 366 * 86_400_000;

const UNITS: readonly (readonly [number, string])[] = [
  [7 * 86_400_000, 'week'],
  [86_400_000, 'day'],
  [3_600_000, 'hour'],
  [60_000, 'minute'],
  [1000, 'second'],
];

/** "14 days", "1 month and 3 hours": for definitions in plain language. Days stay days below five weeks. */
export function spanInWords(span: Span): string {
  const words: string[] = [];
  if (span.months > 0) words.push(plural(span.months, 'month'));
  let rest = span.ms;
  for (const [size, unit] of UNITS) {
    if (unit === 'week' && (rest % size !== 0 || rest < 5 * size)) continue;
    const count = Math.floor(rest / size);
    if (count > 0) words.push(plural(count, unit));
    rest -= count * size;
  }
  return words.join(' and ');
}

function plural(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
