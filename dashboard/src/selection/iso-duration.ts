// Conversion windows as ISO 8601 durations of one unit, and their length. Pure.

export const WINDOW_UNITS = ['minute', 'hour', 'day'] as const;
export type WindowUnit = (typeof WINDOW_UNITS)[number];

const SECONDS: Record<WindowUnit, number> = { minute: 60, hour: 3600, day: 86_400 };
const PATTERN = /^P(?:(\d{1,5})D|T(?:(\d{1,5})H|(\d{1,5})M))$/;

/** "P14D" -> 14 days; null for anything but whole days, hours or minutes. */
export function readWindow(iso: string): { amount: number; unit: WindowUnit } | null {
  const [, days, hours, minutes] = PATTERN.exec(iso) ?? [];
  const amount = Number(days ?? hours ?? minutes ?? 0);
  if (amount < 1) return null;
  return { amount, unit: days ? 'day' : hours ? 'hour' : 'minute' };
}

/** 30, minute -> "PT30M" */
export function writeWindow(amount: number, unit: WindowUnit): string {
  const whole = Math.min(99_999, Math.max(1, Math.round(amount)));
  return unit === 'day' ? `P${whole}D` : `PT${whole}${unit === 'hour' ? 'H' : 'M'}`;
}

/** The window's length in seconds; null where `readWindow` gives null. */
export function windowSeconds(iso: string): number | null {
  const read = readWindow(iso);
  return read && read.amount * SECONDS[read.unit];
}

const PART = /(\d+(?:\.\d+)?)([YMWDHS])/g;
const PART_SECONDS: Record<string, number> = { Y: 31_557_600, W: 604_800, D: 86_400, H: 3600, S: 1 };

/** The length of any ISO 8601 duration in seconds, months as a twelfth of a year; null when it is none. */
export function isoSeconds(iso: string): number | null {
  const [, date = '', time = ''] = /^P([^T]*)(?:T(.+))?$/.exec(iso) ?? [];
  const sum = (text: string, month: number) =>
    [...text.matchAll(PART)].reduce(
      (total, [, amount, unit = '']) =>
        total + Number(amount) * (unit === 'M' ? month : (PART_SECONDS[unit] ?? 0)),
      0,
    );
  return sum(date, 2_629_800) + sum(time, 60) || null;
}
