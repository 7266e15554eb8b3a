/** What kept facts are given. */
import type { Engine } from '../../engine/port.ts';
import type { StoredEvents } from './stored-events.ts';

export interface KeptFactsDeps {
  readonly engine: Engine;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Looks for what arrived; it is taken in before this resolves. */
  readonly look: () => Promise<void>;
  /** Which events that were heard of can be read. */
  readonly stored: StoredEvents;
  /** What one view makes of an insert may be seen so much before the rest of it. */
  readonly settleMs: number;
  /** Memory that these facts may take. */
  readonly maxBytes: () => number;
}
