/**
 * What toggles are made of, gathered for each customer by ranges of keys: what kinds of row it is stands in the low
 * bits of a row's instant. For as many kinds as have room there.
 */
import { sortedByCustomer } from '../query/gathered.ts';
import { paired } from '../query/order-times.ts';
import { int, join, name, sql } from '../query/sql.ts';
import type { Sql } from '../query/sql.ts';
import type { StagePlan } from './conditions.ts';

/** Beside 42 bits for the milliseconds until 2109. */
const KIND_BITS = 22;

/** Columns of `eventRows` that say what kind of row it is. */
function kindsOf(plan: StagePlan): readonly string[] {
  const signals = plan.signals.flatMap(({ kind }, s) =>
    kind === 'match' || kind === 'revenue' ? [`is_signal_${s}`] : [],
  );
  return [...plan.orders.map((_, n) => `is_order_${n}`), ...signals];
}

export function hasRoomFor(plan: StagePlan): boolean {
  return kindsOf(plan).length <= KIND_BITS;
}

/** `customer_key, orders_N, times_S, payments_S`, from `eventRows`: a row for each customer with any. */
export function gatheredByRange(plan: StagePlan, rows: Sql): Sql {
  const kinds = kindsOf(plan);
  const bits = kinds.map((kind, bit) => sql`${name(kind)} * ${int(2 ** bit)}`);
  const sorted = sortedByCustomer({
    rows,
    number: sql`toUInt64(${join([sql`bitShiftLeft(at, ${int(KIND_BITS)})`, ...bits], sql` + `)})`,
    beside: [sql`order_key`, sql`reinterpretAsUInt64(amount)`],
  });
  const isOf = (kind: string): Sql => sql`bitTest(n, ${int(kinds.indexOf(kind))})`;
  const instant = sql`toInt64(bitShiftRight(n, ${int(KIND_BITS)}))`;
  const times = (kind: string): Sql =>
    sql`arrayMap(n -> ${instant}, arrayFilter(n -> ${isOf(kind)}, numbers))`;
  const orders = plan.orders.map((_, n) => {
    const kind = `is_order_${n}`;
    const nth = sql`arrayEnumerateUniq(arrayFilter((o, n) -> ${isOf(kind)}, beside_1, numbers))`;
    return sql`arrayFilter((t, u) -> u = 1, ${times(kind)}, ${nth}) AS ${name('orders', n)}`;
  });
  const signals = plan.signals.flatMap(({ kind }, s): Sql[] => {
    const own = `is_signal_${s}`;
    if (kind === 'match') return [sql`${times(own)} AS ${name('times', s)}`];
    if (kind !== 'revenue') return [];
    const isPaid = sql`bitAnd(${isOf(own)}, a != 0)`;
    return [
      sql`arrayMap((n, a) -> ${paired(instant, sql`a`)}, arrayFilter((n, a) -> ${isPaid}, numbers, beside_2), arrayFilter((a, n) -> ${isPaid}, beside_2, numbers)) AS ${name('payments', s)}`,
    ];
  });
  return sql`SELECT ${join([sql`customer_key`, ...orders, ...signals], sql`, `)}
FROM (
${sorted}
)`;
}
