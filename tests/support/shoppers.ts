/** A small shop's customers for the tests of builders: few enough to count by hand. */
import { customer } from './events.ts';
import type { Story } from './events.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
const VIEWERS = 30;

/**
 * 30 look on the web, from noon 20 days ago, 10 of them search first; 12 buy, 6 of those again a week later; 4 visit a
 * store.
 */
export function shoppers(nowMs: number): Story[] {
  const begun = Math.floor(nowMs / DAY - 20) * DAY + DAY / 2;
  const web = { channel: 'web' };
  return Array.from({ length: VIEWERS }, (_, i) => {
    const at = (minute: number): number => begun + (i * 10 + minute) * MINUTE;
    const story = customer(`c${i}`);
    if (i < 10) story.did('product_searched', at(0), web);
    story.did('product_viewed', at(1), web);
    if (i < 4) story.did('store_visit', at(2), { channel: 'store' });
    if (i < 12) story.did('order_completed', at(3), { ...web, orderId: `o${i}`, revenue: 10 });
    if (i < 6) story.did('order_completed', at(3) + 7 * DAY, { ...web, orderId: `p${i}`, revenue: 10 });
    return story;
  });
}
