/**
 * Statements kept up to date plainly, as server/live/kept does it with care: facts in lists, a customer looked at again
 * when one of its events arrives or an edge comes to what `until` said. For tests of what slices describe.
 */
import { expect } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import type { CompileScope } from '../../server/query/events.ts';
import { wholeOf } from '../../server/query/whole.ts';
import type {
  ArrivedEvent,
  CustomerFacts,
  FactsPart,
  FactsQuery,
  Kept,
  Totals,
} from '../../server/query/kept.ts';
import { param, sql } from '../../server/query/sql.ts';
import type { SqlQuery } from '../../server/query/statement.ts';
import { storeEvents } from '../support/events.ts';
import type { StoredEvent } from '../support/events.ts';

/** An event as it is told when it arrives, and whose it is. */
export type Arrival = ArrivedEvent & { readonly key: string };

/** Stores events and says of them what servers are told. */
export async function storeAndTell(engine: Engine, events: readonly StoredEvent[]): Promise<Arrival[]> {
  await storeEvents(engine, events);
  const { rows } = await engine.query<Record<keyof Arrival, string>>({
    name: 'test.arrived',
    sql: sql`SELECT toString(customer_key) AS key, toUnixTimestamp64Milli(time) AS timeMs, event, channel,
  reinterpretAsInt64(ifNull(revenue, toDecimal64(0, 4))) AS amount, has_revenue AS hasRevenue, has_order_id AS hasOrderId,
  ${wholeOf(sql`order_key`)} AS orderKey, if(session_id = '', 0, ${wholeOf(sql`sipHash64(session_id)`)}) AS sessionKey
FROM events WHERE event_id IN ${param.strings(events.map(({ id }) => id))} ORDER BY rand()`,
  });
  return rows.map((row) => ({
    key: row.key,
    timeMs: Number(row.timeMs),
    event: row.event,
    channel: row.channel,
    amount: Number(row.amount),
    hasRevenue: Number(row.hasRevenue) === 1,
    hasOrderId: Number(row.hasOrderId) === 1,
    orderKey: Number(row.orderKey),
    sessionKey: Number(row.sessionKey),
  }));
}

interface Customer {
  facts: number[][];
  due: number[];
}

export class KeptReplay<Row> {
  private readonly customers = new Map<string, Customer>();
  private readonly totals: Totals<Row>;
  private held: Arrival[] = [];

  /** `isByRows`: facts are always read again, even where an event would tell. */
  private constructor(
    private readonly engine: Engine,
    private kept: Kept<Row>,
    private readonly isByRows: boolean,
  ) {
    this.totals = kept.open();
  }

  /** From what is stored; `later` are the stored events beyond the range's end. */
  static async of<Row>(
    engine: Engine,
    kept: Kept<Row>,
    scope: CompileScope,
    { isByRows, later }: { readonly isByRows: boolean; readonly later: readonly Arrival[] },
  ): Promise<KeptReplay<Row>> {
    const replay = new KeptReplay(engine, kept, isByRows);
    const { sinceMs, untilMs } = kept.facts;
    const read = await readFacts(engine, kept.facts, scope, { sinceMs, untilMs, whose: sql`1` });
    for (const [key, facts] of read) replay.change(key, () => facts);
    replay.held = later.filter(({ timeMs }) => timeMs >= untilMs);
    return replay;
  }

  async arrive(events: readonly Arrival[], scope: CompileScope): Promise<void> {
    const { facts } = this.kept;
    this.held.push(...events.filter(({ timeMs }) => timeMs >= facts.untilMs));
    const now = events.filter(({ timeMs }) => timeMs < facts.untilMs && timeMs >= facts.sinceMs);
    if (now.length === 0) return;
    if (facts.ofEvent && !this.isByRows) for (const event of now) this.tell(event);
    else await this.readAgain(now, scope);
  }

