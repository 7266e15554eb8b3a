/**
 * A statement's rows kept up to date the plain way, without the program's own keeper: facts in one array a customer,
 * each customer's due instants looked through. For tests that hold a description of what is kept against the
 * statement it describes. Owns no engine.
 */
import type { Engine } from '../../server/engine/port.ts';
import { factRows } from '../../server/live/kept/kept.sql.ts';
import type { CompileScope } from '../../server/query/events.ts';
import { timeOfFact } from '../../server/query/kept.ts';
import type { ArrivedEvent, CustomerFacts, FactsQuery, Kept, Totals } from '../../server/query/kept.ts';
import { param, sql } from '../../server/query/sql.ts';

interface Held {
  /** Facts, each its numbers, in order. */
  facts: readonly (readonly number[])[];
  /** The edges it was counted at; null: not counted. */
  countedAt: readonly number[] | null;
  due: number[];
}

/** What has arrived, by customer key. */
export type Arrived = readonly { readonly key: string; readonly event: ArrivedEvent }[];

export class KeptByHand<Row> {
  readonly customers = new Map<string, Held>();
  private readonly totals: Totals<Row>;
  private untilMs: number;
  /** How often a customer was counted anew because an edge had passed its instant. */
  dues = 0;

  private constructor(
    private readonly engine: Engine,
    private kept: Kept<Row>,
    private scope: CompileScope,
  ) {
    this.totals = kept.open();
    this.untilMs = kept.facts.sinceMs;
  }

  /** Everybody's facts, as they are. */
  static async of<Row>(engine: Engine, kept: Kept<Row>, scope: CompileScope): Promise<KeptByHand<Row>> {
    const made = new KeptByHand(engine, kept, scope);
    await made.move(kept, scope);
    return made;
  }

  rows(): readonly Row[] {
    return this.totals.rows(this.kept.edges);
  }

  /** The edges as they are now; facts that have waited for them come in. */
  async move(kept: Kept<Row>, scope: CompileScope): Promise<void> {
    const [sinceMs, untilMs] = [this.untilMs, kept.facts.untilMs];
    this.kept = kept;
    this.scope = scope;
    this.untilMs = untilMs;
    for (const held of this.customers.values()) {
      if (kept.edges.every((edge, e) => edge < (held.due[e] ?? Infinity))) continue;
      this.dues += 1;
      this.recount(held, () => held.facts);
    }
    if (untilMs <= sinceMs) return;
    for (const [key, facts] of await this.read({ sinceMs, untilMs, whose: sql`1` })) {
      const held = this.heldOf(key);
      this.recount(held, () => sorted([...held.facts, ...facts]));
    }
  }

  /** Events that have come since, told by what is known of them, or read again where that does not tell. */
  async arrive(arrived: Arrived): Promise<void> {
    const { ofEvent } = this.kept.facts;
    if (!ofEvent) return this.readAgain(arrived);
    for (const { key, event } of arrived) {
      if (event.timeMs >= this.untilMs) continue;
      const held = this.heldOf(key);
      this.recount(held, () => {
        const out: number[] = [];
        ofEvent(event, sideBySide(held.facts), out);
        return sorted([...held.facts, ...cut(out, this.kept.facts.width)]);
      });
    }
  }

  /** Everybody's facts as they are stored now, by customer key. */
  readAll(): Promise<ReadonlyMap<string, readonly number[][]>> {
    return this.read({ sinceMs: this.kept.facts.sinceMs, untilMs: this.untilMs, whose: sql`1` });
  }

  private async read(
    part: Parameters<FactsQuery['rows']>[1],
  ): Promise<ReadonlyMap<string, readonly number[][]>> {
    const { rows } = await this.engine.query(factRows(this.kept.facts, this.scope, part));
    const read = new Map<string, number[][]>();
    for (const { customer_key, fact, beside_1, beside_2 } of rows) {
      const numbers = [fact, beside_1, beside_2].flatMap((n) => (n === undefined ? [] : [Number(n)]));
      read.set(customer_key, [...(read.get(customer_key) ?? []), numbers]);
    }
    return read;
  }

  private async readAgain(arrived: Arrived): Promise<void> {
    const sinceMs = Math.min(...arrived.map(({ event }) => event.timeMs));
    const keys = [...new Set(arrived.map(({ key }) => key))];
    const whose = sql`customer_key IN ${param.uint64s(keys)}`;
    const read = await this.read({ sinceMs, untilMs: this.untilMs, whose });
    for (const key of keys) {
      const held = this.heldOf(key);
      const earlier = held.facts.filter(([first = 0]) => timeOfFact(first) < sinceMs);
      this.recount(held, () => sorted([...earlier, ...(read.get(key) ?? [])]));
    }
  }

  private heldOf(key: string): Held {
    const held = this.customers.get(key) ?? { facts: [], countedAt: null, due: [] };
    this.customers.set(key, held);
    return held;
  }

  private recount(held: Held, facts: () => Held['facts']): void {
    const { edges } = this.kept;
    if (held.countedAt) this.totals.count(sideBySide(held.facts), held.countedAt, -1);
    held.facts = facts();
    held.countedAt = held.facts.length > 0 ? edges : null;
    if (!held.countedAt) return;
    this.totals.count(sideBySide(held.facts), edges, 1);
    this.totals.until(sideBySide(held.facts), edges, held.due);
  }
}

/** As the program holds them: among others, in one array. */
function sideBySide(facts: Held['facts']): CustomerFacts {
  const numbers = facts.flat();
  return { values: Float64Array.from([0, 0, 0, ...numbers, 0, 0]), begin: 3, end: 3 + numbers.length };
}

function sorted(facts: Held['facts']): Held['facts'] {
  return [...facts].sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0));
}

function cut(numbers: readonly number[], width: number): readonly (readonly number[])[] {
  return Array.from({ length: numbers.length / width }, (_, i) => numbers.slice(i * width, (i + 1) * width));
}
