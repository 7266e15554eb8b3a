/**
 * What keeps statements' rows up to date, in the plainest way there is: a list of facts for each customer, sorted
 * with every change, and whoever is due found by looking at everybody. For tests of what slices describe.
 */
import type { Engine } from '../../server/engine/port.ts';
import type { CompileScope } from '../../server/query/events.ts';
import { factAt } from '../../server/query/kept.ts';
import type { ArrivedEvent, CustomerFacts, FactsPart, Kept, Totals } from '../../server/query/kept.ts';
import { param, sql } from '../../server/query/sql.ts';
import type { Sql } from '../../server/query/sql.ts';
import { keyedBy } from '../../server/query/keyed.ts';
import type { StoredEvent } from '../support/events.ts';

export interface Arrival {
  /** `customer_key` in decimal. */
  readonly key: string;
  readonly event: ArrivedEvent;
}

interface Customer {
  facts: readonly (readonly number[])[];
  /** For each edge, when the customer may add something else. */
  until: readonly number[];
}

export class KeptByHand<Row> {
  private kept: Kept<Row> | null = null;
  private totals: Totals<Row> | null = null;
  private edges: readonly number[] = [];
  /** Arrived before their time has come. */
  private waiting: readonly Arrival[] = [];
  private customers = new Map<string, Customer>();

  constructor(
    private readonly engine: Engine,
    private readonly scope: CompileScope,
    /** Of all that is stored, what this world is: a condition on `customer_key`. */
    private readonly whose: Sql,
  ) {}

  /** The rows now; everybody's facts are read where others than before are asked for. */
  async rows(kept: Kept<Row>): Promise<readonly Row[]> {
    const known = this.kept;
    this.kept = kept;
    const isKnown = known?.facts.shape === kept.facts.shape && kept.facts.sinceMs >= known.facts.sinceMs;
    if (!isKnown) await this.readAll(kept);
    else await this.take(this.waiting);
    if (!this.totals || !isKnown || known.shape !== kept.shape) this.countAll(kept);
    else this.moveTo(kept.edges);
    return this.totals?.rows(this.edges) ?? [];
  }

  /** What arrives: told by the events themselves where that can be; `again`: all the same by what is stored. */
  async take(arrivals: readonly Arrival[], again = false): Promise<void> {
    const facts = this.kept?.facts;
    if (!facts) {
      this.waiting = arrivals;
      return;
    }
    const due = arrivals.filter(({ event }) => event.timeMs < facts.untilMs);
    this.waiting = [
      ...this.waiting.filter((arrival) => !arrivals.includes(arrival)),
      ...arrivals.filter((arrival) => !due.includes(arrival)),
    ];
    if (again || !facts.ofEvent) {
      await this.readAgain(due);
      return;
    }
    for (const { key, event } of due) {
      const known = this.customers.get(key)?.facts ?? [];
      const out: number[] = [];
      facts.ofEvent(event, viewOf(known), out);
      if (out.length > 0) this.change(key, [...known, ...cut(out, facts.width)]);
    }
  }

  /** Each customer's facts that matter, to be compared: in one order, also those that are equal but for what is beside. */
  facts(): ReadonlyMap<string, readonly string[]> {
    const first = factAt(this.kept?.facts.sinceMs ?? 0, 0);
    const mattering = [...this.customers].map(([key, { facts }]): [string, readonly string[]] => [
      key,
      facts
        .filter(([fact = 0]) => fact >= first)
        .map(String)
        .sort(),
    ]);
    return new Map(mattering.filter(([, facts]) => facts.length > 0).sort());
  }

  private async readAll(kept: Kept<Row>): Promise<void> {
    const { sinceMs, untilMs } = kept.facts;
    this.waiting = this.waiting.filter(({ event }) => event.timeMs >= untilMs);
    this.totals = null;
    const found = await this.read({ sinceMs, untilMs, whose: this.whose });
    this.customers = new Map(
      [...found].map(([key, facts]) => [key, { facts: this.inOrder(facts), until: [] }]),
    );
  }

