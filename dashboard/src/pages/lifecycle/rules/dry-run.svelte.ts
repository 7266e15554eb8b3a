// What publishing the draft would do, asked while it is edited: debounced, and cancelled by the next change.
import { JourneyMapDryRunDocument } from '../../../api/generated.ts';
import type { JourneyMapDryRunQuery } from '../../../api/generated.ts';
import { onceQuery } from '../../../api/once.svelte.ts';
import type { Once } from '../../../api/once.svelte.ts';
import { settled } from '../../../state/settled.svelte.ts';
import type { Place } from './context.ts';
import type { DraftMap } from './map-draft.ts';

export type Preview = JourneyMapDryRunQuery['journeyMapPreview'];

export interface DryRunState {
  /** The newest answer. */
  readonly preview: Preview | undefined;
  /** The newest that counts: stands while there are problems. */
  readonly counted: Preview | undefined;
  readonly problems: readonly Place[];
  /** True while the answer is not of the draft as it is. */
  readonly isBehind: boolean;
  /** The map that was asked about. */
  readonly asked: DraftMap;
  readonly answer: Once<JourneyMapDryRunQuery>;
}

const DEBOUNCE_MS = 450;

export function dryRunOf(map: () => DraftMap): DryRunState {
  const asked = settled(map, DEBOUNCE_MS);
  const answer = onceQuery(JourneyMapDryRunDocument, () => ({ map: asked.value }));
  const preview = $derived(answer.data?.journeyMapPreview);
  let counted = $state.raw<Preview>();
  $effect(() => {
    if (preview && preview.customers !== null) counted = preview;
  });
  const isBehind = $derived(answer.loading || JSON.stringify(asked.value) !== JSON.stringify(map()));
  return {
    get preview() {
      return preview;
    },
    get counted() {
      return counted;
    },
    get problems() {
      return preview?.problems ?? [];
    },
    get isBehind() {
      return isBehind;
    },
    get asked() {
      return asked.value;
    },
    answer,
  };
}
