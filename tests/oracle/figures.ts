/**
 * Metrics and key figures worked out slowly and plainly over arrays of events: what the compiled statements
 * are compared with. An order is an order id of a customer; a purchase without one is its own.
 */
export interface FigureEvent {
  readonly id: string;
  readonly customer: string;
  readonly event: 'page_view' | 'purchase' | 'return';
  readonly timeMs: number;
  readonly orderId: string;
  readonly sessionId: string;
  /** Whole cents. */
  readonly cents: number | null;
  /** What a breakdown takes apart; empty: unset. */
  readonly group: string;
}

export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

const inSpan = (events: readonly FigureEvent[], { fromMs, toMs }: Span): FigureEvent[] =>
  events.filter((event) => event.timeMs >= fromMs && event.timeMs < toMs);

const distinct = (values: readonly string[]): number => new Set(values).size;
const sum = (events: readonly FigureEvent[]): number =>
  events.reduce((total, event) => total + (event.cents ?? 0), 0) / 100;
const ratio = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);

function isOrder(event: FigureEvent): boolean {
  return (
    event.event === 'purchase' ||
    (event.event !== 'return' && event.orderId !== '' && (event.cents ?? -1) >= 0)
  );
}

const orderOf = (event: FigureEvent): string => `${event.customer}/${event.orderId || `event ${event.id}`}`;
const customerOf = (event: FigureEvent): string => event.customer;

/** Every measure of a metric, null where it is not defined. */
export function measuresOf(all: readonly FigureEvent[], span: Span): Readonly<Record<string, number | null>> {
  const events = inSpan(all, span);
  const orders = events.filter(isOrder);
  const customers = distinct(events.map(customerOf));
  const sessions = events.filter((event) => event.sessionId !== '');
  return {
    EVENTS: events.length,
    CUSTOMERS: customers,
    SESSIONS: distinct(sessions.map((event) => `${event.customer}/${event.sessionId}`)),
    ORDERS: distinct(orders.map(orderOf)),
    REVENUE: sum(events),
    AVERAGE_ORDER_VALUE: ratio(sum(orders), distinct(orders.map(orderOf))),
    EVENTS_PER_CUSTOMER: ratio(events.length, customers),
  };
}

/** Every key figure but churn, null where it is not defined. */
export function keyFiguresOf(
  all: readonly FigureEvent[],
  span: Span,
): Readonly<Record<string, number | null>> {
  const measures = measuresOf(all, span);
  const known = all.filter((event) => event.timeMs < span.toMs);
  const buyersIn = distinct(inSpan(all, span).filter(isOrder).map(customerOf));
  const orders = known.filter(isOrder);
  const buyers = [...new Set(orders.map(customerOf))];
  const own = (customer: string): FigureEvent[] => orders.filter((event) => event.customer === customer);
  const newOnes = buyers.filter(
    (buyer) => Math.min(...own(buyer).map((event) => event.timeMs)) >= span.fromMs,
  );
  const repeaters = buyers.filter((buyer) => distinct(own(buyer).map(orderOf)) >= 2);
  return {
    revenue: measures['REVENUE'] ?? null,
    orders: measures['ORDERS'] ?? null,
    averageOrderValue: measures['AVERAGE_ORDER_VALUE'] ?? null,
    customers: distinct(known.map(customerOf)),
    newCustomers: newOnes.length,
    activeCustomers: measures['CUSTOMERS'] ?? null,
    conversionRate: ratio(buyersIn, measures['CUSTOMERS'] ?? 0),
    repeatPurchaseRate: ratio(repeaters.length, buyers.length),
  };
}

export interface GroupFigures {
  /** Null for the rest. */
  readonly value: string | null;
  readonly events: readonly FigureEvent[];
}

/** The events of each value, the largest by the measure first; past `limit` values the rest is one. */
export function groupsByMeasure(
  all: readonly FigureEvent[],
  span: Span,
  measure: string,
  limit: number,
): readonly GroupFigures[] {
  const events = inSpan(all, span);
  const size = ({ events: own }: GroupFigures): number => measuresOf(own, span)[measure] ?? 0;
  const groups = [...new Set(events.map((event) => event.group))]
    .sort()
    .map((value) => ({ value, events: events.filter((event) => event.group === value) }))
    .sort((a, b) => size(b) - size(a));
  if (groups.length <= limit) return groups;
  const kept = groups.filter(({ value }) => value !== '').slice(0, limit);
  const rest = groups.filter((group) => !kept.includes(group)).flatMap((group) => group.events);
  return [...kept, { value: null, events: rest }];
}
