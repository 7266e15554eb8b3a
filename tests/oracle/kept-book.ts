/**
 * What is kept, by the shape in server/query/kept.ts, held plainly: facts in one list a customer, read by the
 * statement's own `rows` or told by `ofEvent`. For tests that drive a slice's kept answers beside its statements.
 */
import type { Engine } from '../../server/engine/port.ts';
import type { CompileScope } from '../../server/query/events.ts';
import { keyedBy } from '../../server/query/keyed.ts';
import { KINDS } from '../../server/query/kept.ts';
import type { ArrivedEvent, CustomerFacts, FactsQuery, Kept, Totals } from '../../server/query/kept.ts';
import { sql } from '../../server/query/sql.ts';

/** By customer key: rows of numbers in order of their first ones. */
export type FactRows = Map<string, number[][]>;

export async function readFacts(
  engine: Engine,
  facts: FactsQuery,
  scope: CompileScope,
  of: { readonly sinceMs?: number; readonly keys?: readonly string[] } = {},
): Promise<FactRows> {
  const part = {
    sinceMs: of.sinceMs ?? facts.sinceMs,
    untilMs: facts.untilMs,
    whose: of.keys ? keyedBy(of.keys) : sql`1`,
  };
  type Row = Record<'customer_key' | 'fact' | 'beside_1' | 'beside_2', string>;
  const { rows } = await engine.query<Row>({ name: 'facts', sql: facts.rows(scope, part) });
  const all: FactRows = new Map();
  for (const row of rows) {
    const numbers = [row.fact, row.beside_1, row.beside_2].slice(0, facts.width).map(Number);
    all.set(row.customer_key, [...(all.get(row.customer_key) ?? []), numbers]);
  }
  for (const own of all.values()) own.sort(inOrder);
  return all;
}

export function inOrder(a: readonly number[], b: readonly number[]): number {
  return a.map((x, i) => x - (b[i] ?? 0)).find((d) => d !== 0) ?? 0;
}

/** One customer's facts before `untilMs` as totals are given them, somewhere within a longer array. */
export function given(rows: readonly (readonly number[])[], untilMs: number): CustomerFacts {
  const before = rows.filter(([first = 0]) => first < untilMs * KINDS).flat();
  return { values: Float64Array.from([-1, -1, -1, ...before, -1]), begin: 3, end: 3 + before.length };
}

/** The facts of arriving events; those already kept are those of `known`. */
export function toldFacts(facts: FactsQuery, events: readonly ArrivedEvent[], known: number[][]): number[][] {
  const rows = [...known];
  for (const event of events) {
    const out: number[] = [];
    facts.ofEvent?.(event, given(rows, Infinity), out);
    for (let at = 0; at < out.length; at += facts.width) rows.push(out.slice(at, at + facts.width));
    rows.sort(inOrder);
  }
  return rows;
}

/** Totals of one statement, brought from one instant to the next customer by customer. */
export class KeptTotals<Row> {
  private readonly totals: Totals<Row>;
  private readonly due = new Map<string, number>();

  constructor(
    private kept: Kept<Row>,
    facts: FactRows,
  ) {
    this.totals = kept.open();
    for (const [key, rows] of facts) this.count(key, rows, 1);
  }

  rows(): readonly Row[] {
    return this.totals.rows(this.kept.edges);
  }

  /** Looks again at those whose facts before the end are others now, and at those who are due; at nobody else. */
  move(to: Kept<Row>, before: FactRows, after: FactRows): void {
    const from = this.kept;
    const changed = new Set<string>();
    for (const key of new Set([...before.keys(), ...after.keys()])) {
      const old = given(before.get(key) ?? [], from.facts.untilMs);
      const now = given(after.get(key) ?? [], to.facts.untilMs);
      const isDue = (this.due.get(key) ?? Infinity) <= (to.edges[0] ?? 0);
      if (isDue || old.values.join() !== now.values.join()) changed.add(key);
    }
    for (const key of changed) this.count(key, before.get(key) ?? [], -1);
    this.kept = to;
    for (const key of changed) this.count(key, after.get(key) ?? [], 1);
  }

  private count(key: string, rows: readonly (readonly number[])[], weight: 1 | -1): void {
    const { edges, facts } = this.kept;
    const own = given(rows, facts.untilMs);
    this.totals.count(own, edges, weight);
    const due = edges.map(() => Infinity);
    this.totals.until(own, edges, due);
    this.due.set(key, Math.min(...due));
  }
}
