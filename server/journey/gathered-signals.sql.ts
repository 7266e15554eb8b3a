/**
 * Signal rows of each customer side by side, in SQL: gathered by ranges of keys, so that arrays of them cost little.
 * What kinds of row one is stands beside its instant in one number `n`, its amount in another, `a`; what is told of
 * a customer is told from these. Knows neither windows nor stages.
 */
import { sortedByCustomer } from '../query/gathered.ts';
import { paired } from '../query/order-times.ts';
import { int, join, name, param, sql } from '../query/sql.ts';
import type { Sql } from '../query/sql.ts';
import type { StagePlan } from './conditions.ts';

/**
 * Beside 42 bits for the milliseconds until 2109. A kind is a bit; where there are more kinds than bits, a number, and
 * a row stands there once for each of its kinds.
 */
const KIND_BITS = 22;

/** When the row `n` was, in milliseconds. */
export const instantOfRow = sql`toInt64(bitShiftRight(n, ${int(KIND_BITS)}))`;
/** The amount `a` of a row. */
const amountOfRow = sql`reinterpret(a, 'Decimal(18, 4)')`;

const KNOWN = 'is_known';

/** Columns of signal rows that say what kind of row it is. */
function kindsOf(plan: StagePlan): readonly string[] {
  const signals = plan.signals.flatMap(({ kind }, s) =>
    kind === 'match' || kind === 'revenue' ? [`is_signal_${s}`] : [],
  );
  return [KNOWN, ...plan.orders.map((_, n) => `is_order_${n}`), ...signals];
}

/** True (0 or 1) of a row `n` of the signal. */
export function isOfSignal(signal: number, plan: StagePlan): Sql {
  return isOf(`is_signal_${signal}`, plan);
}

function isOf(kind: string, plan: StagePlan): Sql {
  const kinds = kindsOf(plan);
  const place = kinds.indexOf(kind);
  return kinds.length <= KIND_BITS
    ? sql`bitTest(n, ${int(place)})`
    : sql`(bitAnd(n, ${int(2 ** KIND_BITS - 1)}) = ${int(place + 1)})`;
}

/** The sum of amounts of the rows that meet a condition (0 or 1) on `n`, each once. */
export function sumOfRows(condition: Sql): Sql {
  return sql`arraySum((n, a) -> if(${condition}, ${amountOfRow}, toDecimal64(0, 4)), numbers, beside_2)`;
}

/** How many rows meet a condition (0 or 1) on `n`. */
export function countOfRows(condition: Sql): Sql {
  return sql`arrayCount(n -> ${condition}, numbers)`;
}

/** All revenue up to an instant. */
export function revenueUpTo(atMs: number, plan: StagePlan): Sql {
  const isUpTo = sql`${instantOfRow} <= ${param.int64(atMs)}`;
  // Where kinds are numbers, each row stands there once without one.
  if (kindsOf(plan).length <= KIND_BITS) return sumOfRows(isUpTo);
  return sumOfRows(sql`bitAnd(${isUpTo}, bitAnd(n, ${int(2 ** KIND_BITS - 1)}) = 0)`);
}

/** What is made of a customer's rows: over `numbers`, `beside_2`, `orders_N`. */
export interface OfCustomer {
  readonly column: Sql;
  readonly value: Sql;
}

/**
 * From signal rows, one row a customer: `customer_key, first_at` (0 for those not known), `orders_N` (the time of each
 * order, at its first event), `times_S` and `payments_S` by signal, and what else is asked for.
 */
export function gatheredSignals(plan: StagePlan, rows: Sql, others: readonly OfCustomer[] = []): Sql {
  const sorted = sortedByCustomer({
    ...numbered(plan, rows),
    beside: [sql`order_key`, sql`reinterpretAsUInt64(amount)`],
  });
  const orders = plan.orders.map((_, n) => {
    const isOrder = isOf(`is_order_${n}`, plan);
    const nth = sql`arrayEnumerateUniq(arrayFilter((o, n) -> ${isOrder}, beside_1, numbers))`;
    return sql`arrayFilter((t, u) -> u = 1, ${timesOf(isOrder)}, ${nth}) AS ${name('orders', n)}`;
  });
  const signals = plan.signals.flatMap(({ kind }, s): Sql[] => {
    if (kind === 'match') return [sql`${timesOf(isOfSignal(s, plan))} AS ${name('times', s)}`];
    return kind === 'revenue' ? [sql`${paymentsOf(isOfSignal(s, plan))} AS ${name('payments', s)}`] : [];
  });
  const first = sql`toInt64(bitShiftRight(arrayFirst(n -> ${isOf(KNOWN, plan)}, numbers), ${int(KIND_BITS)})) AS first_at`;
  const more = others.map(({ column, value }) => sql`${value} AS ${column}`);
  return sql`SELECT ${join([sql`customer_key`, first, ...orders, ...signals, ...more], sql`, `)}
FROM (
${sorted}
)`;
}

/** The rows to gather, and the number of each. */
function numbered(plan: StagePlan, rows: Sql): { readonly rows: Sql; readonly number: Sql } {
  const kinds = kindsOf(plan);
  const packed = (kind: Sql): Sql => sql`toUInt64(bitShiftLeft(toInt64(at), ${int(KIND_BITS)}) + ${kind})`;
  if (kinds.length <= KIND_BITS) {
    const bits = kinds.map((kind, bit) => sql`${name(kind)} * ${int(2 ** bit)}`);
    return { rows, number: packed(join(bits, sql` + `)) };
  }
  const numbers = join(
    kinds.map((kind, i) => sql`${name(kind)} * ${int(i + 1)}`),
    sql`, `,
  );
  const perKind = sql`SELECT *, arrayJoin(arrayPushFront(arrayFilter(k -> k > 0, [${numbers}]), 0)) AS kind\nFROM (${rows})`;
  return { rows: perKind, number: packed(sql`kind`) };
}

function timesOf(isOne: Sql): Sql {
  return sql`arrayMap(n -> ${instantOfRow}, arrayFilter(n -> ${isOne}, numbers))`;
}

/** Instant and amount of each as one number. */
function paymentsOf(isOne: Sql): Sql {
  const isPaid = sql`bitAnd(${isOne}, a != 0)`;
  return sql`arrayMap((n, a) -> ${paired(instantOfRow, sql`a`)}, arrayFilter((n, a) -> ${isPaid}, numbers, beside_2), arrayFilter((a, n) -> ${isPaid}, beside_2, numbers))`;
}
