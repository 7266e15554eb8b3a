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
    check: (query) =>
      mostCells(query) <= MAX_CELLS
        ? []
        : [
            {
              field: 'interval',
              message: `${query.rows.length} rows of ${widestRow(query)} columns are more than ${MAX_CELLS} cells; take a longer interval, a shorter range or fewer periods.`,
            },
          ],
  },
];

/** Columns that begin after the range are not there. */
function widestRow({ rows, columns }: RetentionQuery): number {
  return Math.min(columns.length + 1, rows.length);
}

function mostCells(query: RetentionQuery): number {
  return query.rows.length * widestRow(query);
}
