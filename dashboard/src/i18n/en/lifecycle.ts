import { selection } from './selection.ts';

export const lifecycle = {
  title: 'Lifecycle',
  now: {
    title: 'Where customers stand now',
    definition: (n: string) =>
      `All ${n} known customers, each in exactly one stage; change since the range began`,
    share: 'of all',
    revenue: 'Revenue, all time',
    change: (n: string) => `${n} since the range began`,
    noChange: 'no change since the range began',
    open: (stage: string, n: string) => `${stage}: open ${n} customers`,
  },
  groups: {
    title: 'Stages by group',
    titleBy: (properties: string) => `Stages by ${properties}`,
    invite:
      'Compare the stages of groups, such as the channel customers came by first, or something known of them',
    definition: 'Every customer in exactly one group and one stage; each bar is the whole of its group',
    view: 'Picture',
    views: { bars: 'Bars', table: 'Table' },
    people: (stage: string, group: string) => `${stage}: ${group}`,
    cell: (stage: string, group: string, n: string, share: string) =>
      `${group}, ${stage}: ${n} customers, ${share} of the group. Open them`,
    none: 'No customer is known yet',
  },
  history: {
    title: 'How the shares move',
    definition: 'Every customer known by then, by the stage they were in at that moment',
    unit: 'Unit',
    units: { share: 'Shares', customers: 'Customers' },
    time: 'Time',
  },
  moves: {
    title: 'Who moved where',
    definition: 'Customers by their stage when the range began (left) and when it ended (right)',
    flowNote: (n: string, share: string) =>
      `${n} customers (${share}) stayed where they were; they are in the matrix only`,
    view: 'Picture',
    views: { flow: 'Flow', matrix: 'Matrix' },
    from: 'From',
    to: 'To',
    unseen: 'First seen',
    stayed: 'stayed',
    open: (n: string) => `Open ${n} customers`,
    cell: (from: string, to: string) => `${from} to ${to}`,
    none: {
      title: 'Nobody moved in this range',
      text: 'Stages change with what customers do, and as time passes without it. Choose a longer range.',
    },
    total: 'Total',
  },
  growth: {
    title: 'Growth',
    definition: (per: string, what: string) =>
      `Customers with ${what} ${per}; below the line those active the interval before, and no longer`,
    any: 'any event',
    activity: 'Active with',
    anyActivity: 'Any event',
    useAny: 'Any event',
    status: { NEW: 'New', RETURNING: 'Returning', RESURRECTING: 'Resurrecting', DORMANT: 'Dormant' },
    explain: {
      NEW: 'Active in the interval in which they were first seen',
      RETURNING: 'Active in this interval and in the one before',
      RESURRECTING: 'Active in this interval, not in the one before, and not new',
      DORMANT: 'Active in the interval before, not in this one',
    },
    net: 'Net',
    open: 'Click to open the customers',
  },
  rules: {
    title: 'How a stage is decided',
    definition:
      'Read from the top; the first rule that holds is the customer’s stage. A rule of absence takes effect when its time comes.',
    words: {
      always: 'everybody else',
      neverOrdered: 'no order so far',
      noOrderFor: (time: string) => `no order for ${time}`,
      firstOrderWithin: (time: string) => `first order in the last ${time}`,
      cameBack: (within: string, after: string) =>
        `an order in the last ${within} that came after ${after} or more without one`,
      orders: (amount: string, within: string) => `${amount} orders${within}`,
      revenue: (amount: string, within: string) => `revenue of ${amount}${within}`,
      did: (what: string, times: string, within: string) => `${what} ${times}${within}`,
      once: 'at least once',
      times: (amount: string) => `${amount} times`,
      notSeenFor: (what: string, time: string) => `no ${what} for ${time}`,
      stageBefore: (stages: string) => `${stages} as the stage before`,
      atLeast: (n: string) => `${n} or more`,
      atMost: (n: string) => `${n} or fewer`,
      between: (low: string, high: string) => `${low} to ${high}`,
      within: (time: string) => ` in the last ${time}`,
      anyEvent: 'any event',
      inStage: (stage: string) => `any event of the stage “${stage}”`,
      inChannels: (channels: string) => `in ${channels}`,
      that: (filter: string) => `where ${filter}`,
      ops: selection.ops,
      not: (rule: string) => `not: ${rule}`,
      and: ', and ',
      or: ', or ',
      group: (rule: string) => `(${rule})`,
    },
  },
  empty: {
    title: 'No customer is known yet',
    text: 'Each customer gets a stage as soon as their first event arrives. Send or import events, and this page fills by itself.',
  },
};
