/**
 * How often customers go from one value straight to the next, on paths to a conversion and on paths to none: what
 * the Markov model is made of. A path to none is what a customer touches in the range after the last conversion.
 */
import type { CompileScope } from '../../query/events.ts';
import { readsOf } from '../../query/reads.ts';
import { int, param, sql } from '../../query/sql.ts';
import type { SqlQuery } from '../../query/statement.ts';
import type { AttributionQuery } from './attribution.query.ts';
import { journeys, momentOf, pathBefore, placeOf } from './paths.sql.ts';

export interface MoveRow {
  /** A place among the values kept, 0 for the rest, or one of the three ends. */
  readonly source: number;
  readonly target: number;
  readonly moves: string;
}

/** Numbers of the states that are no value. */
export interface Ends {
  readonly start: number;
  readonly conversion: number;
  readonly nothing: number;
}

export function endsOf(kept: readonly string[]): Ends {
  return { start: kept.length + 1, conversion: kept.length + 2, nothing: kept.length + 3 };
}

export function compileMoves(
  query: AttributionQuery,
  kept: readonly string[],
  scope: CompileScope,
): SqlQuery<MoveRow> {
  const { start, conversion, nothing } = endsOf(kept);
  const state = (n: number) => sql`toUInt8(${int(n)})`;
  const from = momentOf(param.int64(query.range.fromMs));
  const to = momentOf(param.int64(query.range.toMs));
  const rest = sql`(${to}, greatest(${from}, tupleElement(conversions[-1], 1) + ${momentOf(sql`1`)}), toDecimal64(0, 4))`;
  return {
    name: 'attribution.moves',
    reads: readsOf({ fromMs: query.earliestMs, toMs: query.range.toMs }, query.audience, scope),
    sql: sql`SELECT tupleElement(move, 1) AS source, tupleElement(move, 2) AS target, count() AS moves
FROM (
  SELECT arrayMap(t -> toUInt8(${placeOf(sql`t`)}), path) AS states,
    arrayZip(arrayPushFront(states, ${state(start)}), arrayPushBack(states, if(is_last, ${state(nothing)}, ${state(conversion)}))) AS pairs
  FROM (
    SELECT ${pathBefore} AS path, nth = length(ends) AS is_last
    FROM (
      SELECT touches, arrayPushBack(conversions, ${rest}) AS ends
      FROM (
${journeys(query, kept, false, scope)}
      )
    ) ARRAY JOIN ends AS conversion, arrayEnumerate(ends) AS nth
  )
  WHERE notEmpty(path)
) ARRAY JOIN pairs AS move
GROUP BY source, target ORDER BY source, target`,
  };
}
