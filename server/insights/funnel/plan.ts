/** What every part of the matcher works from. */
import type { EventVocabulary } from '../../query/events.ts';
import type { Sql } from '../../query/sql.ts';
import type { FunnelQuery } from './funnel.query.ts';

export interface MatchPlan {
  readonly query: FunnelQuery;
  readonly vocabulary: EventVocabulary;
  /** The columns that name whom a row of moments is about: `customer_key`, and a group where there are groups. */
  readonly keys: Sql;
  /** True when rows of moments carry `starts`: at which of them an attempt in any order may begin. */
  readonly hasStarts: boolean;
}