  /** The same question at a later instant. */
  async move(kept: Kept<Row>, scope: CompileScope): Promise<void> {
    expect({ shape: kept.shape, facts: kept.facts.shape }).toEqual({
      shape: this.kept.shape,
      facts: this.kept.facts.shape,
    });
    const before = this.kept.edges;
    if (kept.edges.some((edge, i) => edge < (before[i] ?? 0))) throw new Error('an edge moved back');
    this.kept = kept;
    for (const customer of this.customers.values()) {
      if (!customer.due.some((due, i) => due <= (kept.edges[i] ?? 0))) continue;
      this.totals.count(viewOf(customer.facts), before, -1);
      this.addAgain(customer);
    }
    const waiting = this.held;
    this.held = [];
    await this.arrive(waiting, scope);
  }

  rows(): readonly Row[] {
    return this.totals.rows(this.kept.edges);
  }

  private tell(event: Arrival): void {
    this.change(event.key, (facts, customer) => {
      const out: number[] = [];
      this.kept.facts.ofEvent?.(event, viewOf(customer.facts), out);
      return [...facts, ...split(out, this.kept.facts.width)];
    });
  }

  private async readAgain(events: readonly Arrival[], scope: CompileScope): Promise<void> {
    const { facts } = this.kept;
    const earliest = Math.min(...events.map(({ timeMs }) => timeMs));
    const sinceMs = facts.beginOf?.(earliest) ?? earliest;
    const keys = [...new Set(events.map(({ key }) => key))];
    const whose = sql`customer_key IN ${param.uint64s(keys)}`;
    const read = await readFacts(this.engine, facts, scope, { sinceMs, untilMs: facts.untilMs, whose });
    for (const key of keys) {
      this.change(key, (known) => [
        ...known.filter(([first = 0]) => Math.floor(first / 2048) < sinceMs),
        ...(read.get(key) ?? []),
      ]);
    }
  }

  private change(key: string, to: (facts: number[][], customer: Customer) => number[][]): void {
    const customer = this.customers.get(key) ?? { facts: [], due: [] };
    this.customers.set(key, customer);
    this.totals.count(viewOf(customer.facts), this.kept.edges, -1);
    const facts = to(customer.facts, customer);
    const kept = this.kept.facts.isSet
      ? [...new Map(facts.map((fact) => [fact.join(), fact])).values()]
      : facts;
    customer.facts = kept.sort(([a = 0], [b = 0]) => a - b);
    this.addAgain(customer);
  }

  private addAgain(customer: Customer): void {
    const { edges } = this.kept;
    this.totals.count(viewOf(customer.facts), edges, 1);
    customer.due = edges.map(() => Infinity);
    if (customer.facts.length > 0) this.totals.until(viewOf(customer.facts), edges, customer.due);
    if (customer.due.some((due, i) => !(due > (edges[i] ?? 0)))) throw new Error('due before its edge');
  }
}

/** The facts of each customer, as stored events say. */
export async function readFacts(
  engine: Engine,
  facts: FactsQuery,
  scope: CompileScope,
  part: FactsPart,
): Promise<Map<string, number[][]>> {
  const statement: SqlQuery<Record<'customer_key' | 'fact' | 'beside_1' | 'beside_2', string>> = {
    name: 'test.facts',
    sql: facts.rows(scope, part),
  };
  const { rows } = await engine.query(statement);
  const read = new Map<string, number[][]>();
  for (const row of rows) {
    const own = read.get(row.customer_key) ?? [];
    read.set(row.customer_key, own);
    own.push([row.fact, row.beside_1, row.beside_2].slice(0, facts.width).map(Number));
  }
  return read;
}

/** The facts of one customer, as its events say when they arrive in this order. */
export function factsToldOf(events: readonly Arrival[], { ofEvent, width }: FactsQuery): string[] {
  const known: number[][] = [];
  for (const event of events) {
    const out: number[] = [];
    ofEvent?.(event, viewOf(known), out);
    known.push(...split(out, width));
    known.sort(([a = 0], [b = 0]) => a - b);
  }
  return known.map((fact) => fact.join());
}

/** Between the facts of others, as they stand in a store. */
function viewOf(facts: readonly (readonly number[])[]): CustomerFacts {
  const values = Float64Array.from([7e15, ...facts.flat(), 1]);
  return { values, begin: 1, end: values.length - 1 };
}

function split(numbers: readonly number[], width: number): number[][] {
  return Array.from({ length: numbers.length / width }, (_, i) => numbers.slice(i * width, (i + 1) * width));
}
