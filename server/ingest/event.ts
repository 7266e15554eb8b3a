/**
 * What an event must be: checks one event as sent and brings it to the form that is stored. Knows neither the
 * engine nor the request it came with; the clock is a parameter.
 */
import { createHash, randomUUID } from 'node:crypto';
import { CHARACTER_BYTES, cleanJson, cleanText, isPlainObject } from './json.ts';
import type { CleanObject, CleanOptions } from './json.ts';
import { instantOf } from './instant.ts';

/** An event as a caller sends it; everything may be missing or wrong. */
export interface EventRequest {
  readonly id?: unknown;
  readonly event?: unknown;
  readonly customerId?: unknown;
  readonly anonymousId?: unknown;
  /** A Date, RFC 3339 text, or seconds or milliseconds since 1970 (under or over 10^11). Absent: on arrival. */
  readonly time?: unknown;
  /** How far the sender's clock is behind: added to `time`, which is kept as sent. No id depends on it. */
  readonly clockSkewMs?: number;
  readonly channel?: unknown;
  readonly orderId?: unknown;
  readonly revenue?: unknown;
  readonly sessionId?: unknown;
  readonly properties?: unknown;
  /** Properties that hold where `properties` say nothing: what is known of where it comes from. */
  readonly context?: Readonly<Record<string, unknown>>;
  /** Names of `properties` that stand in a field of their own. */
  readonly omit?: readonly string[];
}

/** An event fit to be stored. */
export interface IngestEvent {
  readonly eventId: string;
  /** As sent: the customer's id, else the anonymous visitor's. */
  readonly customerId: string;
  readonly event: string;
  readonly timeMs: number;
  readonly channel: string;
  readonly orderId: string;
  readonly sessionId: string;
  readonly revenue: number | null;
  readonly properties: CleanObject;
  /** When it came in, where it could not be stored at once. */
  readonly receivedMs?: number;
}

type Fields = Omit<IngestEvent, 'eventId' | 'timeMs' | 'properties'>;

export type CheckedEvent =
  | { readonly ok: true; readonly event: IngestEvent; readonly bytes: number }
  | { readonly ok: false; readonly reason: string };

export const MAX_EVENT_BYTES = 32 * 1024;
const MAX_TEXT_LENGTH = 1024;
export const MAX_DEPTH = 20;
export const MAX_VALUES = 1000;
const DAY_MS = 86_400_000;
/** The last instant that a Date can tell. */
const MAX_TIME_MS = 8.64e15;
/** Decimal(18, 4). */
const MAX_REVENUE = 1e13;

/** What programs write where an id was missing; joining everybody who carries it would be a disaster. */
export const NO_IDS = [
  ...['null', 'undefined', 'none', 'nan', '[object object]', '0', 'true', 'false'],
  '00000000-0000-0000-0000-000000000000',
];

const NO_ID = new Set(NO_IDS);

/** The same for statements that check rows. */
export const ROW_LIMITS = {
  noIds: NO_IDS,
  maxTextLength: MAX_TEXT_LENGTH,
  maxEventBytes: MAX_EVENT_BYTES,
  maxDepth: MAX_DEPTH,
  maxValues: MAX_VALUES,
} as const;

/** Where an event's time is not the one that was sent (a day ahead, a wrong clock), `sent_time` keeps what it said. */
export const SENT_TIME = 'sent_time';

class Refusal extends Error {}

/** Checks an event and fills in what may be missing. Never throws. */
export function checkEvent(request: EventRequest, nowMs: number): CheckedEvent {
  try {
    return { ok: true, ...toEvent(request, nowMs) };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, reason: error.message };
    throw error;
  }
}

function toEvent(
  request: EventRequest,
  nowMs: number,
): { readonly event: IngestEvent; readonly bytes: number } {
  if (!isPlainObject(request)) throw new Refusal('An event is an object.');
  const sent: EventRequest = request;
  const event = text(sent.event, 'event');
  if (event.trim() === '') throw new Refusal('The event has no name.');
  const known = customerIdOf(sent.customerId, 'customerId');
  const customerId = known === '' ? customerIdOf(sent.anonymousId, 'anonymousId') : known;
  if (customerId === '') throw new Refusal('An event needs a customerId or an anonymousId.');
  const sentMs = timeOf(sent.time);
  const timeMs = eventTime(sentMs, sent.clockSkewMs ?? 0, nowMs);
  const id = eventIdOf(sent.id);
  const { properties, maxBytes } = propertiesOf(sent, id === '');
  const rest: Fields = {
    customerId,
    event,
    channel: text(sent.channel, 'channel'),
    orderId: text(sent.orderId, 'orderId'),
    sessionId: text(sent.sessionId, 'sessionId'),
    revenue: revenueOf(sent.revenue),
  };
  const bytes = maxBytes + fieldBytes(rest);
  const isSmall = bytes <= MAX_EVENT_BYTES;
  const content = isSmall && id !== '' ? '' : JSON.stringify([rest, sentMs, properties]);
  if (!isSmall && Buffer.byteLength(content) > MAX_EVENT_BYTES) {
    throw new Refusal(`The event is larger than ${MAX_EVENT_BYTES / 1024} kB.`);
  }
  if (timeMs !== sentMs && sentMs !== null) properties[SENT_TIME] = new Date(sentMs).toISOString();
  const eventId = id === '' ? idOfContent(sentMs, content) : id;
  return { event: { eventId, timeMs, properties, ...rest }, bytes };
}

