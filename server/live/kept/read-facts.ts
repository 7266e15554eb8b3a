/** Facts from the engine into a store: everybody's at once, or those of some customers. */
import type { CallOptions, Engine } from '../../engine/port.ts';
import type { CompileScope } from '../../query/events.ts';
import type { FactsQuery } from '../../query/kept.ts';
import { sql } from '../../query/sql.ts';
import type { FactStore } from './fact-store.ts';
import type { FactsBatch } from './facts-reader.ts';
import { factsStream } from './facts-stream.ts';
import { factRows, factsByCustomer, isOfCustomers } from './kept.sql.ts';

export interface FactsSource {
  readonly engine: Engine;
  readonly query: FactsQuery;
  readonly scope: CompileScope;
  readonly sinceMs: number;
  readonly untilMs: number;
}

const EVERYBODY = sql`1`;

/**
 * Puts everybody's facts into the store, until `goesOn` says no. Resolves to a moment (performance.now) by which
 * the engine had begun to read.
 */
export async function readEverybody(
  { engine, query, scope, sinceMs, untilMs }: FactsSource,
  store: FactStore,
  goesOn: () => boolean,
  options: CallOptions,
): Promise<number> {
  const part = { sinceMs, untilMs, whose: EVERYBODY };
  const statement = {
    name: 'live.everybody',
    sql: factsByCustomer(query, scope, part),
    width: query.width,
  };
  let begun: number | undefined;
  for await (const batch of factsStream(engine, statement, options)) {
    begun ??= performance.now();
    load(store, batch);
    if (!goesOn()) break;
  }
  return begun ?? performance.now();
}

function load(store: FactStore, { count, keys, ends, values }: FactsBatch): void {
  let begin = 0;
  for (let i = 0; i < count; i += 1) {
    const end = ends[i] ?? begin;
    store.set(store.slotOf(keys[i] ?? 0n), values, begin, end);
    begin = end;
  }
}

/** By slot of the store, the facts of these customers in any order; nothing where there are none. */
export async function readSome(
  { engine, query, scope, sinceMs, untilMs }: FactsSource,
  store: FactStore,
  keys: readonly string[],
  options: CallOptions,
): Promise<ReadonlyMap<number, readonly number[]>> {
  const part = { sinceMs, untilMs, whose: isOfCustomers(keys, scope) };
  const { rows } = await engine.query(factRows(query, scope, part), options);
  const slots = new Map<number, number[]>(keys.map((key) => [store.slotOf(BigInt(key)), []]));
  for (const { customer_key, fact, beside_1, beside_2 } of rows) {
    const slot = store.slotOf(BigInt(customer_key));
    const facts = slots.get(slot) ?? [];
    slots.set(slot, facts);
    facts.push(Number(fact));
    if (beside_1 !== undefined) facts.push(Number(beside_1));
    if (beside_2 !== undefined) facts.push(Number(beside_2));
  }
  return slots;
}
