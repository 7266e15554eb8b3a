/**
 * One message of Segment's tracking API as a message of ingestion. Pure; knows neither HTTP nor the engine.
 * What is wrong with an event or an id is said where all events are checked.
 */
import type { EventRequest } from '../event.ts';
import type { Message } from '../ingest.service.ts';
import { isPlainObject } from '../json.ts';
import { messageTime } from './clock.ts';
import { addContext, channelOf } from './context.ts';
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
  const own = sent['properties'];
  const event = type === 'track' ? sent['event'] : type === 'page' ? 'page_viewed' : 'screen_viewed';
  const request = {
    id: idOf(sent['messageId']),
    event,
    customerId: idOf(sent['userId']),
    anonymousId: idOf(sent['anonymousId']),
    ...messageTime(sent, receivedAtMs),
  };
  if (own !== undefined && own !== null && !isPlainObject(own)) {
    return { kind: 'event', request: { ...request, properties: own }, payload: sent };
  }
  const columns = columnsOf(type, event, sent, own ?? {}, words);
  return { kind: 'event', request: { ...request, ...columns }, payload: sent };
}

/** What stands in columns of its own leaves the properties; the event's own win over its context. */
function columnsOf(
  type: 'track' | 'page' | 'screen',
  event: unknown,
  sent: Sent,
  own: Sent,
  words: SalesWords,
): EventRequest {
  const context = sent['context'];
  const defaults: Record<string, unknown> = {};
  addContext(context, defaults);
  if (type !== 'track') {
    defaults['name'] = sent['name'];
    defaults['category'] = sent['category'];
  }
  const properties: Record<string, unknown> = { ...defaults, ...own };
  const revenue = type === 'track' ? revenueOf(event, own, words) : null;
  if (revenue !== null && own['revenue'] !== undefined) properties['revenue'] = undefined;
  return {
    channel: taken(properties, 'channel') ?? channelOf(type, context, sent['channel']),
    orderId: taken(properties, 'order_id') ?? taken(properties, 'orderId'),
    sessionId:
      taken(properties, 'session_id') ??
      taken(properties, 'sessionId') ??
      (isPlainObject(context) ? textOf(context['sessionId']) : undefined),
    revenue,
    properties,
  };
}

/** Takes a text out of the properties; whatever else stands under the name stays there. */
function taken(properties: Record<string, unknown>, name: string): string | undefined {
  const value = properties[name];
  if (value === undefined) return undefined;
  const text = textOf(value);
  if (text !== undefined) properties[name] = undefined;
  return text;
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
