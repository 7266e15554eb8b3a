/**
 * What was sent and what was acknowledged, kept beside the store and compared with it at the end: by count, by
 * revenue and by customer, in the events and in what is summed up of them.
 */
import { expect } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { sql } from '../../server/query/sql.ts';
import { until } from './until.ts';

export interface Sale {
  readonly id: string;
  readonly customerId: string;
  readonly cents: number;
  readonly time: string;
}

/** Events and cents by customer. */
type Sums = Readonly<Record<string, readonly [events: number, cents: number]>>;

const CUSTOMERS = 37;

export class Ledger {
  private readonly prefix: string;
  private readonly sent = new Map<string, Sale>();
  private readonly acknowledged = new Set<string>();

  constructor(prefix: string) {
    this.prefix = prefix;
  }

  get acknowledgedCount(): number {
    return this.acknowledged.size;
  }

  /** New ones, which are sent from now on. */
  next(count: number): readonly Sale[] {
    return Array.from({ length: count }, () => {
      const i = this.sent.size;
      const sale = {
        id: `${this.prefix}-${i}`,
        customerId: `${this.prefix}-customer-${(i * 7) % CUSTOMERS}`,
        cents: 25 * (1 + (i % 9)),
        time: new Date(Date.UTC(2026, i % 5, 1 + (i % 28), 0, 0, i % 3600)).toISOString(),
      };
      this.sent.set(sale.id, sale);
      return sale;
    });
  }

  acknowledge(sales: readonly Sale[]): void {
    for (const { id } of sales) this.acknowledged.add(id);
  }

  /** Those of which the sender does not know whether they were taken. */
  unknown(): readonly Sale[] {
    return [...this.sent.values()].filter(({ id }) => !this.acknowledged.has(id));
  }

  /** Nothing acknowledged is lost, and nothing stands twice; what was taken in aside may take a while to come. */
  async expectKept(engine: Engine, withinMs = 60_000): Promise<void> {
    await until('all that was acknowledged is stored', async () => (await this.lost(engine)) === 0, withinMs);
    const { rows } = await engine.query<{ twice: string }>({
      name: 'test.twice',
      sql: sql`SELECT count() - uniqExact(event_id) AS twice FROM events`,
    });
    expect(Number(rows[0]?.twice)).toBe(0);
  }

  /**
   * All that was sent, and was sent again until it was acknowledged, counts once, wherever it is counted: what is
   * summed up of events follows them by a moment, and what was taken in aside is acknowledged before either.
   */
  async expectBalance(engine: Engine, withinMs = 60_000): Promise<void> {
    expect(this.unknown()).toEqual([]);
    await this.expectKept(engine, withinMs);
    const sums = sumsOf([...this.sent.values()]);
    expect(await storedSums(engine)).toEqual(sums);
    await expect.poll(() => countedSums(engine), { timeout: withinMs }).toEqual(sums);
    await expect.poll(() => knownIds(engine), { timeout: withinMs }).toBe(this.sent.size);
  }

  private async lost(engine: Engine): Promise<number> {
    const { rows } = await engine.query<{ id: string }>({
      name: 'test.stored_ids',
      sql: sql`SELECT event_id AS id FROM events`,
    });
    const stored = new Set(rows.map(({ id }) => id));
    return [...this.acknowledged].filter((id) => !stored.has(id)).length;
  }
}

function sumsOf(sales: readonly Sale[]): Sums {
  const sums: Record<string, [number, number]> = {};
  for (const { customerId, cents } of sales) {
    const sum = (sums[customerId] ??= [0, 0]);
    sum[0] += 1;
    sum[1] += cents;
  }
  return sums;
}

interface Row {
  readonly customer: string;
  readonly events: string;
  readonly cents: string;
}

async function storedSums(engine: Engine): Promise<Sums> {
  const { rows } = await engine.query<Row>({
    name: 'test.stored_sums',
    sql: sql`SELECT customer_id AS customer, count() AS events, toInt64(sum(revenue) * 100) AS cents FROM events GROUP BY customer_id`,
  });
  return sumsByCustomer(rows);
}

async function countedSums(engine: Engine): Promise<Sums> {
  const { rows } = await engine.query<Row>({
    name: 'test.counted_sums',
    sql: sql`SELECT anyLast(customers.customer_id) AS customer, sum(customers.events) AS events, toInt64(sum(customers.revenue) * 100) AS cents
FROM customers GROUP BY customer_key HAVING events > 0`,
  });
  return sumsByCustomer(rows);
}

async function knownIds(engine: Engine): Promise<number> {
  const { rows } = await engine.query<{ known: string }>({
    name: 'test.known',
    sql: sql`SELECT uniqExact(id_hash) AS known FROM known_ids`,
  });
  return Number(rows[0]?.known);
}

function sumsByCustomer(rows: readonly Row[]): Sums {
  return Object.fromEntries(
    rows.map(({ customer, events, cents }) => [customer, [Number(events), Number(cents)] as const]),
  );
}
