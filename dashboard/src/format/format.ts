// Numbers, money, shares, durations and dates as text, all by Intl. Pure: locale, currency and zone are given.
import type { Interval } from '../api/generated.ts';

export interface FormatSettings {
  locale: string;
  currency: string;
  timeZone: string;
}

/** What is written where a number is not defined (0/0). */
const NOT_DEFINED = '–';

type MaybeNumber = number | null | undefined;

const isNumber = (value: MaybeNumber): value is number => typeof value === 'number' && Number.isFinite(value);

/** Formatters bound to a locale, a currency and a zone; each takes null and writes a dash. */
export class Format {
  readonly settings: FormatSettings;
  readonly #numbers = new Map<string, Intl.NumberFormat>();
  readonly #dates = new Map<string, Intl.DateTimeFormat>();
  readonly #ages = new Map<string, Intl.RelativeTimeFormat>();

  constructor(settings: FormatSettings) {
    this.settings = settings;
  }

  #number(options: Intl.NumberFormatOptions): Intl.NumberFormat {
    return kept(this.#numbers, options, () => new Intl.NumberFormat(this.settings.locale, options));
  }

  #date(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
    const all = { timeZone: this.settings.timeZone, ...options };
    return kept(this.#dates, all, () => new Intl.DateTimeFormat(this.settings.locale, all));
  }

  /** 12,345 */
  count(value: MaybeNumber): string {
    return isNumber(value) ? this.#number({ maximumFractionDigits: 0 }).format(value) : NOT_DEFINED;
  }

  /** 12.3K, in Chinese 1.2万; below 10,000 in full. */
  compact(value: MaybeNumber): string {
    if (!isNumber(value)) return NOT_DEFINED;
    if (Math.abs(value) < 10_000) return this.#number({ maximumFractionDigits: 0 }).format(value);
    return this.#number({ notation: 'compact', maximumFractionDigits: 1 }).format(value);
  }

  /** 3.14 */
  decimal(value: MaybeNumber, digits = 2): string {
    if (!isNumber(value)) return NOT_DEFINED;
    return this.#number({ minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
  }

