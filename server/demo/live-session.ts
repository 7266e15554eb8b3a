/**
 * One visit to the generated retailer as a list of steps, for the live replay: the generator's logic
 * (generator-visits.sql.ts) written compactly over a random source. Pure: no clock, no ids of its own.
 */
import { COUPONS, CONTENT_PATHS, LANDING_PATHS, PRODUCTS, SCREENS, SEARCHES, SOURCES } from './assortment.ts';
import type { Product } from './assortment.ts';
import { pick } from './random.ts';
import type { Random } from './random.ts';
import { STORE_SUFFIXES } from './people.ts';

/** Who visits, and from where. */
export interface Shopper {
  readonly customerId: string;
  readonly country: string;
  readonly city: string;
  /** Has said who they are: only those order. */
  readonly isKnown: boolean;
}

export interface LiveStep {
  readonly event: string;
  readonly channel: string;
  /** Of an order; null for everything else. */
  readonly revenue: number | null;
  readonly properties: Readonly<Record<string, string | number>>;
}

const CHINESE_SPEAKING = ['China', 'Hong Kong', 'Singapore'];

/** The steps of one visit, in order; at least one. */
export function liveVisit(random: Random, shopper: Shopper): LiveStep[] {
  const inStore = random() < 0.16;
  if (inStore) return storeVisit(random, shopper);
  const share = random();
  if (share < 0.05 && shopper.isKnown) return pointsVisit(random, shopper);
  if (share < 0.06 && shopper.isKnown) return callVisit(random, shopper);
  return onlineVisit(random, shopper);
}

function storeVisit(random: Random, shopper: Shopper): LiveStep[] {
  const { country, city } = shopper;
  const place = { country, city, store: `${city} ${pick(random, STORE_SUFFIXES)}` };
  const steps = [step('store_visit', 'store', place)];
  if (shopper.isKnown && random() < 0.55) {
    if (random() < 0.1) steps.push(step('points_redeemed', 'store', place));
    steps.push(order(random, 'store', chooseProduct(random), place));
  }
  return steps;
}

function pointsVisit(random: Random, shopper: Shopper): LiveStep[] {
  const channel = CHINESE_SPEAKING.includes(shopper.country) ? 'wechat' : 'app';
  return [step('points_viewed', channel, visitOf(random, channel, shopper))];
}

function callVisit(random: Random, shopper: Shopper): LiveStep[] {
  const visit = { country: shopper.country };
  return [
    step('call_started', 'call_center', visit),
    ...(random() < 0.4 ? [order(random, 'call_center', chooseProduct(random), visit)] : []),
  ];
}

/** A way down the funnel; each step is taken only after the one before. */
function onlineVisit(random: Random, shopper: Shopper): LiveStep[] {
  const chinese = CHINESE_SPEAKING.includes(shopper.country);
  const channel = chinese
    ? pick(random, ['web', 'app', 'wechat', 'wechat'])
    : pick(random, ['web', 'web', 'app']);
  const visit = visitOf(random, channel, shopper);
  const product = chooseProduct(random);
  const about = productProperties(product);
  const steps = landing(random, channel, visit, chinese);
  const add = (event: string, more: Readonly<Record<string, string | number>> = {}, at = channel): void =>
    void steps.push(step(event, at, { ...visit, ...more }));

  if (random() < 0.3) return steps;
  if (random() < 0.2) add('product_searched', { query: pick(random, SEARCHES) });
  if (random() < 0.42) add('product_list_viewed', { category: product.category });
  if (random() < 0.016) add('chat_started', {}, 'chat');
  if (random() < 0.3) return steps;
  for (let views = random() < 0.4 ? 2 : 1; views > 0; views -= 1) {
    add('product_viewed', views === 1 ? about : productProperties(chooseProduct(random)));
  }
  if (channel !== 'app' && random() < 0.1) add('page_viewed', { path: pick(random, CONTENT_PATHS) });
  if (random() < 0.06) add('wishlist_added', about);
  if (random() >= (channel === 'app' ? 0.28 : 0.23)) return steps;
  add('product_added', { ...about, quantity: random() < 0.12 ? 2 : 1 });
  if (random() < 0.22) return steps;
  add('cart_viewed');
  if (random() < 0.24) return steps;
  const coupon = random() < 0.24 ? pick(random, COUPONS) : null;
  if (coupon !== null) add('coupon_applied', { coupon });
  add('checkout_started');
  if (shopper.isKnown && random() < 0.78)
    steps.push(order(random, channel, product, { ...visit, ...(coupon !== null && { coupon }) }));
  return steps;
}

function landing(
  random: Random,
  channel: string,
  visit: LiveStep['properties'],
  chinese: boolean,
): LiveStep[] {
  const share = random();
  const source =
    SOURCES[share < 0.5 ? 0 : share < 0.7 ? 1 : share < 0.82 ? 2 : share < 0.94 ? (chinese ? 3 : 1) : 4]!;
  const brought = source.campaigns.length > 0 ? pick(random, source.campaigns) : null;
  const campaign: LiveStep['properties'] = brought
    ? { campaign: brought[0], campaign_source: brought[1] }
    : {};
  const steps: LiveStep[] = [];
  if (source.source === 'ad') steps.push(step('ad_clicked', channel, { ...visit, ...campaign }));
  if (source.source === 'email') steps.push(step('email_opened', 'email', { ...visit, ...campaign }));
  if (source.source === 'wechat')
    steps.push(step('wechat_message_opened', 'wechat', { ...visit, ...campaign }));
  const at = source.source === 'referral' ? 'referral' : channel;
  const more: LiveStep['properties'] = source.source === 'referral' ? campaign : {};
  steps.push(
    channel === 'app'
      ? step('screen_viewed', at, { ...visit, ...more, screen: pick(random, SCREENS) })
      : step('page_viewed', at, { ...visit, ...more, path: pick(random, LANDING_PATHS) }),
  );
  return steps;
}

function visitOf(random: Random, channel: string, shopper: Shopper): LiveStep['properties'] {
  const device =
    channel === 'web' ? pick(random, ['desktop', 'desktop', 'mobile', 'mobile', 'tablet']) : 'mobile';
  return { device, country: shopper.country };
}

/** Best sellers, first on their shelf, more often. */
function chooseProduct(random: Random): Product {
  return PRODUCTS[Math.floor(random() * 8) * 8 + Math.floor(random() ** 2 * 8)]!;
}

function productProperties({ name, category, brand, price }: Product): LiveStep['properties'] {
  return { product: name, category, brand, price };
}

function order(
  random: Random,
  channel: string,
  product: Product,
  properties: LiveStep['properties'],
): LiveStep {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const revenue = Math.round(product.price * Math.exp(0.28 + 0.55 * normal) * 100) / 100;
  return {
    ...step('order_completed', channel, { ...properties, ...productProperties(product), quantity: 1 }),
    revenue,
  };
}

function step(event: string, channel: string, properties: LiveStep['properties']): LiveStep {
  return { event, channel, revenue: null, properties };
}
