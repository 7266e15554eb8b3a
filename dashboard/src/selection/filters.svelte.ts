// What every page looks at, beside the range: events that fit (`?where=`) and customers that fit (`?who=`), as
// compact JSON in the address. Goes with the viewer from page to page; a page that heeds it shows the FilterBar.
import type { AudienceInput, FilterInput } from '../api/generated.ts';
import { parsedParam } from '../state/page-state.svelte.ts';
import { router } from '../state/router.svelte.ts';
import { audienceInput, checkAudience, EVERYBODY } from './audience.ts';
import type { Audience } from './audience.ts';
import { checkConditions, filterInput } from './match.ts';
import type { Condition } from './match.ts';

const isEverybody = ({ saved, stages, did, any, none }: Audience): boolean =>
  !saved && stages.length + did.length === 0 && !any?.length && !none?.length;

class Filters {
  readonly #where = $derived(checkConditions(parsedParam('where')));
  readonly #audience = $derived(checkAudience(parsedParam('who')));

  get where(): Condition[] {
    return this.#where;
  }

  set where(conditions: Condition[]) {
    router.set({ where: conditions.length ? JSON.stringify(conditions) : null });
  }

  get audience(): Audience {
    return this.#audience;
  }

  set audience(audience: Audience) {
    router.set({ who: isEverybody(audience) ? null : JSON.stringify(audience) });
  }

  /** True when anything stands in the bar. */
  get isSet(): boolean {
    return this.where.length > 0 || !isEverybody(this.audience);
  }

  clear(): void {
    router.set({ where: null, who: null });
  }

  /** True when the customers are limited by more than one saved audience alone. */
  get canSave(): boolean {
    return Object.keys(this.input.audience ?? {}).some((part) => part !== 'id');
  }

  /** The customers are a saved audience now; conditions on events stay. */
  keep(id: string): void {
    const where = this.where.filter((condition) => condition.of === 'EVENT');
    router.set({
      where: where.length ? JSON.stringify(where) : null,
      who: JSON.stringify({ ...EVERYBODY, saved: id }),
    });
  }

  /** What the API gets, to be spread into an input: conditions on traits limit the customers. */
  get input(): { where?: FilterInput; audience?: AudienceInput } {
    const where = filterInput(this.where.filter((condition) => condition.of === 'EVENT'));
    const traits = filterInput(this.where.filter((condition) => condition.of === 'CUSTOMER'));
    const audience = audienceInput(this.audience, traits);
    return { ...(where && { where }), ...(audience && { audience }) };
  }
}

export const filters = new Filters();
