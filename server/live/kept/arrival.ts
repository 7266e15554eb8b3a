/** What is handed on of what arrived. */
import type { ArrivedEvent } from '../../query/kept.ts';

/** An event that arrived, of a customer (a key, in decimal). */
export interface Arrival {
  readonly key: string;
  readonly event: ArrivedEvent;
}

export interface Join {
  readonly alias: string;
  readonly customer: string;
}

/** The events of each customer, in their order. */
export function byCustomer(arrivals: readonly Arrival[]): ReadonlyMap<string, readonly ArrivedEvent[]> {
  const found = new Map<string, ArrivedEvent[]>();
  for (const { key, event } of arrivals) {
    const events = found.get(key);
    if (events) events.push(event);
    else found.set(key, [event]);
  }
  return found;
}
