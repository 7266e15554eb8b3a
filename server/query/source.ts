/**
 * What a question is read from: the least that answers it. Slices say what they count, this says which rows and of
 * which relation. Pure.
 *
 * Which copy of the events is read is ClickHouse's own choice, part by part: a projection stands in every part with
 * the same rows, so that it can never say anything else, and is read wherever the conditions named here leave few
 * of its granules and all columns asked for are in it.
 */
import { isOrder } from './events.ts';
import type { EventVocabulary } from './events.ts';
import { noFilter } from './filter.ts';
import type { Filter } from './filter.ts';
import { param, sql } from './sql.ts';
import type { Sql } from './sql.ts';

/** What is counted of events. */
export type Counted = 'anything' | 'sessions' | 'orders' | 'revenue' | 'orders and revenue';

/**
 * A condition on a row of events that leaves those that can add to what is counted. Not for a breakdown: a value
 * that stands on none of them is a value with nothing.
 */
export function eventsThatCount(counted: Counted, vocabulary: EventVocabulary): Sql {
  switch (counted) {
    case 'anything':
      return sql`1`;
    case 'sessions':
      return sql`session_id != ''`;
    case 'orders':
      return isOrder(vocabulary);
    case 'revenue':
      return sql`has_revenue`;
    case 'orders and revenue':
      return sql`(has_revenue OR event IN ${param.strings(vocabulary.orderEvents)})`;
  }
}

/**
 * When customers were first seen is known of each; only where a filter says which events they may be seen by, the
 * events themselves tell.
 */
export function firstSightSource(where: Filter): 'customers' | 'events' {
  return where === noFilter ? 'customers' : 'events';
}
