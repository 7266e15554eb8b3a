/**
 * The built-in retail map, in data. The same map stands in `journey-map.example.yaml`, with comments, for
 * users to copy; a test holds the two together.
 */
import type { JourneyMap } from './map.ts';
import { retailStages } from './retail-stages.ts';

export const retailMap: JourneyMap = {
  stages: retailStages,
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
  orderEvents: [
    'order_completed',
    'purchase',
    'till_sale',
    'store_purchase',
    'Order Completed',
    'Purchase',
    'Till Sale',
    'Store Purchase',
  ],
  returnEvents: [
    'order_refunded',
    'refund',
    'return',
    'order_cancelled',
    'till_return',
    'store_return',
    'Order Refunded',
    'Order Cancelled',
    'Refund',
    'Return',
    'Till Return',
    'Store Return',
  ],
};
