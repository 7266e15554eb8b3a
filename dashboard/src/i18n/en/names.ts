// Names that come from the store and that we know: channels, stages, usual events. Others are shown as sent.
const events: Record<string, string> = {
  page_viewed: 'Page viewed',
  screen_viewed: 'Screen viewed',
  product_viewed: 'Product viewed',
  product_list_viewed: 'Product list viewed',
  product_added: 'Added to cart',
  product_removed: 'Removed from cart',
  cart_viewed: 'Cart viewed',
  checkout_started: 'Checkout started',
  order_completed: 'Order completed',
  purchase: 'Purchase',
  product_view: 'Product view',
  add_to_cart: 'Add to cart',
  order_refunded: 'Order refunded',
  store_visit: 'Store visit',
  points_viewed: 'Points viewed',
  email_opened: 'E-mail opened',
  email_clicked: 'E-mail clicked',
  wechat_message_opened: 'WeChat message opened',
  chat_started: 'Chat started',
  call_started: 'Call started',
  review_submitted: 'Review submitted',
  referral_sent: 'Referral sent',
  product_searched: 'Product searched',
  products_searched: 'Products searched',
  ad_clicked: 'Ad clicked',
  wishlist_added: 'Added to wishlist',
  coupon_applied: 'Coupon applied',
  coupon_used: 'Coupon used',
  delivery_confirmed: 'Delivery confirmed',
  points_redeemed: 'Points redeemed',
  support_contacted: 'Support contacted',
  account_created: 'Account created',
  signed_up: 'Signed up',
};

const channels: Record<string, string> = {
  web: 'Web',
  app: 'App',
  store: 'Store',
  wechat: 'WeChat',
  email: 'E-mail',
  chat: 'Chat',
  call_center: 'Call centre',
  referral: 'Referral',
};

const stages: Record<string, string> = {
  prospect: 'Prospect',
  new: 'New',
  active: 'Active',
  loyal: 'Loyal',
  high_value: 'High value',
  at_risk: 'At risk',
  dormant: 'Dormant',
  lost: 'Lost',
  won_back: 'Won back',
  awareness: 'Awareness',
  consideration: 'Consideration',
  decision: 'Decision',
  purchase: 'Purchase',
  loyalty: 'Loyalty',
  advocacy: 'Advocacy',
};

/** Built-in and usual properties; in sentences, so not capitalised. */
const properties: Record<string, string> = {
  channel: 'channel',
  revenue: 'revenue',
  event: 'event',
  country: 'country',
  city: 'city',
  device: 'device',
  category: 'category',
  brand: 'brand',
  price: 'price',
  product: 'product',
};

/** Refusals stand as the server says them. */
const reasons: Record<string, string> = {};

export const names = { events, channels, stages, properties, reasons };
