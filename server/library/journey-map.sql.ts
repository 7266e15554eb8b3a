/** What a publication would change, and whether anything carries a property, in SQL. */
import { isMoved, stagesUnder } from '../journey/stages-compared.sql.ts';
import type { MapPair } from '../journey/stages-compared.sql.ts';
import { customerTrait, customerTraits, eventProperty, eventsTable } from '../query/events.ts';
import type { CompileScope } from '../query/events.ts';
import type { PropertyScope } from '../query/filter.ts';
import { and, int, sql } from '../query/sql.ts';
import type { Sql } from '../query/sql.ts';
import type { SqlQuery } from '../query/statement.ts';

export interface PreviewRow {
  /** Numbers from 1, in the order of each map. */
  readonly stage_before: number;
  readonly stage_after: number;
  readonly customers: string;
}

/** How many customers are in which stage under both maps now. */
export function compilePreview(pair: MapPair, scope: CompileScope): SqlQuery<PreviewRow> {
  return {
    name: 'journey_map_preview',
    sql: sql`SELECT stage_before, stage_after, count() AS customers
FROM (
${stagesUnder(pair, scope.nowMs, scope)}
) GROUP BY stage_before, stage_after`,
  };
}

/** Stages by number; null: any. */
export interface PreviewMove {
  readonly before: number | null;
  readonly after: number | null;
}

/** `SELECT customer_key ...` of those whom the publication moves, of one move alone where it is given. */
export function compilePreviewMembers(
  pair: MapPair,
  { before, after }: PreviewMove,
  scope: CompileScope,
): Sql {
  const isOne = [
    isMoved(pair),
    ...(before === null ? [] : [sql`stage_before = ${int(before)}`]),
    ...(after === null ? [] : [sql`stage_after = ${int(after)}`]),
  ];
  return sql`SELECT customer_key FROM (${stagesUnder(pair, scope.nowMs, scope)}) WHERE ${and(isOne)}`;
}

/** A row where some event (customer) carries the property. */
export function compileCarried(
  name: string,
  of: PropertyScope,
  scope: CompileScope,
): SqlQuery<{ found: number }> {
  const [value, from] =
    of === 'EVENT' ? [eventProperty(name), eventsTable(scope)] : [customerTrait(name), customerTraits];
  return {
    name: 'journey_map_property',
    sql: sql`SELECT toUInt8(1) AS found FROM ${from} WHERE isNotNull(${value}) LIMIT 1`,
  };
}

/** Events (customers) whose properties are looked at to say which there are. */
const SAMPLE = int(50_000);

/** The names that are carried most. */
export function compileNames(of: PropertyScope, scope: CompileScope): SqlQuery<{ name: string }> {
  const source =
    of === 'EVENT'
      ? sql`SELECT properties AS bag FROM ${eventsTable(scope)} LIMIT ${SAMPLE}`
      : sql`SELECT traits AS bag FROM ${customerTraits} LIMIT ${SAMPLE}`;
  return {
    name: 'journey_map_names',
    sql: sql`SELECT arrayJoin(JSONAllPaths(bag)) AS name FROM (${source}) GROUP BY name ORDER BY count() DESC, name LIMIT 12`,
  };
}

/** Which of the names no event ever had; told by the projection `totals`. */
export function compileKnownEvents(): SqlQuery<{ name: string }> {
  return { name: 'journey_map_events', sql: sql`SELECT event AS name FROM events GROUP BY event` };
}
