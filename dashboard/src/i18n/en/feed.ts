// Events as they arrive, and how to send some: on the overview and on the data page.
export const feed = {
  list: {
    title: 'Happening now',
    definition: 'Events as they arrive, from every channel; a fair sample when they are many',
    unfiltered: 'Events as they arrive, all of them: the filters above do not narrow this list',
    waiting: 'Waiting for the next event',
    waitingHelp: 'Events show here within a second of arriving.',
  },
  send: {
    title: 'Send events',
    text: 'Copy, run, and see the event arrive on this page within a second.',
    firstTitle: 'Nothing has arrived yet',
    firstText: 'Send a first event, and this page fills by itself within a second.',
    way: 'With',
    ways: { curl: 'curl', browser: 'Browser', node: 'Node.js', file: 'File' },
    notes: {
      curl: 'Segment’s tracking API at /v1: track, identify, page, screen, alias, group, batch.',
      browser:
        'Segment’s SDK for browsers, with this server as its host; CORS_ORIGINS names the shop’s address.',
      node: 'Segment’s SDK for Node.js, with this server as its host.',
      file: 'CSV, NDJSON or Parquet, plain or packed; twice the same file counts once. On the command line: npm run waymark -- import orders.csv',
    },
    key: 'WRITE_KEY stands for your write key; a store without keys takes any text.',
    keyNeeded: 'This store asks for keys: put a write key in the place of WRITE_KEY.',
    drop: 'To the Files page',
    choose: 'Choose a file, or drop one here',
    sample: 'Save this example',
    steps: ['Send an event', 'Waiting for it to arrive', 'See it counted'],
    demo: 'Only looking around? A store full of made-up customers:',
    toFirst: 'Send a first event',
    code: (way: string) => `Code for ${way}`,
  },
  first: {
    title: 'Your first event has arrived',
    text: 'From now on every page moves by itself as events come in.',
    next: 'Where to look now',
    overview: 'To the overview',
    customer: 'See this customer',
    catalogue: 'See what arrived',
    more: 'Send more',
    done: 'Close',
  },
};
