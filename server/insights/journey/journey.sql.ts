/**
 * The events of a journey in SQL, each with its stage as a number (1 for the first of the map), and what is
 * counted of them by name: channels or touchpoints. How customers walk from stage to stage stands in walk.sql.ts.
 */
import { compileAudience } from '../../query/audience.ts';
import { eventsTable, revenue } from '../../query/events.ts';
import type { CompileScope, EventVocabulary } from '../../query/events.ts';
import { compileFilter, noFilter } from '../../query/filter.ts';
import { readsOf } from '../../query/reads.ts';
import { and, empty, int, param, sql } from '../../query/sql.ts';
import type { Sql } from '../../query/sql.ts';
import type { SqlQuery } from '../../query/statement.ts';
import { inRange } from '../../query/time-range.ts';
import { touchpoint } from '../../query/touchpoint.ts';
import type { JourneyQuery } from './journey.query.ts';

/** What is asked of staged events besides: more columns, and a condition on their rows. */
interface Besides {
  readonly more?: Sql;
  readonly whose?: Sql;
}

/** `SELECT customer_key, time, stage` and more of the events in the range that belong to a stage. */
export function stagedEvents(
  query: JourneyQuery,
  scope: CompileScope,
  { more = empty, whose }: Besides = {},
): Sql {
  const { names, numbers } = stagesByEvent(scope.vocabulary);
  const conditions = [inRange(query.range), sql`event IN ${param.strings(names)}`];
  if (query.where !== noFilter) conditions.push(compileFilter(query.where));
  if (whose) conditions.push(whose);
  if (query.audience) conditions.push(compileAudience(query.audience, scope));
  const stage =
    names.length === 0
      ? sql`0`
      : sql`transform(event, ${param.strings(names)}, ${param.uint64s(numbers)}, toUInt64(0))`;
  return sql`SELECT customer_key, time, toUInt8(${stage}) AS stage${more}
FROM ${eventsTable(scope)} WHERE ${and(conditions)}`;
}

/** Every event name of the map, and the number of its stage. */
export function stagesByEvent({ stages }: EventVocabulary): {
  names: readonly string[];
  numbers: readonly string[];
} {
  const pairs = [...stages.values()].flatMap((events, i) =>
    events.map((event) => [event, String(i + 1)] as const),
  );
  return { names: pairs.map(([event]) => event), numbers: pairs.map(([, number]) => number) };
}

export const NAME_KINDS = ['channel', 'touchpoint'] as const;
export type NameKind = (typeof NAME_KINDS)[number];

/** One name of one kind: a channel or a touchpoint. */
export interface NamedBy {
  readonly kind: NameKind;
  readonly name: string;
}

/** The name of that kind on a row of events. */
export function nameOf(kind: NameKind): Sql {
  return kind === 'channel' ? sql`CAST(channel, 'String')` : touchpoint;
}

/** Most names told of one stage. */
export const MOST_NAMES = 50;

export interface NamedRow {
  readonly stage: number;
  readonly name: string;
  readonly customers: string;
  readonly events: string;
  readonly revenue: string;
}

/** What happened in each stage by channel or touchpoint, most events first. */
export function compileNamed(query: JourneyQuery, kind: NameKind, scope: CompileScope): SqlQuery<NamedRow> {
  const rows = stagedEvents(query, scope, { more: sql`, ${nameOf(kind)} AS name, ${revenue} AS amount` });
  return {
    name: `journey_${kind}s`,
    reads: readsOf(query.range, query.audience, scope),
    sql: sql`SELECT stage, name, uniqExact(customer_key) AS customers, count() AS events, sum(amount) AS revenue
FROM (
${rows}
) GROUP BY stage, name ORDER BY stage, events DESC, name LIMIT ${int(MOST_NAMES)} BY stage`,
  };
}
