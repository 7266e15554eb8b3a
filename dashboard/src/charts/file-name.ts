// What a file is called: the product, the question, the range and when it was made, so that it tells what it is
// wherever it lies.
import { t } from '../i18n/text.svelte.ts';
import { range } from '../state/range.svelte.ts';
import { router } from '../state/router.svelte.ts';

/** The range in force in words: "Last 30 days", or the first and last day. */
export function rangeText(): string {
  const { dates, preset } = range;
  if (dates) return `${dates.from} – ${dates.to}`;
  return preset ? t().frame.range.presets[preset] : '';
}

/** E.g. `waymark-conversion-last-30-days-2026-11-22-1845.csv`. */
export function fileName(parts: readonly string[], extension: string, now = new Date()): string {
  const hasRange = !/^\/(customers|data)\b/.test(router.path);
  const words = ['waymark', ...parts, ...(hasRange ? [rangeText()] : [])];
  return `${slug(words)}-${stamp(now)}.${extension}`;
}

/** Letters and digits of any language, with hyphens between. */
export function slug(words: readonly string[]): string {
  const text = words
    .join(' ')
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .toLowerCase();
  return text.slice(0, 120).replace(/^-+|-+$/g, '');
}

/** The viewer's date and time, sortable. */
function stamp(now: Date): string {
  const two = (n: number) => String(n).padStart(2, '0');
  const day = [now.getFullYear(), two(now.getMonth() + 1), two(now.getDate())].join('-');
  return `${day}-${two(now.getHours())}${two(now.getMinutes())}`;
}
