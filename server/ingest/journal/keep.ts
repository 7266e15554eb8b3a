/** Calls as records of the journal: whole, so that nothing is lost, and with the time at which they came. Pure. */
import type { IngestEvent } from '../event.ts';
import type { CheckedCall, Outcome, Plan } from '../plan.ts';
import { outcomeOf } from '../plan.ts';
import { payloadText } from '../rejected.ts';
import type { RejectedEvent } from '../rejected.ts';
import type { JournalRecord, KeptIdentity } from './record.ts';

/** Calls that were not tried, with identities that are still to be joined. */
export function recordOf(
  calls: readonly CheckedCall[],
  identities: readonly KeptIdentity[] = [],
): JournalRecord {
  return {
    events: calls.flatMap(({ entries, receivedMs }) =>
      entries.map(({ event }) => received(event, receivedMs)),
    ),
    rejected: calls.flatMap(keptRejected),
    identities: identities.map(plain),
    identified: identifiedOf(calls),
    plan: null,
  };
}

/** Calls that were tried under a plan: its events may be stored. */
export function triedRecord(calls: readonly CheckedCall[], { id, events, duplicates }: Plan): JournalRecord {
  const times = new Map(
    calls.flatMap((call) => call.entries.map(({ event }) => [event, call.receivedMs] as const)),
  );
  return {
    events: events.map((event) => received(event, times.get(event) ?? 0)),
    rejected: calls.flatMap(keptRejected),
    identities: [],
    identified: identifiedOf(calls),
    plan: { id, duplicates },
  };
}

/** What each caller is told: of what was tried, what is known; of the rest, that it is taken. */
export function keptOutcomes(calls: readonly CheckedCall[], plan: Plan | undefined): readonly Outcome[] {
  if (!plan) return calls.map(({ entries }) => ({ accepted: entries.length, duplicates: 0, refused: [] }));
  const fresh = new Set(plan.events);
  return calls.map((call) => outcomeOf(call, fresh, new Set()));
}

function identifiedOf(calls: readonly CheckedCall[]): number {
  return calls.reduce((sum, { identified }) => sum + identified, 0);
}

function received(event: IngestEvent, receivedMs: number): IngestEvent {
  return { ...event, receivedMs: event.receivedMs ?? receivedMs };
}

function keptRejected({ rejected, receivedMs }: CheckedCall): readonly RejectedEvent[] {
  return rejected.map((one) => ({ ...one, payload: payloadText(one.payload), receivedMs }));
}

/** Whole numbers of any length stay what they are, as text; what cannot be written is told when it is joined. */
function plain(identity: KeptIdentity): KeptIdentity {
  const { customerId, anonymousId, traits } = identity;
  const payload = payloadText(identity.payload);
  try {
    const text = JSON.stringify({ customerId, anonymousId, traits }, (_, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    );
    return { ...identity, payload, ...(JSON.parse(text) as object) };
  } catch {
    return { ...identity, payload, traits: 'nested too deep' };
  }
}
