/**
 * Properties held constant: a customer's events are matched once per value that they carry, as if each value
 * were a customer of its own; the best result counts. Events that do not carry all the properties take no
 * step. An exclusion's event counts for its own value, and for every value where it carries none.
 */
import { eventProperty } from '../../query/events.ts';
import { and, join, sql } from '../../query/sql.ts';
import type { Sql } from '../../query/sql.ts';
import type { FunnelQuery } from './funnel.query.ts';

/** Whom moments are gathered for: a customer, or a customer with one value of what is held constant. */
export function subjectOf(query: FunnelQuery): Sql {
  return isHeld(query) ? sql`customer_key, held` : sql`customer_key`;
}

export function isHeld(query: FunnelQuery): boolean {
  return query.holdConstant.length > 0;
}

/** The values held on a row of events as one text; empty where one is unset. */
export function heldValue(query: FunnelQuery): Sql {
  const values = query.holdConstant.map(eventProperty);
  const isSet = and(values.map((value) => sql`isNotNull(${value})`));
  const list = join(
    values.map((value) => sql`ifNull(${value}, '')`),
    sql`, `,
  );
  return sql`if(${isSet}, toJSONString([${list}]), '')`;
}

/**
 * Rows of `customer_key`, `own_held`, `own_mask` and, where there are barriers, `own_barrier` once for each
 * value that the customer's steps carry: with `held`, and what the row means for that value.
 */
export function perHeldValue(rows: Sql, withBarriers: boolean): Sql {
  const barrier = withBarriers ? sql`, if(own_held IN ('', held), own_barrier, 0) AS barrier` : sql``;
  // A window, not a join with the distinct values: the events are read once, and the statement is half as long.
  const values = sql`groupUniqArrayIf(own_held, own_held != '' AND own_mask > 0) OVER (PARTITION BY customer_key)`;
  const all = sql`SELECT *, ${values} AS held_values\nFROM (${rows})`;
  return sql`SELECT * EXCEPT (held_values), held, if(own_held = held, own_mask, 0) AS mask${barrier}\nFROM (${all}) ARRAY JOIN held_values AS held`;
}
