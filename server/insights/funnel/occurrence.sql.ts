/**
 * Steps that only a customer's first event may take: the first of that name in all history, or the first in
 * all history that matches. History is that of the merged customer, before the range and outside its filters.
 */
import { compileMatch, namesOf } from '../../query/event-match.ts';
import { eventsTable } from '../../query/events.ts';
import type { CompileScope } from '../../query/events.ts';
import { param, sql } from '../../query/sql.ts';
import type { Sql } from '../../query/sql.ts';
import type { FunnelQuery, FunnelStep } from './funnel.query.ts';

/** A condition (UInt8) on a row of events: may it take the step? */
export function compileStepMatch(step: FunnelStep, query: FunnelQuery, scope: CompileScope): Sql {
  const matches = compileMatch(step.match, scope.vocabulary);
  if (step.occurrence === 'ANY') return matches;
  const candidates = step.occurrence === 'FIRST_MATCHING' ? matches : ofThatName(step, scope);
  // What comes after the range can be nobody's first in it.
  const first = sql`SELECT customer_key, argMin(event_id, (time, event_id)) FROM ${eventsTable(scope)} WHERE (${candidates}) AND time < ${param.time(query.range.toMs)} GROUP BY customer_key`;
  return sql`(${matches}) AND (customer_key, event_id) IN (${first})`;
}

/** Events of the names that the step asks for; of any name where it asks for none. */
function ofThatName(step: FunnelStep, scope: CompileScope): Sql {
  const names = namesOf(step.match, scope.vocabulary);
  return names === null ? sql`1` : sql`event IN ${param.strings(names)}`;
}
