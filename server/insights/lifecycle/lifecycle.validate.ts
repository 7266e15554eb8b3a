/** What a lifecycle question must keep to, as rules; each says which field and what is allowed. */
import type { Rule } from '../../query/problem.ts';
import { historyPoints } from './lifecycle.query.ts';
import type { LifecycleQuery } from './lifecycle.query.ts';

const LATEST_MS = Date.UTC(2106, 0, 1);
const MAX_POINTS = 2000;

export const lifecycleRules: readonly Rule<LifecycleQuery>[] = [
  {
    code: 'BAD_INSTANT',
    check: ({ atMs }) =>
      atMs >= 0 && atMs <= LATEST_MS
        ? []
        : [{ field: 'input.at', message: '`at` must lie between 1970 and 2106.' }],
  },
  {
    code: 'TOO_MANY_INTERVALS',
    check: (query) =>
      historyPoints(query).length <= MAX_POINTS
        ? []
        : [
            {
              field: 'input.interval',
              message: `The range holds more than ${MAX_POINTS} intervals; take a longer interval.`,
            },
          ],
  },
];
