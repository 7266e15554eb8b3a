/**
 * What a customer's facts say of each signal: when it happened, and how much was paid. Read once per customer into
 * arrays that are used again for the next. Knows neither windows' values nor stages.
 */
import type { Span } from '../query/duration.ts';
import { KINDS } from '../query/kept.ts';
import type { CustomerFacts } from '../query/kept.ts';
import type { Signal, StagePlan } from './conditions.ts';
import type { FactKinds } from './fact-kinds.ts';
import { FACT_WIDTH, KNOWN_BIT } from './fact-kinds.ts';

/** Instants in order, each with an amount where the signal has one. */
export class Times {
  at = new Float64Array(16);
  amounts = new Float64Array(16);
  length = 0;

  push(at: number, amount: number): void {
    if (this.length === this.at.length) {
      this.at = doubled(this.at);
      this.amounts = doubled(this.amounts);
    }
    this.at[this.length] = at;
    this.amounts[this.length] = amount;
    this.length += 1;
  }

  /** How many are not later than this. */
  upTo(ms: number): number {
    const { at } = this;
    let [low, high] = [0, this.length];
    if (high === 0 || (at[high - 1] as number) <= ms) return high;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((at[middle] as number) <= ms) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function doubled(values: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const more = new Float64Array(values.length * 2);
  more.set(values);
  return more;
}

/** Orders, each at the time of its first event; `amounts` are the names of the orders here. */
class Orders {
  readonly times = new Times();
  private readonly known = new Set<number>();

  clear(): void {
    if (this.times.length > FEW) this.known.clear();
    this.times.length = 0;
  }

  add(at: number, order: number): void {
    const { times, known } = this;
    if (times.length < FEW) {
      for (let i = 0; i < times.length; i += 1) if (times.amounts[i] === order) return;
    } else {
      if (times.length === FEW) {
        known.clear();
        for (let i = 0; i < FEW; i += 1) known.add(times.amounts[i] as number);
      }
      if (known.has(order)) return;
      known.add(order);
    }
    times.push(at, order);
  }
}

/** So many are looked through sooner than looked up. */
const FEW = 16;

/** The signals of one customer at a time. */
export class SignalTimes {
  /** By signal. */
  readonly bySignal: readonly Times[];
  /** First sight; 0 where nothing tells it. */
  firstAt = 0;
  private readonly orders: readonly Orders[];
  private readonly orderBits: readonly number[];
  private readonly matched: readonly { readonly bit: number; readonly times: Times }[];
  private readonly paid: readonly { readonly bit: number; readonly times: Times }[];
  private readonly made: readonly (() => void)[];

  constructor(plan: StagePlan, kinds: FactKinds) {
    this.orders = plan.orders.map(() => new Orders());
    this.orderBits = kinds.orders;
    this.bySignal = plan.signals.map((signal) =>
      signal.kind === 'order' ? this.ordersOf(signal.orders) : new Times(),
    );
    const read = (kind: Signal['kind']) =>
      plan.signals.flatMap((signal, s) =>
        signal.kind === kind ? [{ bit: kinds.signals[s] ?? 0, times: this.bySignal[s] as Times }] : [],
      );
    this.matched = read('match');
    this.paid = read('revenue');
    this.made = plan.signals.flatMap((signal, s) => {
      const times = this.bySignal[s] as Times;
      if (signal.kind === 'firstOrder') return [() => takeFirst(this.ordersOf(signal.orders), times)];
      if (signal.kind !== 'comeback') return [];
      return [() => takeComebacks(this.ordersOf(signal.orders), signal.after, times)];
    });
  }

  load({ values, begin, end }: CustomerFacts): void {
    const { orders, orderBits, matched, paid } = this;
    let firstAt = -1;
    for (const list of orders) list.clear();
    for (const { times } of matched) times.length = 0;
    for (const { times } of paid) times.length = 0;
    for (let i = begin; i < end; i += FACT_WIDTH) {
      const first = values[i] as number;
      const at = Math.floor(first / KINDS);
      const kinds = first - at * KINDS;
      if (firstAt < 0 && (kinds & KNOWN_BIT) !== 0) firstAt = at;
      for (let n = 0; n < orderBits.length; n += 1) {
        if ((kinds & (orderBits[n] as number)) !== 0) (orders[n] as Orders).add(at, values[i + 1] as number);
      }
      for (const { bit, times } of matched) if ((kinds & bit) !== 0) times.push(at, 0);
      const amount = values[i + 2] as number;
      if (amount !== 0) for (const { bit, times } of paid) if ((kinds & bit) !== 0) times.push(at, amount);
    }
    this.firstAt = Math.max(firstAt, 0);
    for (const make of this.made) make();
  }

  private ordersOf(sequence: number): Times {
    return (this.orders[sequence] as Orders).times;
  }
}

function takeFirst(orders: Times, times: Times): void {
  times.length = 0;
  if (orders.length > 0) times.push(orders.at[0] as number, 0);
}

/** Those that came `after` or longer after the one before. */
function takeComebacks(orders: Times, after: Span, times: Times): void {
  times.length = 0;
  for (let i = 1; i < orders.length; i += 1) {
    const at = orders.at[i] as number;
    if (at >= leavesAt(orders.at[i - 1] as number, after)) times.push(at, 0);
  }
}

/** The instant at which what happened at `atMs` leaves the window: months as ClickHouse adds them, in UTC. */
export function leavesAt(atMs: number, { months, ms }: Span): number {
  return (months === 0 ? atMs : addMonths(atMs, months)) + ms;
}

function addMonths(atMs: number, months: number): number {
  const day = new Date(atMs);
  const [year, month] = [day.getUTCFullYear(), day.getUTCMonth() + months];
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return Date.UTC(year, month, Math.min(day.getUTCDate(), lastDay)) + (atMs % DAY_MS);
}

const DAY_MS = 86_400_000;
