/**
 * The values of a breakdown as numbers, so that a customer's events carry them in arrays: a hash of a row's values,
 * zero where none is set. What they stand for is looked up once a group.
 */
import { unsetKey } from '../../query/breakdown.ts';
import type { Breakdown } from '../../query/breakdown.ts';
import { customerTrait, customerTraits, eventProperty } from '../../query/events.ts';
import type { CompileScope } from '../../query/events.ts';
import { join, name, param, sql } from '../../query/sql.ts';
import type { Sql } from '../../query/sql.ts';
import type { FunnelQuery } from './funnel.query.ts';
import { eventRows } from './moments.sql.ts';

/** Over a row of events, or of `customerTraits`: its code (UInt64). */
export function codeOfRow(breakdown: Breakdown): Sql {
  return codeOf(valuesOf(breakdown));
}

/** The code of a group, from its key. */
export function codeOfKey(key: string): Sql {
  const values = JSON.parse(key) as readonly string[];
  return codeOf(values.map((value) => sql`${param.string(value)}`));
}

/** `SELECT code, value`: the key of the group for each code that a row of the funnel can have, but zero. */
export function namesOfCodes(query: FunnelQuery, breakdown: Breakdown, scope: CompileScope): Sql {
  const names = breakdown.properties.map((_, i) => name('value', i + 1));
  const list = join(names, sql`, `);
  const columns = valuesOf(breakdown).map((value, i) => sql`${value} AS ${name('value', i + 1)}`);
  const rows =
    breakdown.of === 'CUSTOMER'
      ? sql`SELECT DISTINCT ${join(columns, sql`, `)} FROM ${customerTraits}`
      : sql`SELECT DISTINCT ${list}\nFROM (${eventRows(query, scope, sql`, ${join(columns, sql`, `)}`)})`;
  return sql`SELECT ${codeOf(names)} AS code, toJSONString([${list}]) AS value\nFROM (${rows})`;
}

/** The key of the group, in a row of `code` joined with `namesOfCodes`. */
export function keyOfCode(breakdown: Breakdown): Sql {
  return sql`if(code = 0, ${param.string(unsetKey(breakdown))}, value)`;
}

function valuesOf({ of, properties }: Breakdown): readonly Sql[] {
  const read = of === 'CUSTOMER' ? customerTrait : eventProperty;
  return properties.map((property) => sql`ifNull(${read(property)}, '')`);
}

function codeOf(values: readonly Sql[]): Sql {
  const isSet = join(
    values.map((value) => sql`(${value} != '')`),
    sql` OR `,
  );
  return sql`sipHash64(${join(values, sql`, `)}) * toUInt8(${isSet})`;
}
