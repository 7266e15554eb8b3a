/** What a question of recency, frequency and monetary value must keep to, as rules. */
import type { Rule } from '../../query/problem.ts';
import type { RfmQuery } from './rfm.query.ts';

const LATEST_MS = Date.UTC(2106, 0, 1);

export const rfmRules: readonly Rule<RfmQuery>[] = [
  {
    code: 'BAD_INSTANT',
    check: ({ atMs, range }) => {
      if (atMs < 0 || atMs > LATEST_MS)
        return [{ field: 'at', message: '`at` must lie between 1970 and 2106.' }];
      return range && atMs < range.fromMs
        ? [{ field: 'at', message: '`at` must not lie before the range begins.' }]
        : [];
    },
  },
];
