/**
 * What an event must be: checks one event as sent and brings it to the form that is stored. Knows neither the
 * engine nor the request it came with; the clock is a parameter.
 */
import { createHash, randomUUID } from 'node:crypto';
import { cleanJson, cleanText, isPlainObject } from './json.ts';
import type { CleanJson, CleanObject } from './json.ts';
import { instantOf } from './instant.ts';

/** An event as a caller sends it; everything may be missing or wrong. */
export interface EventRequest {
  readonly id?: unknown;
  readonly event?: unknown;
  readonly customerId?: unknown;
  readonly anonymousId?: unknown;
  /** A Date, RFC 3339 text, or seconds or milliseconds since 1970 (under or over 10^11). Absent: on arrival. */
  readonly time?: unknown;
  readonly channel?: unknown;
  readonly orderId?: unknown;
  readonly revenue?: unknown;
  readonly sessionId?: unknown;
  readonly properties?: unknown;
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
}

export type CheckedEvent =
  { readonly ok: true; readonly event: IngestEvent } | { readonly ok: false; readonly reason: string };

export const MAX_EVENT_BYTES = 32 * 1024;
const MAX_TEXT_LENGTH = 1024;
export const MAX_DEPTH = 20;
export const MAX_VALUES = 1000;
const DAY_MS = 86_400_000;
/** Decimal(18, 4). */
const MAX_REVENUE = 1e13;

/** What programs write where an id was missing; joining everybody who carries it would be a disaster. */
export const NO_IDS = [
  ...['null', 'undefined', 'none', 'nan', '[object object]', '0', 'true', 'false'],
  '00000000-0000-0000-0000-000000000000',
];

/** The same for statements that check rows. */
export const ROW_LIMITS = {
  noIds: NO_IDS,
  maxTextLength: MAX_TEXT_LENGTH,
  maxEventBytes: MAX_EVENT_BYTES,
  maxDepth: MAX_DEPTH,
  maxValues: MAX_VALUES,
} as const;

/** Where an event was sent further ahead than a day, `sent_time` keeps what it said. */
export const SENT_TIME = 'sent_time';

class Refusal extends Error {}

/** Checks an event and fills in what may be missing. Never throws. */
export function checkEvent(request: EventRequest, nowMs: number): CheckedEvent {
  try {
    return { ok: true, event: toEvent(request, nowMs) };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, reason: error.message };
    throw error;
  }
}

function toEvent(request: EventRequest, nowMs: number): IngestEvent {
  if (!isPlainObject(request)) throw new Refusal('An event is an object.');
  const event = text(request.event, 'event');
  if (event.trim() === '') throw new Refusal('The event has no name.');
  const known = customerIdOf(request.customerId, 'customerId');
  const customerId = known === '' ? customerIdOf(request.anonymousId, 'anonymousId') : known;
  if (customerId === '') throw new Refusal('An event needs a customerId or an anonymousId.');
  const sentMs = timeOf(request.time);
  const timeMs = sentMs === null || sentMs > nowMs + DAY_MS ? nowMs : sentMs;
  const properties = propertiesOf(request.properties);
  const rest = {
    customerId,
    event,
    channel: text(request.channel, 'channel'),
    orderId: text(request.orderId, 'orderId'),
    sessionId: text(request.sessionId, 'sessionId'),
    revenue: revenueOf(request.revenue),
  };
  const content = JSON.stringify([rest, sentMs, properties]);
  if (Buffer.byteLength(content) > MAX_EVENT_BYTES) {
    throw new Refusal(`The event is larger than ${MAX_EVENT_BYTES / 1024} kB.`);
  }
  if (timeMs !== sentMs && sentMs !== null) properties[SENT_TIME] = new Date(sentMs).toISOString();
  return { eventId: eventIdOf(request.id, sentMs, content), timeMs, properties, ...rest };
}

/**
 * The id sent, else one that follows from the content, so that the same event sent again is known. An event
 * with neither id nor time cannot be told from its like: each is one of its own.
 */
function eventIdOf(value: unknown, sentMs: number | null, content: string): string {
  const id = text(value, 'id');
  if (id !== '') {
    if (isNoId(id)) throw new Refusal(`"${id}" is not an id.`);
    return id;
  }
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
  return bare === '' || NO_IDS.includes(bare);
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

function propertiesOf(value: unknown): CleanObject {
  if (value === undefined || value === null) return Object.create(null) as CleanObject;
  if (!isPlainObject(value)) throw new Refusal('properties is not an object.');
  const cleaned = cleanJson(value, { maxDepth: MAX_DEPTH, maxValues: MAX_VALUES, maxText: MAX_EVENT_BYTES });
  if (!cleaned.ok) throw new Refusal(`properties ${cleaned.reason}`);
  return cleaned.value as CleanObject & CleanJson;
}

function timeOf(value: unknown): number | null {
  if (value === undefined || value === null) return null;
  const ms = instantOf(value);
  if (!Number.isFinite(ms)) throw new Refusal('time is not an instant such as 2026-01-31T23:59:59Z.');
  if (ms <= 0) throw new Refusal('time is not after 1970-01-01T00:00:00Z.');
  return Math.floor(ms);
}
