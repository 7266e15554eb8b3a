// What the store knows to choose from: events with counts, journey stages, channels. Asked once per page, and
// again every few seconds while the store is empty, so that a first event is found by itself.
import { CatalogDocument, JourneyMapDocument } from '../api/generated.ts';
import type { CatalogQuery, JourneyMapQuery } from '../api/generated.ts';
import { onceQuery } from '../api/once.svelte.ts';
import type { Problem } from '../api/problem.ts';
import { channelName, eventName, stageName } from '../i18n/named.ts';
import { t } from '../i18n/text.svelte.ts';
import type { Match, Named } from './match.ts';

export interface Vocabulary {
  readonly events: CatalogQuery['catalog']['events'];
  readonly channels: string[];
  readonly stages: JourneyMapQuery['journeyMap']['stages'];
  readonly lifecycle: JourneyMapQuery['journeyMap']['lifecycle'];
  /** True once both are known. */
  readonly ready: boolean;
  /** True when the store has no event yet. */
  readonly isEmpty: boolean;
  readonly error: Problem | null;
  reload(): void;
}

const EMPTY_AGAIN_MS = 3000;

/** Loads the vocabulary while the component lives. */
export function useVocabulary(): Vocabulary {
  const catalog = onceQuery(CatalogDocument, () => ({}));
  const map = onceQuery(JourneyMapDocument, () => ({}));
  const events = $derived(catalog.data?.catalog.events ?? []);
  const ready = $derived(catalog.data !== undefined && map.data !== undefined);
  const error = $derived(catalog.error ?? map.error);
  $effect(() => {
    if (!ready || events.length > 0) return;
    const timer = setTimeout(() => catalog.reload(), EMPTY_AGAIN_MS);
    return () => clearTimeout(timer);
  });
  return {
    get events() {
      return events;
    },
    get channels() {
      return catalog.data?.catalog.channels ?? [];
    },
    get stages() {
      return map.data?.journeyMap.stages ?? [];
    },
    get lifecycle() {
      return map.data?.journeyMap.lifecycle ?? [];
    },
    get ready() {
      return ready;
    },
    get isEmpty() {
      return ready && events.length === 0;
    },
    get error() {
      return error;
    },
    reload() {
      catalog.reload();
      map.reload();
    },
  };
}

/** The match's name as the viewer should read it: their own label, else the translated names. */
export function matchName(match: Match, stages: Vocabulary['stages']): string {
  if (match.label) return match.label;
  return [match, ...(match.or ?? [])].map((name) => nameOf(name, stages)).join(t().selection.or);
}

/** The same within a sentence, where nothing around it says that a name is a stage's or a channel's. */
export function matchWords(match: Match, stages: Vocabulary['stages']): string {
  if (match.label) return match.label;
  const { anyOf } = t().building;
  const words = (name: Named) => {
    if (name.on === 'stage') return anyOf.stage(nameOf(name, stages));
    return name.on === 'channel' ? anyOf.channel(nameOf(name, stages)) : nameOf(name, stages);
  };
  return [match, ...(match.or ?? [])].map(words).join(t().selection.or);
}

/** One name of the catalogue, translated. */
export function nameOf(match: Named, stages: Vocabulary['stages']): string {
  if (match.on === 'any') return t().building.anyEvent;
  if (match.on === 'event') return eventName(match.value);
  if (match.on === 'channel') return channelName(match.value);
  return stageName(
    stages.find((stage) => stage.key === match.value) ?? { key: match.value, name: match.value },
  );
}
