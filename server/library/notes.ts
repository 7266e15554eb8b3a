/** Annotations and targets, kept up to date with what other servers of the store save. Knows no rule of either. */
import type { Engine } from '../engine/port.ts';
import { BESIDE_EVENTS, tellsOfMore } from '../query/beside-events.ts';
import type { Change, EventSpan } from '../query/span.ts';
import { annotationStore } from './annotations.store.ts';
import type { StoredAnnotation } from './annotations.store.ts';
import { SharedList } from './shared-list.ts';
import type { ListStore, Listed } from './shared-list.ts';
import { targetStore } from './targets.store.ts';
import type { StoredTarget } from './targets.store.ts';

/** Hears of changes, and is told of one's own. */
interface Told {
  onChange(listener: (change: Change) => void): void;
  stored(span: EventSpan): void;
}

export interface NotesDeps {
  readonly engine: Engine;
  readonly now: () => number;
  readonly log: { warn(details: object, message: string): void };
  readonly arrivals: Told;
}

export interface Notes {
  readonly annotations: SharedList<StoredAnnotation>;
  readonly targets: SharedList<StoredTarget>;
}

export function openNotes({ arrivals, ...deps }: NotesDeps): Notes {
  const open = <T extends Listed>(store: ListStore<T>): SharedList<T> => {
    const list = new SharedList({ ...deps, store });
    list.onChanged(() => arrivals.stored(BESIDE_EVENTS));
    arrivals.onChange((change) => {
      if (tellsOfMore(change)) list.expire();
    });
    return list;
  };
  return { annotations: open(annotationStore), targets: open(targetStore) };
}