/** No fewer than the fields beside the properties take as JSON. */
function fieldBytes({ customerId, event, channel, orderId, sessionId }: Fields): number {
  const characters = customerId.length + event.length + channel.length + orderId.length + sessionId.length;
  return characters * CHARACTER_BYTES + 256;
}

/** By the server's clock; more than a day ahead of it counts as now. */
function eventTime(sentMs: number | null, clockSkewMs: number, nowMs: number): number {
  if (sentMs === null) return nowMs;
  const mendedMs = sentMs + clockSkewMs;
  const timeMs = mendedMs > 0 ? mendedMs : sentMs;
  return timeMs > nowMs + DAY_MS ? nowMs : timeMs;
}

/** The id sent; empty where there is none. */
function eventIdOf(value: unknown): string {
  const id = text(value, 'id');
  if (id !== '' && isNoId(id)) throw new Refusal(`"${id}" is not an id.`);
  return id;
}

/**
 * An id that follows from the content, so that the same event sent again is known. An event with neither id nor
 * time cannot be told from its like: each is one of its own.
 */
function idOfContent(sentMs: number | null, content: string): string {
  return sentMs === null ? randomUUID() : contentId(content);
}

/** 32 hexadecimal digits that name this content. */
function contentId(content: string): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 32);
}

/** A customer's id as it is stored; throws what is wrong with it. Absent: empty. */
function customerIdOf(value: unknown, field: string): string {
  const id = text(value, field);
  if (value !== undefined && value !== null && isNoId(id)) throw new Refusal(badId(id, field));
  return id;
}

/** Why this cannot be a customer's id, or null. */
export function customerIdProblem(value: unknown, field: string): string | null {
  try {
    return customerIdOf(value, field) === '' ? `${field} is missing.` : null;
  } catch (error) {
    if (error instanceof Refusal) return error.message;
    throw error;
  }
}

function badId(id: string, field: string): string {
  return id.trim() === '' ? `${field} is empty.` : `${field} "${id}" is not an id.`;
}

function isNoId(id: string): boolean {
  const bare = id.trim().toLowerCase();
  return bare === '' || NO_ID.has(bare);
}

function text(value: unknown, field: string): string {
  if (value === undefined || value === null) return '';
  if (typeof value !== 'string') throw new Refusal(`${field} is not text.`);
  if (value.length > MAX_TEXT_LENGTH)
    throw new Refusal(`${field} is longer than ${MAX_TEXT_LENGTH} characters.`);
  return cleanText(value);
}

function revenueOf(value: unknown): number | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new Refusal('revenue is not a number.');
  if (Math.abs(value) > MAX_REVENUE) throw new Refusal('revenue is beyond 10,000,000,000,000.');
  return Math.round(value * 1e4) / 1e4;
}

const LIMITS = { maxDepth: MAX_DEPTH, maxValues: MAX_VALUES, maxText: MAX_EVENT_BYTES };

/** The event's own properties, and those of its context beside them. */
function propertiesOf(
  { properties = null, context, omit }: EventRequest,
  isSorted: boolean,
): { readonly properties: CleanObject; readonly maxBytes: number } {
  if (properties !== null && !isPlainObject(properties)) throw new Refusal('properties is not an object.');
  const own = cleaned(properties ?? {}, { omit, isSorted });
  if (!context) return own;
  const around = cleaned(context, { omit: properties === null ? [] : Object.keys(properties), isSorted });
  for (const key in around.properties) own.properties[key] = around.properties[key] ?? null;
  return { properties: own.properties, maxBytes: own.maxBytes + around.maxBytes };
}

function cleaned(value: Record<string, unknown>, options: CleanOptions) {
  const result = cleanJson(value, LIMITS, options);
  if (!result.ok) throw new Refusal(`properties ${result.reason}`);
  return { properties: result.value as CleanObject, maxBytes: result.maxBytes };
}

function timeOf(value: unknown): number | null {
  if (value === undefined || value === null) return null;
  const ms = instantOf(value);
  if (!(Math.abs(ms) <= MAX_TIME_MS))
    throw new Refusal('time is not an instant such as 2026-01-31T23:59:59Z.');
  if (ms <= 0) throw new Refusal('time is not after 1970-01-01T00:00:00Z.');
  return Math.floor(ms);
}
