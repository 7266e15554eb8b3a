// Whether the period before is shown beside the present one (`?compare`), and which it is. A range that goes on is
// compared with as much of the one before as has passed of it.
import type { Interval, RangeInput } from '../api/generated.ts';
import { fmt } from '../format/fmt.svelte.ts';
import { t } from '../i18n/text.svelte.ts';
import { clock } from './clock.svelte.ts';
import { offsetOf } from './offset.ts';
import type { Looked } from './offset.ts';
import { range } from './range.svelte.ts';
import { router } from './router.svelte.ts';

const NOTHING = '–';

const goesOn = $derived(range.dates === null || Date.parse(String(range.input.to)) > clock.now);

export const compare = {
  get isOn(): boolean {
    return router.has('compare');
  },
  set isOn(on: boolean) {
    router.set({ compare: on ? '' : null });
  },
  /** True while the range has not ended. */
  get goesOn(): boolean {
    return goesOn;
  },
  /** True for dates of which some are still to come: the server's own comparison would be with a whole period. */
  get isUnfinished(): boolean {
    return goesOn && range.dates !== null;
  },
  get offset(): string {
    return offsetOf(range);
  },
  /** "Dashed: Sep 23 – Oct 22, up to the same moment": from the points of the period before. */
  legend(at: readonly string[], interval: Interval): string {
    const [first, last] = [at[0], at.at(-1)];
    if (!first || !last) return t().common.before.legend(NOTHING, false);
    const day = (text: string) => fmt().period(text, interval === 'HOUR' ? 'DAY' : interval);
    return t().common.before.legend(`${day(first)} – ${day(last)}`, goesOn);
  },
  /** Beside a question: what it asks of the period before; null while that is not shown. */
  asked<T extends { range?: RangeInput | null }>(input: T, looked: Looked = range): T | null {
    if (!router.has('compare')) return null;
    return { ...input, range: { ...(input.range ?? range.input), offset: offsetOf(looked) } };
  },
  /** The range of the page, moved back. */
  get input(): RangeInput {
    return { ...range.input, offset: this.offset };
  },
};
