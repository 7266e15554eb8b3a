/** The funnel cases through the GraphQL schema. */
import { holdCases } from './hold.ts';
import * as funnel from './funnel-cases.ts';

holdCases(
  [
    'funnel-ordered',
    'funnel-strict',
    'funnel-any-order',
    'time-to-convert',
    'funnel-trend',
    'funnel-breakdown',
    'more-funnel',
  ],
  funnel,
);
