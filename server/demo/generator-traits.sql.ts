/**
 * What is known of the generated retailer's customers beyond events: name, e-mail, city, country, member tier.
 * Anonymous visitors have none. Same chance, same numbers as their events (generator-customers.sql.ts).
 */
import { int, param, sql } from '../query/sql.ts';
import type { Sql } from '../query/sql.ts';
import { customersOf, indices } from './generator-customers.sql.ts';
import type { CustomerSlice } from './generator-customers.sql.ts';
import { CHINESE_FAMILY, CHINESE_GIVEN, PLACES, TIERS, WESTERN_FIRST, WESTERN_LAST } from './people.ts';

/** A word of a list, chosen by a hash. */
function pick(hash: Sql, words: readonly string[]): Sql {
  return sql`transform(toUInt64(${hash} % ${int(words.length)}), ${indices(words.length)}, ${param.strings(words)}, '')`;
}

/** The place's value in a list as long as PLACES. */
function ofPlace(values: readonly string[]): Sql {
  return sql`transform(toUInt64(place), ${indices(PLACES.length)}, ${param.strings(values)}, '')`;
}

/** Inserts the traits of the slice's known customers, as of `updatedMs`. */
export function generateTraits(slice: CustomerSlice, updatedMs: number): Sql {
  return sql`
INSERT INTO customer_traits (customer_key, customer_id, traits, updated_at)
SELECT
  cityHash64(customer_id), customer_id,
  CAST(concat('{"name":"', name, '","email":"', lower(customer_id), '@example.com","city":"', city,
    '","country":"', country, '","tier":"', tier, '"}') AS JSON(max_dynamic_paths = 256)),
  ${param.time(updatedMs)}
FROM (
  SELECT
    customer_id,
    ${ofPlace(PLACES.map((place) => place.city))} AS city,
    ${ofPlace(PLACES.map((place) => place.country))} AS country,
    if(${ofPlace(PLACES.map((place) => place.names))} = 'chinese',
      concat(${pick(sql`h2`, CHINESE_FAMILY)}, ${pick(sql`bitShiftRight(h2, 12)`, CHINESE_GIVEN)}),
      concat(${pick(sql`h2`, WESTERN_FIRST)}, ' ', ${pick(sql`bitShiftRight(h2, 12)`, WESTERN_LAST)})) AS name,
    ${pick(sql`multiIf(role = 1 OR rate < 0.006, 0, rate < 0.016, 1, rate < 0.03, 2, 3)`, TIERS)} AS tier
  FROM (${customersOf(slice)})
  WHERE role > 0
)
SETTINGS insert_deduplicate = 0`;
}
