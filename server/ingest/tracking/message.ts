/**
 * One message of Segment's tracking API as a message of ingestion. Pure; knows neither HTTP nor the engine.
 * What is wrong with an event or an id is said where all events are checked.
 */
import type { EventRequest } from '../event.ts';
import type { Message } from '../ingest.service.ts';
import { isPlainObject } from '../json.ts';
import { messageTime } from './clock.ts';
import { channelOf, contextProperties } from './context.ts';
import { revenueOf } from './sales.ts';
import type { SalesWords } from './sales.ts';

export const MESSAGE_TYPES = ['track', 'identify', 'page', 'screen', 'alias', 'group'] as const;
export type MessageType = (typeof MESSAGE_TYPES)[number];

type Sent = Readonly<Record<string, unknown>>;

const KNOWN_TYPES = new Set<unknown>(MESSAGE_TYPES);

/** A message as it was sent, with its `type`; `receivedAtMs` tells how wrong the sender's clock is. */
export function segmentMessage(sent: unknown, receivedAtMs: number, words: SalesWords): Message {
  if (!isPlainObject(sent)) return problem('A message is an object.', sent);
  const type = sent['type'];
  if (!KNOWN_TYPES.has(type))
    return problem(`The type of a message is one of ${MESSAGE_TYPES.join(', ')}.`, sent);
  switch (type as MessageType) {
    case 'identify':
      return identified(sent);
    case 'alias':
      return aliased(sent);
    case 'group':
      return grouped(sent);
    case 'track':
    case 'page':
    case 'screen':
      return happened(type as 'track' | 'page' | 'screen', sent, receivedAtMs, words);
  }
}

function problem(reason: string, payload: unknown): Message {
  return { kind: 'problem', reason, payload };
}

/** Ids are texts; SDKs write some as numbers, and absent ones as empty texts. */
function idOf(value: unknown): unknown {
  if (typeof value === 'number') return String(value);
  return value === '' || value === null ? undefined : value;
}

function happened(
  type: 'track' | 'page' | 'screen',
  sent: Sent,
  receivedAtMs: number,
  words: SalesWords,
): Message {
  const { properties, context } = sent;
  const own = isPlainObject(properties) ? properties : NOTHING;
  const event = type === 'track' ? sent['event'] : type === 'page' ? 'page_viewed' : 'screen_viewed';
  const fields = new Fields(own);
  const revenue = type === 'track' ? revenueOf(event, own, words) : null;
  if (revenue !== null && own['revenue'] !== undefined) fields.taken.push('revenue');
  const { time, clockSkewMs } = messageTime(sent, receivedAtMs);
  const request: EventRequest = {
    id: idOf(sent['messageId']),
    event,
    customerId: idOf(sent['userId']),
    anonymousId: idOf(sent['anonymousId']),
    time,
    clockSkewMs,
    channel: fields.take('channel') ?? channelOf(type, context, sent['channel']),
    orderId: fields.take('order_id') ?? fields.take('orderId'),
    sessionId: fields.take('session_id') ?? fields.take('sessionId') ?? sessionOf(context),
    revenue,
    properties,
    context: contextOf(type, sent),
    omit: fields.taken,
  };
  return { kind: 'event', request, payload: sent };
}

const NOTHING: Sent = Object.freeze({});

/** What a page or a screen is called stands beside its properties. */
function contextOf(type: 'track' | 'page' | 'screen', { context, name, category }: Sent): Sent {
  const properties = contextProperties(context);
  if (type !== 'track') Object.assign(properties, { name, category });
  return properties;
}

/** Takes values that stand in columns of their own out of the properties. */
class Fields {
  readonly taken: string[] = [];
  private readonly properties: Sent;

  constructor(properties: Sent) {
    this.properties = properties;
  }

  /** A text, or a number as one; whatever else stands under the name stays there. */
  take(name: string): string | undefined {
    const value = this.properties[name];
    if (value === undefined) return undefined;
    const text = textOf(value);
    if (text !== undefined) this.taken.push(name);
    return text;
  }
}

function sessionOf(context: unknown): string | undefined {
  return isPlainObject(context) ? textOf(context['sessionId']) : undefined;
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function identified(sent: Sent): Message {
  return {
    kind: 'identity',
    customerId: idOf(sent['userId']),
    anonymousId: idOf(sent['anonymousId']),
    traits: traitsOf(sent),
    payload: sent,
  };
}

/** Traits of the message win over those of its context. */
function traitsOf(sent: Sent): unknown {
  const { traits, context } = sent;
  const before = isPlainObject(context) ? context['traits'] : undefined;
  if (!isPlainObject(before)) return traits;
  if (traits === undefined || traits === null) return before;
  return isPlainObject(traits) ? { ...before, ...traits } : traits;
}

function aliased(sent: Sent): Message {
  const previousId = idOf(sent['previousId'] ?? sent['from']);
  const customerId = idOf(sent['userId'] ?? sent['to']);
  if (previousId === undefined) return problem('An alias needs a previousId.', sent);
  if (customerId === undefined) return problem('An alias needs a userId.', sent);
  return { kind: 'identity', customerId, anonymousId: previousId, traits: null, payload: sent };
}

/** A group is known by what its members carry: its id, and what is known of it. */
function grouped(sent: Sent): Message {
  const groupId = idOf(sent['groupId']);
  if (groupId === undefined) return problem('A group needs a groupId.', sent);
  const customerId = idOf(sent['userId']);
  const { traits } = sent;
  return {
    kind: 'identity',
    customerId,
    anonymousId: customerId === undefined ? idOf(sent['anonymousId']) : undefined,
    traits: traits === undefined || traits === null ? { groupId } : { groupId, group: traits },
    payload: sent,
  };
}
