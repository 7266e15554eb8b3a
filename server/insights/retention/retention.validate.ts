/** What a retention question must keep to, as rules; each says which field and what is allowed. */
import type { Rule } from '../../query/problem.ts';
import { MAX_CELLS, MAX_PERIODS, reachOf, ROLLING_MS } from './retention.query.ts';
import type { RetentionQuery } from './retention.query.ts';

export const retentionRules: readonly Rule<RetentionQuery>[] = [
  {
    code: 'BAD_BRACKETS',
    check: (query) =>
      query.columns.every((size) => size >= 1) && reachOf(query) <= MAX_PERIODS
        ? []
        : [
            {
              field: 'brackets',
              message: `Each bracket spans at least 1 interval, and all of them up to ${MAX_PERIODS}.`,
            },
          ],
  },
  {
    code: 'BAD_MINIMUM_OCCURRENCES',
    check: ({ minimumOccurrences }) =>
      minimumOccurrences >= 1 && minimumOccurrences <= 1_000_000
        ? []
        : [{ field: 'minimumOccurrences', message: '`minimumOccurrences` is 1 to 1,000,000.' }],
  },
  {
    code: 'NO_ROLLING_INTERVAL',
    check: ({ alignment, interval }) =>
      alignment === 'CALENDAR' || ROLLING_MS[interval] !== undefined
        ? []
        : [
            {
              field: 'alignment',
              message: 'ROLLING counts periods of fixed length: take the interval HOUR, DAY or WEEK.',
            },
          ],
  },
  {
    code: 'TOO_MANY_CELLS',
    check: ({ rows, columns }) =>
      rows.length * (columns.length + 1) <= MAX_CELLS
        ? []
        : [
            {
              field: 'interval',
              message: `${rows.length} rows of ${columns.length + 1} columns are more than ${MAX_CELLS} cells; take a longer interval, a shorter range or fewer periods.`,
            },
          ],
  },
];
