/** Clients that send one batch after the other, and each again until it is acknowledged, as senders do. */
import type { Ledger, Sale } from './ledger.ts';
import { until } from './until.ts';

const INGEST = `mutation ($events: [EventInput!]!) {
  ingest(events: $events) { accepted duplicates rejected { index reason } }
}`;

interface Receipt {
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: readonly { readonly index: number; readonly reason: string }[];
}

export class RefusedError extends Error {
  constructor(readonly code: string) {
    super(`refused: ${code}`);
  }
}

/** Throws RefusedError where the server says that it cannot take them now, else what broke on the way. */
export async function send(
  address: string,
  events: readonly object[],
  signal = AbortSignal.timeout(20_000),
): Promise<Receipt> {
  const response = await fetch(`${address}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: INGEST, variables: { events } }),
    signal,
  });
  const { data, errors } = (await response.json()) as {
    data?: { ingest: Receipt } | null;
    errors?: readonly { message: string; extensions?: { code?: string } }[];
  };
  if (data) return data.ingest;
  throw new RefusedError(errors?.[0]?.extensions?.code ?? String(response.status));
}

export function eventOf({ id, customerId, cents, time }: Sale): object {
  return { id, customerId, event: 'purchase', time, revenue: cents / 100 };
}

export interface LoadOptions {
  readonly ledger: Ledger;
  /** Where to send to now. */
  readonly address: () => string;
  readonly clients?: number;
  readonly batch?: number;
}

const RETRY_MS = 50;

export class Load {
  /** How often each reason was given for not taking a batch. */
  readonly refusals = new Map<string, number>();
  /** Receipts that do not add up, and sales that were rejected. */
  readonly wrong: string[] = [];
  private readonly options: Required<LoadOptions>;
  private isStopped = false;
  private readonly running: Promise<unknown>;

  constructor(options: LoadOptions) {
    this.options = { clients: 6, batch: 20, ...options };
    this.running = Promise.all(Array.from({ length: this.options.clients }, () => this.client()));
  }

  /** Resolves once so many more were acknowledged. */
  async goesOn(more: number, withinMs = 20_000): Promise<void> {
    const { ledger } = this.options;
    const target = ledger.acknowledgedCount + more;
    await until(
      `${more} more are acknowledged; refused so far: ${JSON.stringify([...this.refusals])}`,
      () => ledger.acknowledgedCount >= target,
      withinMs,
    );
  }

  /** Stops, and sends what nobody knows of again until it is acknowledged. */
  async settle(): Promise<void> {
    await this.stop();
    const open = this.options.ledger.unknown();
    for (let from = 0; from < open.length; from += 500) {
      const some = open.slice(from, from + 500);
      await until('what was not acknowledged is taken', () => this.tried(some), 60_000);
    }
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    await this.running;
  }

  private async client(): Promise<void> {
    const { ledger, batch } = this.options;
    while (!this.isStopped) {
      const sales = ledger.next(batch);
      while (!(await this.tried(sales)) && !this.isStopped) {
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }

  private async tried(sales: readonly Sale[]): Promise<boolean> {
    const { ledger, address } = this.options;
    try {
      const { accepted, duplicates, rejected } = await send(address(), sales.map(eventOf));
      if (accepted + duplicates !== sales.length) {
        this.wrong.push(`${accepted} + ${duplicates} of ${sales.length}: ${JSON.stringify(rejected)}`);
      }
      ledger.acknowledge(sales);
      return true;
    } catch (error) {
      const reason = error instanceof RefusedError ? error.code : 'broken off';
      this.refusals.set(reason, (this.refusals.get(reason) ?? 0) + 1);
      return false;
    }
  }
}
