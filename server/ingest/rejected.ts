/** Keeps events that were not taken, with the reason and what was sent: none is dropped without a trace. */
import type { Engine, InsertOptions } from '../engine/port.ts';
import { utcText } from '../query/sql.ts';
import { cleanText } from './json.ts';

export interface RejectedEvent {
  readonly reason: string;
  /** As it was sent. */
  readonly payload: unknown;
  readonly source: string;
  /** When it came in, where it could not be kept at once. */
  readonly receivedMs?: number;
}

/** What callers and the list are told; ClickHouse's own words stand in the log. */
export const ENGINE_REFUSED = 'The store cannot take this event as it is.';

/** Longest payload kept, in characters; of a longer one the beginning. */
const MAX_PAYLOAD = 64 * 1024;

/** Once per token. */
export async function keepRejected(
  engine: Engine,
  rejected: readonly RejectedEvent[],
  options: InsertOptions,
): Promise<void> {
  if (rejected.length === 0) return;
  const rows = rejected.map(({ reason, payload, source, receivedMs }) => ({
    reason,
    source,
    payload: payloadText(payload),
    ...(receivedMs !== undefined && { received_at: utcText(receivedMs) }),
  }));
  await engine.insert('rejected_events', rows, options);
}

/** A payload as it is kept; text that it made stays as it is. */
export function payloadText(payload: unknown): string {
  if (typeof payload === 'string') return cleanText(payload.slice(0, MAX_PAYLOAD));
  try {
    const text = JSON.stringify(payload, (_, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    );
    return (text ?? String(payload)).slice(0, MAX_PAYLOAD);
  } catch {
    // Nested too deep to be written.
    return '';
  }
}