  private async readAgain(due: readonly Arrival[]): Promise<void> {
    const facts = this.kept?.facts;
    if (!facts || due.length === 0) return;
    const keys = [...new Set(due.map(({ key }) => key))];
    const earliest = Math.min(...due.map(({ event }) => event.timeMs));
    const sinceMs = Math.max(facts.beginOf?.(earliest) ?? earliest, facts.sinceMs);
    const found = await this.read({ sinceMs, untilMs: facts.untilMs, whose: keyedBy(keys) });
    for (const key of keys) {
      const stay = this.customers.get(key)?.facts.filter(([first = 0]) => first < factAt(sinceMs, 0)) ?? [];
      this.change(key, [...stay, ...(found.get(key) ?? [])]);
    }
  }

  private async read(part: FactsPart): Promise<Map<string, number[][]>> {
    const facts = this.kept?.facts;
    const found = new Map<string, number[][]>();
    if (!facts) return found;
    const { rows } = await this.engine.query<Record<string, string>>({
      name: 'test.facts',
      sql: sql`SELECT toString(customer_key) AS key, * FROM (${facts.rows(this.scope, part)})`,
    });
    for (const { key = '', fact, beside_1, beside_2 } of rows) {
      const numbers = [fact, beside_1, beside_2].slice(0, facts.width).map(Number);
      found.set(key, [...(found.get(key) ?? []), numbers]);
    }
    return found;
  }

  private inOrder(facts: readonly (readonly number[])[]): readonly (readonly number[])[] {
    const sorted = [...facts].sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0));
    return this.kept?.facts.isSet ? sorted.filter(([first], i) => first !== sorted[i - 1]?.[0]) : sorted;
  }

  private change(key: string, facts: readonly (readonly number[])[]): void {
    const customer = this.customers.get(key) ?? { facts: [], until: [] };
    this.customers.set(key, customer);
    this.count(customer, -1);
    customer.facts = this.inOrder(facts);
    this.count(customer, 1);
  }

  private countAll(kept: Kept<Row>): void {
    this.totals = kept.open();
    this.edges = kept.edges;
    for (const customer of this.customers.values()) this.count(customer, 1);
  }

  private moveTo(edges: readonly number[]): void {
    const due = [...this.customers.values()].filter(({ until }) =>
      until.some((ms, i) => ms <= (edges[i] ?? -Infinity)),
    );
    for (const customer of due) this.count(customer, -1);
    this.edges = edges;
    for (const customer of due) this.count(customer, 1);
  }

  private count(customer: Customer, weight: 1 | -1): void {
    if (!this.totals || customer.facts.length === 0) return;
    const view = viewOf(customer.facts);
    this.totals.count(view, this.edges, weight);
    if (weight === -1) return;
    const until = this.edges.map(() => Infinity);
    this.totals.until(view, this.edges, until);
    customer.until = until;
  }
}

/** Somewhere among other numbers, as in a store. */
function viewOf(facts: readonly (readonly number[])[]): CustomerFacts {
  const numbers = facts.flat();
  return { values: Float64Array.from([NaN, ...numbers, NaN]), begin: 1, end: 1 + numbers.length };
}

/** Facts of so many numbers each. */
function cut(numbers: readonly number[], width: number): number[][] {
  const facts: number[][] = [];
  for (let i = 0; i < numbers.length; i += width) facts.push(numbers.slice(i, i + width));
  return facts;
}

/** Of each customer id its key. */
export async function keysOf(
  engine: Engine,
  events: readonly StoredEvent[],
): Promise<ReadonlyMap<string, string>> {
  const ids = param.strings([...new Set(events.map(({ customerId }) => customerId))]);
  const { rows } = await engine.query<{ id: string; key: string }>({
    name: 'test.keys',
    sql: sql`SELECT id, toString(cityHash64(id)) AS key FROM (SELECT arrayJoin(${ids}) AS id)`,
  });
  return new Map(rows.map(({ id, key }) => [id, key]));
}

/** A stored event as it arrives; without what names its order and session. */
export function arrivalOf(
  { customerId, timeMs, event, channel, revenue }: StoredEvent,
  keys: ReadonlyMap<string, string>,
): Arrival {
  const amount = Math.round((revenue ?? 0) * 10_000);
  const none = { hasOrderId: false, orderKey: 0, sessionKey: 0 };
  return {
    key: keys.get(customerId) ?? '0',
    event: { timeMs, event, channel, amount, hasRevenue: revenue !== null, ...none },
  };
}
