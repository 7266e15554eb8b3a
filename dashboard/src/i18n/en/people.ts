// The customers behind a number: their list, what is done with it; what charts give away as files and on paper.
export const people = {
  save: 'Save as audience',
  saveTitle: 'Save these customers as an audience',
  asNow: (n: string) => `A fixed list of these ${n} customers, whatever they do later.`,
  csvButton: 'CSV',
  csvTitle: 'Save the whole list as CSV',
  bound: (most: string) =>
    `A file or a fixed audience holds the ${most} customers seen last for the first time; narrow the list with a filter to take all.`,
  collected: (done: string, total: string) => `${done} of ${total}`,
  counted: (customers: string, time: string, goesOn: boolean) =>
    `${customers} as of ${time}${goesOn ? '; the page goes on counting' : ''}`,
  none: 'Nobody is left behind this number',
  noneHelp: 'The filters, the range or what arrived since have changed it.',
  csv: {
    id: 'Customer id',
    name: 'Name',
    stage: 'Lifecycle stage',
    orders: 'Orders',
    revenue: 'Revenue',
    firstSeen: 'First seen',
    lastSeen: 'Last seen',
  },
  back: 'Back',
  /** What a number of the overview counts. */
  kpi: {
    KNOWN: 'Customers known',
    NEW: 'New customers',
    ACTIVE: 'Active customers',
    BUYERS: 'Customers who ordered',
    REPEAT_BUYERS: 'Customers with two or more orders',
    CHURNED: 'Customers lost in this time',
  },
  inStage: (stage: string, name: string) => `${stage}: ${name}`,
  at: (stage: string, time: string) => `${stage}, ${time}`,
  tookBetween: (from: string, to: string) => `Converted after ${from} to ${to}`,
  carrying: (value: string) => `Entered with ${value}`,
  cohortOf: (month: string) => `First order in ${month}`,
  chart: {
    copy: 'Copy the table',
    copied: 'Copied, with numbers as numbers',
    made: (time: string) => `Made on ${time}`,
    zone: (zone: string) => `days begin in ${zone}`,
  },
};
