/**
 * What one call of Segment's tracking API brings, taken apart: its messages, each complete in itself, and the
 * write key where it stands in the body. Pure.
 */
import { isPlainObject } from '../json.ts';
import { BodyError } from './body.ts';
import { parseJson } from '../json-text.ts';
import type { MessageType } from './message.ts';

export interface TrackingCall {
  readonly messages: readonly unknown[];
  /** Where the body carries it; browsers cannot send a header with a beacon. */
  readonly writeKey: string | undefined;
}

const BATCH_FORM = 'A batch is an object with a list of messages: {"batch":[{"type":"track", ...}]}.';
const SINGLE_FORM =
  'The body is one message as an object, such as {"userId":"ann","event":"Product Viewed"}.';

/** What a whole batch says once for all its messages. */
const OF_ALL = ['sentAt', 'context'] as const;

/** Reads the body of a call that brings one message of a type, or a batch (null). Throws BodyError. */
export function trackingCall(text: string, type: MessageType | null): TrackingCall {
  const body = parsed(text);
  if (!isPlainObject(body)) throw new BodyError(400, type === null ? BATCH_FORM : SINGLE_FORM);
  const writeKey = typeof body['writeKey'] === 'string' ? body['writeKey'] : undefined;
  if (type !== null) {
    if (Object.keys(body).length === 0) throw new BodyError(400, SINGLE_FORM);
    body['type'] = type;
    return { messages: [withoutKey(body)], writeKey };
  }
  const { batch } = body;
  if (!Array.isArray(batch)) throw new BodyError(400, BATCH_FORM);
  for (const message of batch as unknown[]) {
    if (isPlainObject(message)) complete(message, body);
  }
  return { messages: batch, writeKey };
}

function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    throw new BodyError(400, 'The body is not JSON.');
  }
}

function complete(message: Record<string, unknown>, batch: Readonly<Record<string, unknown>>): void {
  withoutKey(message);
  for (const name of OF_ALL) {
    if (message[name] === undefined && batch[name] !== undefined) message[name] = batch[name];
  }
}

/** A message that is kept aside must not keep the key. */
function withoutKey(message: Record<string, unknown>): Record<string, unknown> {
  if (message['writeKey'] !== undefined) message['writeKey'] = undefined;
  return message;
}
