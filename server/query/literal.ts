/** Numbers and times as callers write them in a filter's values: read strictly, so that nothing is guessed. */

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** The number that a text is; null where it is none ("0x10", "1,5", "Infinity" and blanks are not). */
export function numberOf(text: string): number | null {
  const number = NUMBER.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(number) ? number : null;
}

const RFC_3339 =
  /^(\d{4}-\d{2}-\d{2})(?:[T ]((?:[01]\d|2[0-3]):[0-5]\d)(:[0-5]\d(?:\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

/** Milliseconds since 1970 of RFC 3339 text, UTC without an offset, finer parts cut off; null where it is none. */
export function timeOf(text: string): number | null {
  const [, day, minute = '00:00', second = ':00', offset = 'Z'] = RFC_3339.exec(text) ?? [];
  if (day === undefined || new Date(`${day}T00:00Z`).getUTCDate() !== Number(day.slice(8))) return null;
  const zone = offset === 'Z' || offset.includes(':') ? offset : `${offset.slice(0, 3)}:${offset.slice(3)}`;
  const ms = Date.parse(`${day}T${minute}${second.slice(0, 7)}${zone}`);
  return Number.isNaN(ms) ? null : ms;
}
