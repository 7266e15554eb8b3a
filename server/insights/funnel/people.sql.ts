/**
 * Who stands behind numbers of a funnel that are no step's: a stretch of the times to convert, a value that goes
 * with converting. The same relations as those the numbers are counted from.
 */
import type { CompileScope } from '../../query/events.ts';
import type { PropertyScope } from '../../query/filter.ts';
import { name, param, sql } from '../../query/sql.ts';
import type { Sql } from '../../query/sql.ts';
import { compileCarriers } from './correlations.sql.ts';
import type { FunnelQuery } from './funnel.query.ts';
import { compileMatched } from './matcher.sql.ts';

/** Who went from one step to another, and in how many seconds; null: however many. */
export interface ConvertedIn {
  readonly fromStep: number;
  readonly toStep: number;
  readonly atLeastSeconds: number | null;
  readonly underSeconds: number | null;
}

/** `SELECT customer_key`: whose best attempt took that long from the one step to the other. */
export function compileConverted(query: FunnelQuery, asked: ConvertedIn, scope: CompileScope): Sql {
  const from = name('step', asked.fromStep + 1);
  const to = name('step', asked.toStep + 1);
  const ms = (seconds: number): Sql => sql`${param.int64(Math.round(seconds * 1000))}`;
  const least = asked.atLeastSeconds === null ? sql`1` : sql`${to} - ${from} >= ${ms(asked.atLeastSeconds)}`;
  const under = asked.underSeconds === null ? sql`1` : sql`${to} - ${from} < ${ms(asked.underSeconds)}`;
  return sql`SELECT customer_key\nFROM (${compileMatched(query, scope)}) WHERE ${from} > 0 AND ${to} > 0 AND ${least} AND ${under}`;
}

/** Who carries a value of a property as correlations count it, and whether they converted; null: or not. */
export interface Carrying {
  readonly of: PropertyScope;
  readonly property: string;
  readonly value: string;
  readonly converted: boolean | null;
}

/** `SELECT customer_key`: who entered and carries the value. */
export function compileCarrying(query: FunnelQuery, asked: Carrying, scope: CompileScope): Sql {
  const last = name('step', query.steps.length);
  const { converted } = asked;
  const whose = converted === null ? sql`1` : converted ? sql`${last} > 0` : sql`${last} = 0`;
  return sql`SELECT customer_key\nFROM (${compileMatched(query, scope)}) WHERE ${whose} AND customer_key IN (${compileCarriers(query, asked, scope)})`;
}
