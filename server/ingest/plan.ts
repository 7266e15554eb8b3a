/**
 * What is to be written for calls that go together, and what becomes of each call. Pure but for the clock's and
 * the id's values, which are parameters; how it is written is not known here.
 */
import type { IngestEvent } from './event.ts';
import type { RejectedEvent } from './rejected.ts';

export interface CheckedEntry {
  /** Place in the call. */
  readonly index: number;
  readonly event: IngestEvent;
}

/** What one caller sent, checked. */
export interface CheckedCall {
  readonly entries: readonly CheckedEntry[];
  readonly rejected: readonly RejectedEvent[];
  /** Identities of the call that are joined already. */
  readonly identified: number;
  readonly receivedMs: number;
  /** About what it takes in memory. */
  readonly bytes: number;
}

export interface Outcome {
  readonly accepted: number;
  readonly duplicates: number;
  /** Those that only the engine refused. */
  readonly refused: readonly number[];
}

/** A batch as it was stored. */
export interface StoredBatch {
  readonly count: number;
  readonly firstTimeMs: number;
  readonly lastTimeMs: number;
  readonly events: readonly IngestEvent[];
}

/** Written under its id as often as it takes, and there once. */
export interface Plan {
  /** Makes repetitions harmless: every insert's token begins with it. */
  readonly id: string;
  /** None is stored yet. */
  readonly events: readonly IngestEvent[];
  readonly rejected: readonly RejectedEvent[];
  readonly duplicates: number;
  readonly identified: number;
}

export function sizeOf(call: CheckedCall): number {
  return call.entries.length + call.rejected.length + call.identified;
}

/** The first event of each id. */
export function firstOfEachId(events: Iterable<IngestEvent>): ReadonlyMap<string, IngestEvent> {
  const first = new Map<string, IngestEvent>();
  for (const event of events) if (!first.has(event.eventId)) first.set(event.eventId, event);
  return first;
}

/** `known` are the ids that are stored already, `first` the first event of each id of the calls. */
export function planOf(
  id: string,
  calls: readonly CheckedCall[],
  first: ReadonlyMap<string, IngestEvent>,
  known: ReadonlySet<string>,
): Plan {
  const events = [...first.values()].filter((event) => !known.has(event.eventId));
  const sent = calls.reduce((sum, call) => sum + call.entries.length, 0);
  return {
    id,
    events,
    rejected: calls.flatMap((call) => call.rejected),
    duplicates: sent - events.length,
    identified: calls.reduce((sum, call) => sum + call.identified, 0),
  };
}

export function outcomeOf(
  call: CheckedCall,
  fresh: ReadonlySet<IngestEvent>,
  refused: ReadonlySet<IngestEvent>,
): Outcome {
  let accepted = 0;
  const refusedAt: number[] = [];
  for (const { index, event } of call.entries) {
    if (refused.has(event)) refusedAt.push(index);
    else if (fresh.has(event)) accepted += 1;
  }
  return { accepted, refused: refusedAt, duplicates: call.entries.length - accepted - refusedAt.length };
}

export function storedBatch(events: readonly IngestEvent[]): StoredBatch {
  let firstTimeMs = Infinity;
  let lastTimeMs = -Infinity;
  for (const { timeMs } of events) {
    firstTimeMs = Math.min(firstTimeMs, timeMs);
    lastTimeMs = Math.max(lastTimeMs, timeMs);
  }
  return { count: events.length, firstTimeMs, lastTimeMs, events };
}
