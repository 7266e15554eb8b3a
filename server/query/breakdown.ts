/**
 * Breakdowns: the same question once per value of one or several properties, the largest values apart and the
 * rest together. Pure; which values are the largest is asked first and comes back in as `kept`.
 */
import { customerTrait, customerTraits, eventProperty, eventsTable } from './events.ts';
import type { CompileScope } from './events.ts';
import type { PropertyScope } from './filter.ts';
import { inputError } from './problem.ts';
import { join, param, sql } from './sql.ts';
import type { Sql } from './sql.ts';

/** Which event gives a customer's value, where a question is about several events of a customer. */
export const BREAKDOWN_ATTRIBUTIONS = ['FIRST_TOUCH', 'LAST_TOUCH', 'ALL_STEPS', 'STEP'] as const;
export type BreakdownAttribution = (typeof BREAKDOWN_ATTRIBUTIONS)[number];

export interface BreakdownRequest {
  readonly properties: readonly string[];
  readonly of?: PropertyScope | null;
  readonly limit?: number | null;
  readonly attribution?: BreakdownAttribution | null;
  readonly step?: number | null;
}

export interface Breakdown {
  readonly properties: readonly string[];
  readonly of: PropertyScope;
  /** Values that stand apart, at most. */
  readonly limit: number;
}

/** One value of the breakdown, or all that did not stay apart. */
export interface BreakdownGroup {
  /** One per property, empty where unset; none for the rest. */
  readonly values: readonly string[];
  readonly isOther: boolean;
  /** As statements know it. */
  readonly key: string;
}

const MAX_PROPERTIES = 5;
const MAX_LIMIT = 100;
const LONGEST_NAME = 1024;

export function normaliseBreakdown(
  request: BreakdownRequest | null | undefined,
  field: string,
): Breakdown | null {
  if (!request) return null;
  const { properties, of, limit } = request;
  if (properties.length < 1 || properties.length > MAX_PROPERTIES) {
    const message = `A breakdown takes 1 to ${MAX_PROPERTIES} properties.`;
    throw inputError(`${field}.properties`, 'BAD_BREAKDOWN', message);
  }
  const nameless = properties.findIndex((name) => name === '' || name.length > LONGEST_NAME);
  if (nameless >= 0) {
    const message = `The name of a property has 1 to ${LONGEST_NAME} characters.`;
    throw inputError(`${field}.properties[${nameless}]`, 'BAD_BREAKDOWN', message);
  }
  const most = limit ?? 10;
  if (most < 1 || most > MAX_LIMIT) {
    throw inputError(`${field}.limit`, 'BAD_BREAKDOWN', `\`limit\` is 1 to ${MAX_LIMIT}, not ${most}.`);
  }
  return { properties, of: of ?? 'EVENT', limit: most };
}

/** The relation to read events from so that `groupKey` can be taken of a row. */
export function brokenDownEvents(breakdown: Breakdown | null, scope: CompileScope): Sql {
  return breakdown?.of === 'CUSTOMER' ? withTraits(eventsTable(scope), breakdown) : eventsTable(scope);
}

/** Rows with a `customer_key` so that `groupKey` of a breakdown by traits can be taken of them. */
export function withTraits(rows: Sql, breakdown: Breakdown): Sql {
  const key = keyOf(breakdown.properties.map((property) => customerTrait(property)));
  return sql`${rows} LEFT ANY JOIN (SELECT customer_key, ${key} AS trait_key FROM ${customerTraits}) AS trait_keys USING (customer_key)`;
}

/** The values of a row's properties as one text, which BreakdownGroup opens. */
export function groupKey(breakdown: Breakdown): Sql {
  if (breakdown.of === 'EVENT') return keyOf(breakdown.properties.map(eventProperty));
  return sql`if(trait_key = '', ${param.string(unsetKey(breakdown))}, trait_key)`;
}

function keyOf(values: readonly Sql[]): Sql {
  return sql`toJSONString([${join(
    values.map((value) => sql`ifNull(${value}, '')`),
    sql`, `,
  )}])`;
}

/** The key of rows on which no property is set. */
export function unsetKey(breakdown: Breakdown): string {
  return JSON.stringify(breakdown.properties.map(() => ''));
}

/** What stands for the rest in statements. */
const OTHER = '';

/** A group's key, or that of the rest, from the key of a row. */
export function mergedKey(key: Sql, groups: readonly BreakdownGroup[]): Sql {
  if (!groups.some((group) => group.isOther)) return key;
  const kept = groups.filter((group) => !group.isOther).map((group) => group.key);
  return sql`if(${key} IN ${param.strings(kept)}, ${key}, ${param.string(OTHER)})`;
}

/** Keys to ask for so that `groupsOf` can decide. */
export function keysNeeded(breakdown: Breakdown): number {
  return breakdown.limit + 2;
}

/**
 * The groups, from the keys of the largest values in order: all where they fit, else the `limit` largest
 * that are set, and the rest.
 */
export function groupsOf(breakdown: Breakdown, keys: readonly string[]): readonly BreakdownGroup[] {
  const group = (key: string): BreakdownGroup => ({
    values: JSON.parse(key) as string[],
    isOther: false,
    key,
  });
  if (keys.length <= breakdown.limit) return keys.map(group);
  const kept = keys.filter((key) => key !== unsetKey(breakdown)).slice(0, breakdown.limit);
  return [...kept.map(group), { values: [], isOther: true, key: OTHER }];
}

/** All series, or the one with these values; none of the values asks for the rest. */
export function seriesOf<S extends { readonly values: readonly string[]; readonly isOther: boolean }>(
  series: readonly S[],
  values: readonly string[] | null | undefined,
): readonly S[] {
  if (!values) return series;
  if (values.length === 0) return series.filter((one) => one.isOther);
  return series.filter(
    (one) =>
      !one.isOther &&
      one.values.length === values.length &&
      one.values.every((value, i) => value === values[i]),
  );
}
