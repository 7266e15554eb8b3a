/** What is handed on of what arrived. */
import type { ArrivedEvent } from '../../query/kept.ts';
import type { Told } from './kept.sql.ts';

/** An event that arrived, of a customer (a key, in decimal). */
export interface Arrival {
  readonly key: string;
  readonly event: ArrivedEvent;
  /** The key that it is stored under, and what names its id; `0`: that is not told. */
  readonly storedKey: string;
  readonly id: string;
  /** When this server heard of it, by performance.now. */
  readonly heardAt: number;
}

export interface Join {
  readonly alias: string;
  readonly customer: string;
}

/** The events of each customer, in their order. */
export function byCustomer(arrivals: readonly Arrival[]): ReadonlyMap<string, readonly Arrival[]> {
  const found = new Map<string, Arrival[]>();
  for (const arrival of arrivals) {
    const own = found.get(arrival.key);
    if (own) own.push(arrival);
    else found.set(arrival.key, [arrival]);
  }
  return found;
}

export function arrivalOf(told: Told, heardAt: number): Arrival {
  const [key, storedKey, id, timeMs, event, channel, amount, hasRevenue, hasOrderId, orderKey, sessionKey] =
    told;
  return {
    key,
    storedKey,
    id,
    heardAt,
    event: {
      timeMs,
      event,
      channel,
      amount,
      hasRevenue: hasRevenue > 0,
      hasOrderId: hasOrderId > 0,
      orderKey,
      sessionKey,
    },
  };
}
