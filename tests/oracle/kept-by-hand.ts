/**
 * Statements kept up to date in the plainest way there is, as server/live/kept does with care: each customer's facts
 * in a list, looked at again when one of its events arrives or an edge comes to what `until` said; whoever is due is
 * found by looking at everybody. For tests of what slices describe. Knows no slice.
 */
import type { Engine } from '../../server/engine/port.ts';
import { isOfCustomers } from '../../server/live/kept/kept.sql.ts';
import type { CompileScope } from '../../server/query/events.ts';
import { factAt } from '../../server/query/kept.ts';
import type { CustomerFacts, FactsQuery, Kept, Totals } from '../../server/query/kept.ts';
import { sql } from '../../server/query/sql.ts';
import type { Sql } from '../../server/query/sql.ts';
import type { SqlQuery } from '../../server/query/statement.ts';
import type { Arrival } from './arrivals.ts';

type Fact = readonly number[];
/** One statement or more, all of the same facts. */
type Statements = readonly SqlQuery<object>[];

interface Customer {
  facts: readonly Fact[];
  /** For each statement and each of its edges, when the customer may add something else. */
  due: readonly (readonly number[])[];
}

interface Counted {
  readonly kept: Kept<object>;
  readonly totals: Totals<object>;
}

export interface HandOptions {
  /** Facts are always read again, even where an event would tell. */
  readonly isByRows?: boolean;
  /** Of what is stored, whatever may happen after the range's end. */
  readonly ahead?: readonly Arrival[];
}

export class KeptByHand {
  private readonly customers = new Map<string, Customer>();
  private counted: readonly Counted[] = [];
  /** Arrived before their time has come. */
  private waiting: readonly Arrival[] = [];

  private constructor(
    private readonly engine: Engine,
    private facts: FactsQuery,
    private scope: CompileScope,
    private readonly isByRows: boolean,
  ) {}

  /** From what is stored. */
  static async of(
    engine: Engine,
    statements: Statements,
    scope: CompileScope,
    { isByRows = false, ahead = [] }: HandOptions = {},
  ): Promise<KeptByHand> {
    const byHand = new KeptByHand(engine, factsOf(statements), scope, isByRows);
    byHand.waiting = ahead;
    await byHand.readAll(statements);
    return byHand;
  }

  /** Whether arriving events are taken in by themselves. */
  get isTold(): boolean {
    return !this.isByRows && this.facts.ofEvent !== undefined;
  }

  /** What arrives, in this order. */
  async arrive(events: readonly Arrival[]): Promise<void> {
    const isAhead = ({ timeMs }: Arrival): boolean => timeMs >= this.facts.untilMs;
    this.waiting = [...this.waiting, ...events.filter(isAhead)];
    const now = events.filter((event) => !isAhead(event));
    if (!this.isTold) return this.readAgain(now);
    for (const event of now) {
      const known = this.customers.get(event.key)?.facts ?? [];
      const out: number[] = [];
      this.facts.ofEvent?.(event, viewOf(known), out);
      if (out.length > 0) this.change(event.key, [...known, ...cut(out, this.facts.width)]);
    }
  }

  /** The same statements at a later instant. False: they were of other facts, or counted otherwise, and begun anew. */
  async move(statements: Statements, scope: CompileScope): Promise<boolean> {
    const [before, facts] = [this.facts, factsOf(statements)];
    this.facts = facts;
    this.scope = scope;
    if (facts.shape !== before.shape || facts.sinceMs < before.sinceMs) {
      await this.readAll(statements);
      return false;
    }
    // As arriving events are: before the edges come to them.
    const waiting = this.waiting;
    this.waiting = [];
    await this.arrive(waiting);
    const goesOn = statements.every((statement, i) => this.goesOn(keptOf(statement), i));
    if (goesOn) this.moveTo(statements);
    else this.countAll(statements);
    return goesOn;
  }

  /** Of each statement. */
  rows(): readonly (readonly object[])[] {
    return this.counted.map(({ kept, totals }) => totals.rows(kept.edges));
  }

  /** Each customer's facts that matter, to be compared. */
  told(): ReadonlyMap<string, readonly string[]> {
    const since = firstFrom(this.facts.sinceMs);
    const all = [...this.customers].map(([key, { facts }]): [string, string[]] => [
      key,
      facts.filter(([first = 0]) => first >= since).map((fact) => fact.join()),
    ]);
    return new Map(all.filter(([, facts]) => facts.length > 0).map(([key, facts]) => [key, facts.sort()]));
  }

  private async readAll(statements: Statements): Promise<void> {
    this.waiting = this.waiting.filter(({ timeMs }) => timeMs >= this.facts.untilMs);
    this.customers.clear();
    for (const [key, facts] of await this.read(this.facts.sinceMs, sql`1`))
      this.customers.set(key, { facts: this.inOrder(facts), due: [] });
    this.countAll(statements);
  }

