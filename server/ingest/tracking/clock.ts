/**
 * When a message happened, and how far its sender's clock was wrong. Pure: when it arrived is a parameter.
 */
import { instantOf } from '../instant.ts';

/**
 * What lies between sending and arrival without anybody's clock being wrong: the SDKs give a request up after
 * ten seconds, so what arrives was on its way for less.
 */
export const TRANSPORT_MS = 10_000;

export interface MessageTime {
  /** As sent; undefined: on arrival. */
  readonly time: unknown;
  /** To be added to it; zero where the clocks agree. */
  readonly clockSkewMs: number;
}

export interface SentTimes {
  readonly timestamp?: unknown;
  readonly originalTimestamp?: unknown;
  readonly sentAt?: unknown;
}

/**
 * Sender and server meet at `sentAt`: what it differs from the arrival by is added to the time. A message that
 * carries both times was corrected on its way, or its time was set on purpose: it stays.
 */
export function messageTime(
  { timestamp, originalTimestamp, sentAt }: SentTimes,
  receivedAtMs: number,
): MessageTime {
  const time = timestamp ?? originalTimestamp ?? undefined;
  const isSettled = isPresent(timestamp) && isPresent(originalTimestamp);
  if (time === undefined || isSettled || !isPresent(sentAt)) return { time, clockSkewMs: 0 };
  const skew = receivedAtMs - instantOf(sentAt);
  return { time, clockSkewMs: Math.abs(skew) > TRANSPORT_MS ? Math.round(skew) : 0 };
}

function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null;
}
