/** How much happened in each stage of the journey in all. What happened by name stands in journey.sql.ts. */
import type { CompileScope } from '../../query/events.ts';
import { revenue } from '../../query/events.ts';
import { readsOf } from '../../query/reads.ts';
import { sql } from '../../query/sql.ts';
import type { SqlQuery } from '../../query/statement.ts';
import { keptStageEvents } from './journey.kept.ts';
import type { JourneyQuery } from './journey.query.ts';
import { stagedEvents } from './journey.sql.ts';
import type { StageRow } from './journey.row.ts';

/** Stages in which something happened, by number. */
export function compileStageEvents(query: JourneyQuery, scope: CompileScope): SqlQuery<StageRow> {
  return {
    name: 'journey_stages',
    reads: readsOf(query.range, query.audience, scope),
    kept: keptStageEvents(query, scope),
    sql: sql`SELECT stage, count() AS events, sum(amount) AS revenue
FROM (
${stagedEvents(query, scope, { more: sql`, ${revenue} AS amount` })}
) GROUP BY stage ORDER BY stage`,
  };
}
