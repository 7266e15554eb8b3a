/**
 * What arrived: each insert of events, as its rows in `arrived` tell, with when its events happened; and, from
 * `arrivals`, any other change, with all time.
 */
import { int, param, sql } from '../query/sql.ts';
import type { Sql } from '../query/sql.ts';
import type { SqlQuery } from '../query/statement.ts';

/** What a row speaks of; anything: what no insert tells of, such as events that were removed. */
export type ArrivalKind =
  'events' | 'traits' | 'identities' | 'audiences' | 'notes' | 'keys' | 'landed' | 'journey_map' | 'anything';

export interface ArrivalRow {
  /** Milliseconds since 1970 by the store's clock. */
  readonly at_ms: number;
  readonly first_ms: number;
  readonly last_ms: number;
  /** Rows that say this: of an insert of events its events. */
  readonly times: number;
  readonly kind: ArrivalKind;
  /** Names the insert's rows in `arrived`; 0: none are there. */
  readonly batch: string;
  /** Events. */
  readonly events: number;
  /** They themselves, where they were asked for and are not too many; in the form that was asked for. */
  readonly told: readonly unknown[];
}

/** Which inserts' events are wanted with the look, and in which form: a value of a row of `arrived`. */
export interface Wanted {
  /** Those of inserts after this one. */
  readonly after: string;
  readonly told: Sql;
}

/** Beyond so many nobody tells them apart any more. */
export const MOST_ARRIVALS = 20_000;

/** Of more events than this in one insert none are told with the look. */
const MOST_TOLD = 10_000;

/** What arrived in the last so many seconds. */
export function lookAt(seconds: number, wanted: Wanted | null): SqlQuery<ArrivalRow> {
  const told = wanted
    ? sql`groupArrayIf(${int(MOST_TOLD)})(${wanted.told}, arrived.batch > ${param.uint64(wanted.after)})`
    : sql`[]`;
  return {
    name: 'live.arrivals',
    sql: sql`SELECT toUnixTimestamp64Milli(at) AS at_ms, toUnixTimestamp64Milli(first_time) AS first_ms,
  toUnixTimestamp64Milli(last_time) AS last_ms, kind, toString(batch) AS batch, toUInt32(count()) AS times,
  sum(rows) AS events, [] AS told
FROM arrivals WHERE ${isOther(seconds)}
GROUP BY at_ms, first_ms, last_ms, kind, arrivals.batch
UNION ALL
SELECT ${batchMs} AS at_ms, toUnixTimestamp64Milli(min(time)), toUnixTimestamp64Milli(max(time)), 'events',
  toString(arrived.batch), toUInt32(count()), count(), ${told}
FROM arrived WHERE ${arrivedIn(seconds)} GROUP BY arrived.batch LIMIT ${int(MOST_ARRIVALS)}
SETTINGS output_format_json_quote_64bit_integers = 0`,
  };
}

/** When an insert was under way: milliseconds since 1970. */
export const batchMs = sql`toInt64(intDiv(arrived.batch, 1000000))`;

/** Rows of `arrived` of the last so many seconds. */
export function arrivedIn(seconds: number): Sql {
  return sql`arrived.batch >= toUInt64(toUnixTimestamp64Nano(now64(9) - toIntervalSecond(${int(seconds)})))`;
}

/** Rows of `arrivals` of the last so many seconds; what it said of inserts of events before they were told from `arrived` is left out. */
export function isOther(seconds: number): Sql {
  return sql`at >= now64(3) - toIntervalSecond(${int(seconds)}) AND NOT (kind = 'events' AND arrivals.batch > 0)`;
}