  private async readAgain(events: readonly Arrival[]): Promise<void> {
    if (events.length === 0) return;
    const keys = [...new Set(events.map(({ key }) => key))];
    const earliest = Math.min(...events.map(({ timeMs }) => timeMs));
    const sinceMs = Math.max(this.facts.beginOf?.(earliest) ?? earliest, this.facts.sinceMs);
    const found = await this.read(sinceMs, isOfCustomers(keys, this.scope));
    for (const key of keys) {
      const known = this.customers.get(key)?.facts ?? [];
      const stay = known.filter(([first = 0]) => first < firstFrom(sinceMs));
      this.change(key, [...stay, ...(found.get(key) ?? [])]);
    }
  }

  private async read(sinceMs: number, whose: Sql): Promise<Map<string, Fact[]>> {
    const part = { sinceMs, untilMs: this.facts.untilMs, whose };
    const { rows } = await this.engine.query<
      Record<'customer_key' | 'fact' | 'beside_1' | 'beside_2', string>
    >({ name: 'test.facts', sql: this.facts.rows(this.scope, part) });
    const found = new Map<string, Fact[]>();
    for (const { customer_key: key, fact, beside_1, beside_2 } of rows) {
      const own = found.get(key) ?? [];
      found.set(key, own);
      own.push([fact, beside_1, beside_2].slice(0, this.facts.width).map(Number));
    }
    return found;
  }

  private inOrder(facts: readonly Fact[]): readonly Fact[] {
    const each = this.facts.isSet
      ? [...new Map(facts.map((fact) => [fact.join(), fact])).values()]
      : [...facts];
    return each.sort(([a = 0], [b = 0]) => a - b);
  }

  private change(key: string, facts: readonly Fact[]): void {
    const customer = this.customers.get(key) ?? { facts: [], due: [] };
    this.customers.set(key, customer);
    this.takeAway(customer);
    customer.facts = this.inOrder(facts);
    this.addAnew(customer);
  }

  private countAll(statements: Statements): void {
    this.counted = statements.map(keptOf).map((kept) => ({ kept, totals: kept.open() }));
    for (const customer of this.customers.values()) this.addAnew(customer);
  }

  /**
   * Whether a statement is counted as before, at the same edges or later ones. A month back goes back itself: from
   * March 29 at 21:00 to February 28 at 21:00, from the morning after to the same day's morning.
   */
  private goesOn({ shape, edges }: Kept<object>, i: number): boolean {
    const before = this.counted[i]?.kept;
    return shape === before?.shape && edges.every((edge, k) => edge >= (before.edges[k] ?? Infinity));
  }

  private moveTo(statements: Statements): void {
    const counted = statements.map((statement, i): Counted => {
      return { kept: keptOf(statement), totals: (this.counted[i] as Counted).totals };
    });
    const isDue = ({ due }: Customer): boolean =>
      counted.some(({ kept }, i) => due[i]?.some((ms, k) => ms <= (kept.edges[k] ?? -Infinity)));
    const all = [...this.customers.values()].filter(isDue);
    for (const customer of all) this.takeAway(customer);
    this.counted = counted;
    for (const customer of all) this.addAnew(customer);
  }

  private takeAway({ facts }: Customer): void {
    if (facts.length === 0) return;
    for (const { kept, totals } of this.counted) totals.count(viewOf(facts), kept.edges, -1);
  }

  private addAnew(customer: Customer): void {
    if (customer.facts.length === 0) return;
    const view = viewOf(customer.facts);
    customer.due = this.counted.map(({ kept: { edges }, totals }) => {
      totals.count(view, edges, 1);
      const due = edges.map(() => Infinity);
      totals.until(view, edges, due);
      if (due.some((ms, k) => !(ms > (edges[k] ?? -Infinity)))) throw new Error('due before its edge');
      return due;
    });
  }
}

/** How the statement is kept; throws if it is not. */
export function keptOf<Row extends object>({ kept, name }: SqlQuery<Row>): Kept<Row> {
  if (!kept) throw new Error(`not kept: ${name}`);
  return kept;
}

function factsOf(statements: Statements): FactsQuery {
  const all = statements.map((statement) => keptOf(statement).facts);
  const [facts] = all;
  if (!facts || all.some(({ shape }) => shape !== facts.shape)) throw new Error('not of the same facts');
  return facts;
}

/** Somewhere among the facts of others, as they stand in a store. */
function viewOf(facts: readonly Fact[]): CustomerFacts {
  const values = Float64Array.from([7e15, ...facts.flat(), 1]);
  return { values, begin: 1, end: values.length - 1 };
}

/** Facts of so many numbers each. */
function cut(numbers: readonly number[], width: number): Fact[] {
  return Array.from({ length: numbers.length / width }, (_, i) => numbers.slice(i * width, (i + 1) * width));
}

function firstFrom(ms: number): number {
  return ms === -Infinity ? -Infinity : factAt(ms, 0);
}
