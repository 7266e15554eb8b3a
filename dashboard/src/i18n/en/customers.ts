import { common } from './words.ts';

export const customers = {
  searchPlaceholder: 'Search by id, e-mail, name',
  orderBy: 'Order',
  order: { LAST_SEEN: 'Last seen', FIRST_SEEN: 'First seen', REVENUE: 'Revenue', ORDERS: 'Orders' },
  allStages: 'All stages',
  stage: 'Lifecycle stage',
  none: 'No customer fits',
  noneHelp: 'Search for less, or choose another stage.',
  back: 'All customers',
  notFound: 'No customer has this id',
  notFoundHelp: 'It may have been joined to another, or erased.',
  aliases: 'Also known as',
  traits: 'What is known',
  noTraits: 'Nothing was sent about this customer yet.',
  why: 'Why in this stage',
  channels: 'Channels',
  events: (n: string) => `${n} events`,
  timeline: 'Timeline',
  timelineDefinition:
    'Every event, newest first, in the lane of its channel; the lifecycle stage as the band at the left',
  orderLabel: 'Order',
  known: (time: string) => `known for ${time}`,
  moreAliases: (n: string) => `and ${n} more`,
  view: 'View',
  views: { list: 'List', value: 'Value' },
  rfm: {
    title: 'How lately, how often',
    definition:
      'Customers with an order, in fifths by their last order (across) and their number of orders (up); with their average revenue',
    recency: 'Recency',
    frequency: 'Frequency',
    average: 'Average revenue',
    often: 'Often',
    lately: 'Ordered lately',
    longAgo: 'Long ago',
    cell: (recency: string, frequency: string, customers: string, money: string) =>
      `Recency ${recency}, frequency ${frequency}: ${common.customers(customers)}, ${money} on average. Open them`,
    cellTitle: (recency: string, frequency: string) => `Recency ${recency}, frequency ${frequency}`,
    segment: 'Segment',
    segmentsTitle: 'Segments',
    segmentsDefinition:
      'Every customer in one of eleven, by recency and the mean of frequency and money; with revenue',
    openSegment: (segment: string, n: string, share: string) =>
      `${segment}: open ${common.customers(n)}, ${share} of all`,
    segments: {
      champions: { name: 'Champions', explain: 'Ordered very lately, often, and for much' },
      loyal: { name: 'Loyal', explain: 'Order often, and did so not long ago' },
      active: { name: 'Active', explain: 'Ordered lately, some times' },
      promising: { name: 'Promising', explain: 'Ordered rather lately, seldom so far' },
      new: { name: 'New', explain: 'Ordered very lately, seldom so far' },
      'needs attention': {
        name: 'Needs attention',
        explain: 'Average in everything; the last order is getting old',
      },
      'almost lost': { name: 'Almost lost', explain: 'Ordered seldom, and not lately' },
      'at risk': { name: 'At risk', explain: 'Used to order, but long ago' },
      'previously loyal': { name: 'Previously loyal', explain: 'Used to order most, but long ago' },
      dormant: { name: 'Dormant', explain: 'Ordered seldom, and long ago' },
      prospects: { name: 'Prospects', explain: 'No order so far' },
    },
    none: {
      title: 'Nobody has ordered yet',
      text: 'Customers are placed as soon as they order: an event with an order id and revenue.',
    },
  },
};
