/**
 * A rejected event as the message it was, to be sent the way it came: by its source a known reader (the
 * program's HTTP routes bring theirs), the event as ingestion takes it, or else a row of a file. Knows neither
 * the engine nor what becomes of the message.
 */
import type { EventRequest } from '../event.ts';
import type { Message } from '../ingest.service.ts';
import { isPlainObject } from '../json.ts';
import { parseJson } from '../json-text.ts';
import { eventOfRow } from './file-row.ts';
import { isOfFile } from './replay-check.ts';

/** Reads what came one way; `receivedAtMs` is when. */
export type MessageReader = (payload: unknown, receivedAtMs: number) => Message;

/** By source. */
export type MessageReaders = Readonly<Record<string, MessageReader>>;

/** The `ingest` mutation. */
const INGEST = 'ingest';

export interface Replayed {
  readonly id: string;
  readonly payload: string;
  readonly source: string;
  readonly received_ms: number;
}

const UNREADABLE =
  'What was kept of it is no JSON object (it was cut, or never was one): send it again from where it came.';

/** Values in `fields` replace those of the payload; those of `properties` one by one. */
export function replayMessage(
  row: Replayed,
  fields: Readonly<Record<string, unknown>>,
  readers: MessageReaders,
): Message {
  const kept = parsePayload(row.payload);
  if (!kept) return { kind: 'problem', reason: UNREADABLE, payload: row.payload };
  const payload = replaced(kept, fields);
  const reader = Object.hasOwn(readers, row.source) ? readers[row.source] : undefined;
  if (reader) return withId(reader(payload, row.received_ms), row);
  if (isStored(payload)) return withId({ kind: 'event', request: storedEvent(payload), payload: kept }, row);
  if (isOfFile(row.source)) {
    const request = fileEvent(payload, fields, row);
    return withId({ kind: 'event', request, payload: kept }, { ...row, received_ms: null });
  }
  if (row.source === INGEST) return withId({ kind: 'event', request: payload, payload: kept }, row);
  return { kind: 'problem', reason: `Nothing here reads what came by "${row.source}".`, payload: kept };
}

function parsePayload(payload: string): Record<string, unknown> | null {
  try {
    const value = parseJson(payload);
    return isPlainObject(value) ? value : null;
  } catch {
    return null;
  }
}

function replaced(payload: Record<string, unknown>, fields: Readonly<Record<string, unknown>>) {
  const all: Record<string, unknown> = { ...payload, ...fields };
  for (const name of ['properties', 'traits', 'context']) {
    const [before, now] = [payload[name], fields[name]];
    if (isPlainObject(before) && isPlainObject(now)) all[name] = { ...before, ...now };
  }
  return all;
}

/** An event that only the engine refused is kept as it was to be stored. */
function isStored(payload: Readonly<Record<string, unknown>>): boolean {
  return typeof payload['eventId'] === 'string' && typeof payload['timeMs'] === 'number';
}

function storedEvent(payload: Readonly<Record<string, unknown>>): EventRequest {
  const { eventId, timeMs, ...rest } = payload;
  const given = rest['time'];
  return { ...rest, id: eventId, time: given ?? new Date(timeMs as number) };
}

function fileEvent(
  payload: Record<string, unknown>,
  fields: Readonly<Record<string, unknown>>,
  row: Replayed,
): EventRequest {
  const { properties, ...told } = fields;
  return { ...eventOfRow(payload, eventIdOf(row)), ...(properties === undefined ? told : fields) };
}

const eventIdOf = ({ id }: Pick<Replayed, 'id'>): string => `rejected-${id}`;

/**
 * Replayed twice it counts once: an event without an id gets one from its row. One without a time happened when
 * it arrived; in a file it needs one.
 */
function withId(
  message: Message,
  row: Pick<Replayed, 'id'> & { readonly received_ms: number | null },
): Message {
  if (message.kind !== 'event' || !isPlainObject(message.request)) return message;
  const { id, time } = message.request;
  const isIdAbsent = id === undefined || id === null || id === '';
  const isTimeAbsent = time === undefined || time === null;
  return {
    ...message,
    request: {
      ...message.request,
      ...(isIdAbsent ? { id: eventIdOf(row) } : {}),
      ...(isTimeAbsent && row.received_ms !== null ? { time: new Date(row.received_ms) } : {}),
    },
  };
}
