/**
 * The built-in retail map, in data. The same map stands in `journey-map.example.yaml`, with comments, for
 * users to copy; a test holds the two together.
 */
import type { JourneyMap } from './map.ts';

export const retailMap: JourneyMap = {
  stages: [
    {
      key: 'awareness',
      name: 'Awareness',
      color: '#81cae2',
      description: 'The customer meets the brand, by an advertisement, a message, a visit.',
      events: [
        'ad_clicked',
        'page_viewed',
        'screen_viewed',
        'email_opened',
        'email_clicked',
        'wechat_message_opened',
        'store_visit',
        'campaign_received',
        'Page Viewed',
        'Screen Viewed',
        'Promotion Viewed',
        'Promotion Clicked',
        'Email Opened',
        'Email Link Clicked',
      ],
    },
    {
      key: 'consideration',
      name: 'Consideration',
      color: '#459187',
      description: 'The customer looks for something, compares, asks.',
      events: [
        'product_list_viewed',
        'product_searched',
        'products_searched',
        'product_viewed',
        'product_view',
        'wishlist_added',
        'chat_started',
        'call_started',
        'Products Searched',
        'Product List Viewed',
        'Product List Filtered',
        'Product Clicked',
        'Product Viewed',
        'Product Added to Wishlist',
      ],
    },
    {
      key: 'decision',
      name: 'Decision',
      color: '#9f90f5',
      description: 'The customer is about to buy, with something in the cart.',
      events: [
        'product_added',
        'product_removed',
        'add_to_cart',
        'cart_viewed',
        'checkout_started',
        'coupon_applied',
        'coupon_redeemed',
        'Product Added',
        'Product Removed',
        'Cart Viewed',
        'Checkout Started',
        'Checkout Step Viewed',
        'Checkout Step Completed',
        'Payment Info Entered',
        'Coupon Entered',
        'Coupon Applied',
      ],
    },
    {
      key: 'purchase',
      name: 'Purchase',
      color: '#c9860f',
      description: 'The customer buys, receives, or sends back.',
      events: [
        'order_completed',
        'purchase',
        'delivery_confirmed',
        'order_refunded',
        'refund',
        'return',
        'Order Completed',
        'Order Updated',
        'Order Refunded',
        'Order Cancelled',
      ],
    },
    {
      key: 'loyalty',
      name: 'Loyalty',
      color: '#b54c18',
      description: 'The customer keeps in touch after a purchase, collects points, uses the service.',
      events: ['points_viewed', 'points_redeemed', 'support_contacted'],
    },
    {
      key: 'advocacy',
      name: 'Advocacy',
      color: '#824a97',
      description: 'The customer speaks of the brand to others.',
      events: ['review_submitted', 'referral_sent', 'Product Shared', 'Cart Shared', 'Product Reviewed'],
    },
  ],
  lifecycle: [
    {
      key: 'prospect',
      name: 'Prospect',
      color: '#a3acb0',
      description: 'Known, but without an order so far.',
      rule: {
        neverOrdered: true,
      },
      isLost: false,
    },
    {
      key: 'lost',
      name: 'Lost',
      color: '#a8442f',
      description: 'No order for a year.',
      rule: {
        noOrderFor: 'P365D',
      },
      isLost: true,
    },
    {
      key: 'dormant',
      name: 'Dormant',
      color: '#a383ae',
      description: 'No order for 120 days.',
      rule: {
        noOrderFor: 'P120D',
      },
      isLost: false,
    },
    {
      key: 'at_risk',
      name: 'At risk',
      color: '#e57f2c',
      description: 'No order for 60 days, or for 30 days and looked at their points in the last 7.',
      rule: {
        any: [
          {
            noOrderFor: 'P60D',
          },
          {
            all: [
              {
                noOrderFor: 'P30D',
              },
              {
                did: {
                  match: {
                    events: ['points_viewed'],
                  },
                  atLeast: 1,
                  within: 'P7D',
                },
              },
            ],
          },
        ],
      },
      isLost: false,
    },
    {
      key: 'won_back',
      name: 'Won back',
      color: '#98b928',
      description: 'An order in the last 30 days that came after 120 days or more without one.',
      rule: {
        cameBack: {
          within: 'P30D',
          after: 'P120D',
        },
      },
      isLost: false,
    },
    {
      key: 'new',
      name: 'New',
      color: '#4da9dc',
      description: 'The first order was in the last 30 days.',
      rule: {
        firstOrderWithin: 'P30D',
      },
      isLost: false,
    },
    {
      key: 'high_value',
      name: 'High value',
      color: '#d9a520',
      description: 'Revenue of 1,000 or more in the last 365 days.',
      rule: {
        revenue: {
          atLeast: 1000,
          within: 'P365D',
        },
      },
      isLost: false,
    },
    {
      key: 'loyal',
      name: 'Loyal',
      color: '#0f807b',
      description: 'Three or more orders in the last 180 days.',
      rule: {
        orders: {
          atLeast: 3,
          within: 'P180D',
        },
      },
      isLost: false,
    },
    {
      key: 'active',
      name: 'Active',
      color: '#3f9d5d',
      description: 'Ordered in the last 60 days, and none of the above.',
      rule: {},
      isLost: false,
    },
  ],
  orderEvents: ['order_completed', 'purchase', 'Order Completed'],
  returnEvents: ['order_refunded', 'refund', 'return', 'Order Refunded', 'Order Cancelled'],
};
