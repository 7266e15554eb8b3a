/**
 * What an event of Segment's e-commerce specification says of money: which order it belongs to, and what it
 * adds to revenue. Which events are orders and which take one back are words of the journey map, as data.
 */

/** The journey map's words for what is sold and what comes back. */
export interface SalesWords {
  readonly orderEvents: ReadonlySet<string>;
  readonly returnEvents: ReadonlySet<string>;
}

export function salesWords(map: {
  readonly orderEvents: readonly string[];
  readonly returnEvents: readonly string[];
}): SalesWords {
  return { orderEvents: new Set(map.orderEvents), returnEvents: new Set(map.returnEvents) };
}

type Properties = Readonly<Record<string, unknown>>;

/** Events of the specification whose amounts are wishes and steps on the way: not sold, not sent back. */
const NOT_SOLD = [
  ...['Products Searched', 'Product List Viewed', 'Product List Filtered'],
  ...['Promotion Viewed', 'Promotion Clicked'],
  ...['Product Clicked', 'Product Viewed', 'Product Added', 'Product Removed', 'Cart Viewed'],
  ...['Checkout Started', 'Checkout Step Viewed', 'Checkout Step Completed', 'Payment Info Entered'],
  ...['Order Updated', 'Order Completed', 'Order Refunded', 'Order Cancelled'],
  ...['Coupon Entered', 'Coupon Applied', 'Coupon Denied', 'Coupon Removed'],
  ...['Product Added to Wishlist', 'Product Removed from Wishlist', 'Wishlist Product Added to Cart'],
  ...['Product Shared', 'Cart Shared', 'Product Reviewed'],
];

/** Title Case, as Segment writes it, and snake_case. */
const NOT_SOLD_NAMES = new Set(NOT_SOLD.flatMap((name) => [name, name.toLowerCase().replaceAll(' ', '_')]));

const ORDER_AMOUNTS = ['revenue', 'total', 'value'];
const RETURN_AMOUNTS = ['revenue', 'refund_amount', 'refundAmount', 'refund', 'amount', 'total', 'value'];

/** What the event adds to revenue; null: nothing. Of a return it is negative, whichever way it was written. */
export function revenueOf(event: unknown, properties: Properties, words: SalesWords): number | null {
  if (typeof event !== 'string') return null;
  if (words.orderEvents.has(event))
    return firstAmount(properties, ORDER_AMOUNTS) ?? sumOfProducts(properties);
  if (words.returnEvents.has(event)) {
    const amount = firstAmount(properties, RETURN_AMOUNTS);
    return amount === null || amount === 0 ? amount : -Math.abs(amount);
  }
  return NOT_SOLD_NAMES.has(event) ? null : amountOf(properties['revenue']);
}

function firstAmount(properties: Properties, names: readonly string[]): number | null {
  for (const name of names) {
    const amount = amountOf(properties[name]);
    if (amount !== null) return amount;
  }
  return null;
}

/** Prices times quantities (one unless given) of the products listed; null where none has a price. */
function sumOfProducts({ products }: Properties): number | null {
  if (!Array.isArray(products)) return null;
  let sum: number | null = null;
  for (const product of products as unknown[]) {
    if (typeof product !== 'object' || product === null) continue;
    const { price, quantity } = product as Properties;
    const each = amountOf(price);
    if (each !== null) sum = (sum ?? 0) + each * (amountOf(quantity) ?? 1);
  }
  return sum;
}

const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)$/;

/** A number, also one written as text (`"12.50"`); null for anything else. */
function amountOf(value: unknown): number | null {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value.length > 32) return null;
  const text = value.trim();
  return NUMBER.test(text) ? Number(text) : null;
}
