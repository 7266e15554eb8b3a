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
