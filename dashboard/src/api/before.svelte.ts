// A question about the period before: asked only while it is shown, and again each minute, since what has passed
// does not change but for where it ends.
import type { TypedDocumentString } from './generated.ts';
import { onceQuery } from './once.svelte.ts';

const EVERY_MS = 60_000;

export interface Before<T> {
  /** Undefined while nothing is compared. */
  readonly data: T | undefined;
}

/** `variables` is read reactively; null while nothing is compared. */
export function beforeQuery<T, V>(document: TypedDocumentString<T, V>, variables: () => V | null): Before<T> {
  const asked = $derived(variables());
  const isOn = $derived(asked !== null);
  const once = onceQuery(document, () => asked);
  $effect(() => {
    if (!isOn) return;
    const timer = setInterval(() => isSeen() && once.reload(), EVERY_MS);
    return () => clearInterval(timer);
  });
  /** The question that the present answer is to: while another is on its way, the old one is not beside the new. */
  let told = $state.raw<string | null>(null);
  const text = $derived(JSON.stringify(asked));
  $effect(() => {
    if (!once.loading && once.error === null) told = text;
  });
  return {
    get data() {
      return isOn && told === text ? once.data : undefined;
    },
  };
}

const isSeen = () => globalThis.document.visibilityState === 'visible';