  /** $12.50; nothing, from 1,000 on, and where asked, without cents. */
  money(value: MaybeNumber, isWhole = false): string {
    if (!isNumber(value)) return NOT_DEFINED;
    const digits = isWhole || value === 0 || Math.abs(value) >= 1000 ? { maximumFractionDigits: 0 } : {};
    return withMinus(this.#number({ ...this.#currency(), ...digits }).format(value));
  }

  /** $1.2M, in Chinese ¥120万 */
  moneyCompact(value: MaybeNumber): string {
    if (!isNumber(value)) return NOT_DEFINED;
    if (Math.abs(value) < 10_000) return this.money(value);
    return this.#number({
      ...this.#currency(),
      notation: 'compact',
      minimumFractionDigits: 0,
      maximumFractionDigits: 1,
    }).format(value);
  }

  #currency(): Intl.NumberFormatOptions {
    return { style: 'currency', currency: this.settings.currency, currencyDisplay: 'narrowSymbol' };
  }

  /** A ratio 0..1 as 12.3%; from 10 % on in tables `digits` may be 0. */
  percent(ratio: MaybeNumber, digits = 1): string {
    if (!isNumber(ratio)) return NOT_DEFINED;
    return this.#number({
      style: 'percent',
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    }).format(ratio);
  }

  /** A signed ratio: +12.3% or −4.0%. */
  change(ratio: MaybeNumber): string {
    if (!isNumber(ratio)) return NOT_DEFINED;
    const options = { style: 'percent', signDisplay: 'exceptZero', maximumFractionDigits: 1 } as const;
    return withMinus(this.#number(options).format(ratio));
  }

  /** A signed count: +1,204 or −38. */
  signed(value: MaybeNumber): string {
    if (!isNumber(value)) return NOT_DEFINED;
    return withMinus(this.#number({ signDisplay: 'exceptZero', maximumFractionDigits: 0 }).format(value));
  }

  /** Seconds as the two largest units: 3 d 4 h, 12 min, 45 s. */
  duration(seconds: MaybeNumber): string {
    if (!isNumber(seconds)) return NOT_DEFINED;
    const parts = durationParts(Math.abs(seconds));
    const text = parts.map(([value, unit]) =>
      this.#number({ style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: 0 }).format(value),
    );
    return (seconds < 0 ? '−' : '') + spaced(text.join(' '));
  }

  /** "2 s ago", "3 min ago": how long before `now` (both milliseconds). */
  ago(at: number | string, now: number): string {
    const seconds = Math.max(0, Math.round((now - (typeof at === 'string' ? Date.parse(at) : at)) / 1000));
    const [amount, unit] = agoParts(seconds);
    const options = { style: 'narrow', numeric: seconds === 0 ? 'auto' : 'always' } as const;
    const format = kept(
      this.#ages,
      options,
      () => new Intl.RelativeTimeFormat(this.settings.locale, options),
    );
    return format.format(-amount, unit);
  }

  /** 3 Mar 2026 */
  day(at: string | number | Date): string {
    return this.#date({ year: 'numeric', month: 'short', day: 'numeric' }).format(new Date(at));
  }

  /** Mar 3, 14:05 */
  dayTime(at: string | number | Date): string {
    const options = {
      month: 'short',
      day: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    } as const;
    return this.#date(options).format(new Date(at));
  }

  /** 14:05:09 */
  time(at: string | number | Date): string {
    return this.#date({ hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }).format(
      new Date(at),
    );
  }

  /** The whole instant with its zone, for hovers. */
  instant(at: string | number | Date): string {
    return this.#date({
      year: 'numeric',
      month: 'short',
      day: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
      timeZoneName: 'short',
    }).format(new Date(at));
  }

  /** The name of an interval that starts at `at`: "14:00", "3 Mar", "Mar 2026", "2026". */
  period(at: string | number | Date, interval: Interval, isLong = false): string {
    const date = new Date(at);
    const year = isLong ? ({ year: 'numeric' } as const) : {};
    switch (interval) {
      case 'HOUR':
        return this.#date({
          ...(isLong && { month: 'short', day: 'numeric' }),
          hour: '2-digit',
          minute: '2-digit',
          hourCycle: 'h23',
        }).format(date);
      case 'DAY':
      case 'WEEK':
        return this.#date({ ...year, month: 'short', day: 'numeric' }).format(date);
      case 'MONTH':
      case 'QUARTER':
        return this.#date({ month: 'short', year: isLong ? 'numeric' : '2-digit' }).format(date);
      case 'YEAR':
        return this.#date({ year: 'numeric' }).format(date);
    }
  }
}

/** A number and a Chinese word stand apart, as in every sentence of the dictionary: 14 天. */
const spaced = (text: string): string => text.replaceAll(/(\d)(?=\p{Script=Han})/gu, '$1 ');

/** The sign of typography, as wide as a plus. */
const withMinus = (text: string): string => text.replace('-', '−');

function kept<T>(store: Map<string, T>, options: object, make: () => T): T {
  const key = JSON.stringify(options);
  const found = store.get(key) ?? make();
  store.set(key, found);
  return found;
}

type DurationPart = [number, 'day' | 'hour' | 'minute' | 'second'];

function durationParts(seconds: number): DurationPart[] {
  if (seconds < 60) return [[Math.round(seconds), 'second']];
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return [[minutes, 'minute']];
  if (minutes < 1440)
    return whole([
      [Math.floor(minutes / 60), 'hour'],
      [minutes % 60, 'minute'],
    ]);
  const hours = Math.round(minutes / 60);
  if (hours < 24 * 10)
    return whole([
      [Math.floor(hours / 24), 'day'],
      [hours % 24, 'hour'],
    ]);
  return [[Math.round(hours / 24), 'day']];
}

const whole = (parts: DurationPart[]): DurationPart[] => parts.filter(([value]) => value > 0);

function agoParts(seconds: number): [number, Intl.RelativeTimeFormatUnit] {
  if (seconds < 60) return [seconds, 'second'];
  if (seconds < 3600) return [Math.floor(seconds / 60), 'minute'];
  if (seconds < 172_800) return [Math.floor(seconds / 3600), 'hour'];
  return [Math.floor(seconds / 86_400), 'day'];
}
