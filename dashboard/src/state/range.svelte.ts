// The range every page looks at: relative (`?range=30d`) or absolute (`?from=...&to=...`, dates in the
// zone), the zone (`?tz=`) and the interval (`?by=`). Dates without a zone are turned into instants here.
import type { Interval, RangeInput } from '../api/generated.ts';
import { deployment } from './deployment.svelte.ts';
import { instantOf, isZone } from './zone.ts';
import { router } from './router.svelte.ts';

/** The relative presets, longest last. */
export const PRESETS = {
  '7d': { last: 'P7D', days: 7 },
  '30d': { last: 'P30D', days: 30 },
  '90d': { last: 'P90D', days: 90 },
  '12m': { last: 'P12M', days: 365 },
} as const;

export type Preset = keyof typeof PRESETS;
export const INTERVALS = ['HOUR', 'DAY', 'WEEK', 'MONTH', 'QUARTER'] as const satisfies readonly Interval[];

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const DEFAULT: Preset = '30d';
/** Pages whose picture needs longer, as long as the viewer has not chosen. */
const PAGE_DEFAULTS: Readonly<Record<string, Preset>> = { '/cohorts': '12m', '/lifecycle': '90d' };

const isPreset = (text: string | null): text is Preset => text !== null && text in PRESETS;

class Range {
  /** The preset of the present page when none was chosen. */
  get #fallback(): Preset {
    return PAGE_DEFAULTS[router.path] ?? DEFAULT;
  }

  /** The preset in force; null when the range is absolute. */
  get preset(): Preset | null {
    if (this.dates) return null;
    const asked = router.param('range');
    return isPreset(asked) ? asked : this.#fallback;
  }

  /** First and last day of an absolute range, both inclusive; null when relative. */
  get dates(): { from: string; to: string } | null {
    const from = router.param('from');
    const to = router.param('to');
    return from && to && DATE.test(from) && DATE.test(to) && from <= to ? { from, to } : null;
  }

  /** The zone that sets where days begin: the address's, else the store's. */
  get timeZone(): string {
    const asked = router.param('tz');
    return asked && isZone(asked) ? asked : deployment.timeZone;
  }

  /** Length in days. */
  get days(): number {
    const dates = this.dates;
    if (!dates) return PRESETS[this.preset ?? this.#fallback].days;
    return Math.round((Date.parse(dates.to) - Date.parse(dates.from)) / 86_400_000) + 1;
  }

  /** The interval of time series: chosen, or one that gives a readable number of points. */
  get interval(): Interval {
    const asked = router.param('by')?.toUpperCase();
    const known = INTERVALS.find((interval) => interval === asked);
    return known ?? intervalFor(this.days);
  }

  /** True when the interval was chosen by hand. */
  get hasOwnInterval(): boolean {
    return router.has('by');
  }

  /** What the API gets. */
  get input(): RangeInput {
    const timeZone = this.timeZone;
    const dates = this.dates;
    if (!dates) return { last: PRESETS[this.preset ?? this.#fallback].last, timeZone };
    const end = new Date(Date.parse(dates.to) + 86_400_000).toISOString().slice(0, 10);
    return { from: instantOf(dates.from, timeZone), to: instantOf(end, timeZone), timeZone };
  }

  setPreset(preset: Preset): void {
    router.set({ range: preset === this.#fallback ? null : preset, from: null, to: null, by: null }, true);
  }

  setDates(from: string, to: string): void {
    router.set({ range: null, from, to, by: null }, true);
  }

  setTimeZone(zone: string): void {
    router.set({ tz: zone === deployment.timeZone ? null : zone });
  }

  setInterval(interval: Interval | null): void {
    router.set({ by: interval ? interval.toLowerCase() : null });
  }
}

/** An interval that gives some 7 to 90 points over so many days. */
function intervalFor(days: number): Interval {
  if (days <= 2) return 'HOUR';
  if (days <= 62) return 'DAY';
  if (days <= 250) return 'WEEK';
  return 'MONTH';
}

export const range = new Range();
