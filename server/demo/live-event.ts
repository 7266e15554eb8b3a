/**
 * What the live replay hands on, and where it comes from. Types only.
 */

/** An event as `ingest` takes it. */
export interface LiveEvent {
  readonly id: string;
  readonly event: string;
  readonly customerId: string;
  readonly time: Date;
  readonly channel: string;
  readonly orderId?: string;
  readonly revenue?: number;
  readonly sessionId?: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** What happened in the `elapsedMs` before `nowMs`. */
export type LiveSource = (nowMs: number, elapsedMs: number) => Promise<LiveEvent[]>;
