// The properties that the store knows, to be searched: the built-in ones first, then as they were sent.
import { CatalogPropertiesDocument } from '../api/generated.ts';
import type { PropertyScope } from '../api/generated.ts';
import { onceQuery } from '../api/once.svelte.ts';
import { fmt } from '../format/fmt.svelte.ts';
import { t } from '../i18n/text.svelte.ts';

export interface PropertyChoice {
  name: string;
  /** How often it came, or that it is built in. */
  end: string;
}

const BUILT_IN = ['channel', 'revenue', 'event'];

/** The properties of events (of one event when it is given) or of customers; `asked` is read reactively. */
export function useProperties(asked: () => { of: PropertyScope; event?: string | undefined }): {
  readonly list: PropertyChoice[];
  /** True unless those that were sent are still asked for. */
  readonly ready: boolean;
} {
  const sent = onceQuery(CatalogPropertiesDocument, () => ({ of: asked().of, event: asked().event ?? null }));
  const list = $derived.by<PropertyChoice[]>(() => {
    const builtIn = asked().of === 'EVENT' ? BUILT_IN : [];
    return [
      ...builtIn.map((name) => ({ name, end: t().selection.builtIn })),
      ...(sent.data?.catalog.properties ?? [])
        .filter(({ name }) => !builtIn.includes(name))
        .map(({ name, count }) => ({ name, end: fmt().compact(count) })),
    ];
  });
  return {
    get list() {
      return list;
    },
    get ready() {
      return !sent.loading;
    },
  };
}
