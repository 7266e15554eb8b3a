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
      file: 'CSV, NDJSON or Parquet, plain or packed. Twice the same file counts once.',
    },
    key: 'WRITE_KEY stands for your write key; a store without keys takes any text.',
    drop: 'Or drop the file on the Files page',
    code: (way: string) => `Code for ${way}`,
  },
};
