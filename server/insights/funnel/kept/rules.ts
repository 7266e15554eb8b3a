/** What a funnel asks for besides its range and the meaning of its events: all that the matcher goes by. Pure. */
import type { Span } from '../../../query/duration.ts';
import { isOfTraits } from '../../../query/event-match.ts';
import type { CompileScope } from '../../../query/events.ts';
import { mentionsTraits } from '../../../query/filter.ts';
import { sql } from '../../../query/sql.ts';
import type { FunnelOrder, FunnelQuery } from '../funnel.query.ts';
import { hasBarriers } from '../moments.sql.ts';
import { hasRowPerWay, mayHaveTies } from '../ties.sql.ts';
import { formOf } from './form.ts';
import type { FactForm } from './form.ts';

export interface MatchRules {
  readonly form: FactForm;
  readonly order: FunnelOrder;
  readonly window: Span;
  /** By step: whether it may be skipped. */
  readonly optional: readonly boolean[];
  readonly hasBarriers: boolean;
  /** Ordered, nothing excluded, nothing skipped: one pass tells the best attempt. */
  readonly isPlain: boolean;
  /** Events at equal times may have to be put in the best order. */
  readonly mayHaveTies: boolean;
  /** Which order is best may depend on what is skipped and what is hit. */
  readonly hasWays: boolean;
}

/** Null where more than the matcher knows of decides. */
export function matchRules(query: FunnelQuery, { vocabulary }: CompileScope): MatchRules | null {
  const { steps, order, window } = query;
  if (!isByEventsAlone(query)) return null;
  const plan = { query, vocabulary, keys: sql`customer_key`, hasStarts: false };
  return {
    form: formOf(query),
    order,
    window,
    optional: steps.map((step) => step.isOptional),
    hasBarriers: hasBarriers(query),
    isPlain: order === 'ORDERED' && !hasBarriers(query) && steps.every((step) => !step.isOptional),
    mayHaveTies: mayHaveTies(plan),
    hasWays: hasRowPerWay(plan),
  };
}

/** True when an event's own row tells what it means, whatever else the customer is or did. */
function isByEventsAlone({ steps, exclusions, where, audience, holdConstant }: FunnelQuery): boolean {
  const matches = [...steps, ...exclusions].map(({ match }) => match);
  return (
    audience === null &&
    holdConstant.length === 0 &&
    steps.every((step) => step.occurrence === 'ANY') &&
    !mentionsTraits(where) &&
    !matches.some(isOfTraits)
  );
}
