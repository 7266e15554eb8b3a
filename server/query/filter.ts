/**
 * Filters: conditions on event properties, built-ins and customer traits, nested by all, any and not. Pure:
 * normalises what a caller sent, and compiles it to one condition on a row of events.
 */
import { builtInType, customerTrait, customerTraits, eventProperty } from './events.ts';
import { numberOf, timeOf } from './literal.ts';
import { patternProblem } from './pattern.ts';
import { inputError } from './problem.ts';
import { and, or, param, sql } from './sql.ts';
import type { Sql } from './sql.ts';

export const FILTER_OPS = [
  'IS',
  'IS_NOT',
  'CONTAINS',
  'NOT_CONTAINS',
  'STARTS_WITH',
  'MATCHES',
  'GT',
  'GTE',
  'LT',
  'LTE',
  'BETWEEN',
  'IS_SET',
  'IS_NOT_SET',
] as const;
export type FilterOp = (typeof FILTER_OPS)[number];

export const PROPERTY_SCOPES = ['EVENT', 'CUSTOMER'] as const;
export type PropertyScope = (typeof PROPERTY_SCOPES)[number];

export interface FilterRequest {
  readonly all?: readonly FilterRequest[] | null;
  readonly any?: readonly FilterRequest[] | null;
  readonly not?: FilterRequest | null;
  readonly property?: string | null;
  readonly of?: PropertyScope | null;
  readonly op?: FilterOp | null;
  readonly values?: readonly string[] | null;
}

export type Filter =
  | { readonly kind: 'all' | 'any'; readonly parts: readonly Filter[] }
  | { readonly kind: 'not'; readonly part: Filter }
  | {
      readonly kind: 'condition';
      readonly property: string;
      readonly of: PropertyScope;
      readonly op: FilterOp;
      readonly values: readonly string[];
    };

/** A filter that every event passes. */
export const noFilter: Filter = { kind: 'all', parts: [] };

const MAX_DEPTH = 10;
const MAX_PARTS = 100;
const MAX_VALUES = 1000;
/** Conditions of one filter, all levels together. */
const MAX_CONDITIONS = 500;
const LONGEST_NAME = 1024;
/** ClickHouse takes 128 kB in one parameter; what must be escaped there takes twice its length. */
const MAX_VALUE_BYTES = 60_000;

/** How many values each operator takes: [fewest, most]. */
const VALUE_COUNTS: Record<FilterOp, readonly [number, number]> = {
  IS: [1, MAX_VALUES],
  IS_NOT: [1, MAX_VALUES],
  CONTAINS: [1, MAX_VALUES],
  NOT_CONTAINS: [1, MAX_VALUES],
  STARTS_WITH: [1, MAX_VALUES],
  MATCHES: [1, 20],
  GT: [1, 1],
  GTE: [1, 1],
  LT: [1, 1],
  LTE: [1, 1],
  BETWEEN: [2, 2],
  IS_SET: [0, 0],
  IS_NOT_SET: [0, 0],
};

/** Throws InputError for what is no filter: no form or several in one node, too deep, too large, bad values. */
export function normaliseFilter(request: FilterRequest | null | undefined, field: string): Filter {
  if (!request) return noFilter;
  const filter = normaliseNode(request, field, 0);
  if (conditionsOf(filter) > MAX_CONDITIONS) {
    throw inputError(field, 'FILTER_TOO_LARGE', `A filter has up to ${MAX_CONDITIONS} conditions in all.`);
  }
  return filter;
}

function conditionsOf(filter: Filter): number {
  if (filter.kind === 'condition') return 1;
  if (filter.kind === 'not') return conditionsOf(filter.part);
  return filter.parts.reduce((sum, part) => sum + conditionsOf(part), 0);
}

function normaliseNode(request: FilterRequest, field: string, depth: number): Filter {
  const forms = [request.all, request.any, request.not, request.property].filter((form) => form != null);
  if (forms.length !== 1 || (request.property == null && request.values != null)) {
    const message = 'A filter is exactly one of `property` (with `op` and `values`), `all`, `any` and `not`.';
    throw inputError(field, 'BAD_FILTER', message);
  }
  if (depth >= MAX_DEPTH) throw inputError(field, 'FILTER_TOO_DEEP', `Filters nest up to ${MAX_DEPTH} deep.`);
  if (request.not) return { kind: 'not', part: normaliseNode(request.not, `${field}.not`, depth + 1) };
  const kind = request.all ? 'all' : 'any';
  const parts = request.all ?? request.any;
  if (!parts) return normaliseCondition(request, field);
  if (parts.length === 0 || parts.length > MAX_PARTS) {
    throw inputError(`${field}.${kind}`, 'BAD_FILTER', `\`${kind}\` takes 1 to ${MAX_PARTS} filters.`);
  }
  return { kind, parts: parts.map((part, i) => normaliseNode(part, `${field}.${kind}[${i}]`, depth + 1)) };
}

function normaliseCondition(request: FilterRequest, field: string): Filter {
  const { property = '', op: asked, of } = request;
  const op = asked ?? 'IS';
  const values = request.values ?? [];
  if (!property || property.length > LONGEST_NAME) {
    const message = `The name of a property has 1 to ${LONGEST_NAME} characters.`;
    throw inputError(`${field}.property`, 'BAD_FILTER', message);
  }
  const [fewest, most] = VALUE_COUNTS[op];
  if (values.length < fewest || values.length > most) {
    const allowed = fewest === most ? `${fewest}` : `${fewest} to ${most}`;
    throw inputError(`${field}.values`, 'BAD_FILTER', `${op} takes ${allowed} values, not ${values.length}.`);
  }
  if (new TextEncoder().encode(values.join('')).length > MAX_VALUE_BYTES) {
    const message = `The values of one condition have up to ${MAX_VALUE_BYTES} bytes in all.`;
    throw inputError(`${field}.values`, 'FILTER_TOO_LARGE', message);
  }
  if (op === 'MATCHES') checkPatterns(values, `${field}.values`);
  return { kind: 'condition', property, of: of ?? 'EVENT', op, values };
}

function checkPatterns(values: readonly string[], field: string): void {
  for (const value of values) {
    const problem = patternProblem(value);
    if (problem === null) continue;
    const message = `"${value.slice(0, 60)}" is not a regular expression (RE2): ${problem}.`;
    throw inputError(field, 'BAD_PATTERN', message);
  }
}

/** A condition (UInt8, never null) on a row of events. */
export function compileFilter(filter: Filter): Sql {
  switch (filter.kind) {
    case 'all':
      return and(filter.parts.map(compileFilter));
    case 'any':
      return sql`(${or(filter.parts.map(compileFilter))})`;
    case 'not':
      return sql`NOT (${compileFilter(filter.part)})`;
    case 'condition':
      return filter.of === 'CUSTOMER' ? traitCondition(filter) : eventCondition(filter);
  }
}

/** True when a condition is on the customer: its answer changes without any event. */
export function mentionsTraits(filter: Filter): boolean {
  if (filter.kind === 'condition') return filter.of === 'CUSTOMER';
  return filter.kind === 'not' ? mentionsTraits(filter.part) : filter.parts.some(mentionsTraits);
}

type Condition = Extract<Filter, { kind: 'condition' }>;

const POSITIVE: Partial<Record<FilterOp, FilterOp>> = {
  IS_NOT: 'IS',
  NOT_CONTAINS: 'CONTAINS',
  IS_NOT_SET: 'IS_SET',
};

/** What is a number or a time by its column is compared as such with IS and BETWEEN too: 12.50 is 12.5. */
function eventCondition(filter: Condition): Sql {
  const type = builtInType(filter.property);
  const isTyped = ['IS', 'IS_NOT', 'GT', 'GTE', 'LT', 'LTE', 'BETWEEN'].includes(filter.op);
  if (type === null || !isTyped) return condition(eventProperty(filter.property), filter);
  const read = type === 'number' ? numberOf : timeOf;
  const bound = (value: string): Sql | null => {
    const known = read(value);
    if (known === null) return null;
    return type === 'number' ? sql`${param.float(known)}` : sql`${param.int64(known)}`;
  };
  return typedCondition(
    type === 'number' ? sql`toFloat64(revenue)` : sql`toUnixTimestamp64Milli(time)`,
    filter,
    bound,
  );
}

const COMPARISONS: Partial<Record<FilterOp, Sql>> = { GT: sql`>`, GTE: sql`>=`, LT: sql`<`, LTE: sql`<=` };

/** What is no number or no time equals none and is beyond none. */
function typedCondition(value: Sql, { op, values }: Condition, bound: (value: string) => Sql | null): Sql {
  const compared = (operator: Sql, text: string | undefined): Sql => {
    const right = bound(text ?? '');
    return right ? sql`ifNull(${value} ${operator} ${right}, 0)` : sql`0`;
  };
  const isOne = or(values.map((text) => compared(sql`=`, text)));
  if (op === 'IS') return isOne;
  if (op === 'IS_NOT') return sql`NOT (${isOne})`;
  if (op === 'BETWEEN') return and([compared(sql`>=`, values[0]), compared(sql`<=`, values[1])]);
  return compared(COMPARISONS[op] ?? sql`=`, values[0]);
}

/** Customers without traits have no row, so what holds for the unset is asked the other way round. */
function traitCondition(filter: Condition): Sql {
  const positive = POSITIVE[filter.op];
  const test = condition(customerTrait(filter.property), { ...filter, op: positive ?? filter.op });
  const keys = sql`(SELECT customer_key FROM ${customerTraits} WHERE ${test})`;
  return positive ? sql`customer_key NOT IN ${keys}` : sql`customer_key IN ${keys}`;
}

function condition(value: Sql, { op, values }: Pick<Condition, 'op' | 'values'>): Sql {
  const [first = '', second = ''] = values;
  switch (op) {
    case 'IS':
      return sql`ifNull(${value} IN ${param.strings(values)}, 0)`;
    case 'IS_NOT':
      return sql`NOT ifNull(${value} IN ${param.strings(values)}, 0)`;
    case 'CONTAINS':
      return containsAny(value, values);
    case 'NOT_CONTAINS':
      return sql`NOT (${containsAny(value, values)})`;
    case 'STARTS_WITH':
      return sql`ifNull(arrayExists(v -> startsWith(assumeNotNull(${value}), v), ${param.strings(values)}) AND isNotNull(${value}), 0)`;
    case 'MATCHES':
      return or(values.map((pattern) => sql`ifNull(match(${value}, ${param.string(pattern)}), 0)`));
    case 'GT':
      return ordering(value, sql`>`, first);
    case 'GTE':
      return ordering(value, sql`>=`, first);
    case 'LT':
      return ordering(value, sql`<`, first);
    case 'LTE':
      return ordering(value, sql`<=`, first);
    case 'BETWEEN':
      return sql`(${ordering(value, sql`>=`, first)} AND ${ordering(value, sql`<=`, second)})`;
    case 'IS_SET':
      return sql`isNotNull(${value})`;
    case 'IS_NOT_SET':
      return sql`isNull(${value})`;
  }
}

/** By the lower case of both, as Unicode has it for every script. Whatever is set contains the empty text. */
function containsAny(value: Sql, values: readonly string[]): Sql {
  if (values.includes('')) return sql`isNotNull(${value})`;
  return or(
    values.map((part) => sql`ifNull(position(lowerUTF8(${value}), lowerUTF8(${param.string(part)})) > 0, 0)`),
  );
}

/** What parseDateTime64BestEffort would take for a time is far more. */
const LOOKS_LIKE_A_TIME = param.string(
  '^\\d{4}-\\d{2}-\\d{2}(?:[T ](?:[01]\\d|2[0-3]):[0-5]\\d(?::[0-5]\\d(?:\\.\\d+)?)?(?:Z|[+-]\\d{2}:?\\d{2})?)?$',
);

/** Numbers as numbers, times as times; anything else as text. What is of another kind does not match. */
function ordering(value: Sql, operator: Sql, bound: string): Sql {
  const number = numberOf(bound);
  if (number !== null) return sql`ifNull(toFloat64OrNull(${value}) ${operator} ${param.float(number)}, 0)`;
  const ms = timeOf(bound);
  if (ms === null) return sql`ifNull(${value} ${operator} ${param.string(bound)}, 0)`;
  const time = sql`toUnixTimestamp64Milli(parseDateTime64BestEffortOrNull(${value}, 3, 'UTC'))`;
  return sql`ifNull(match(${value}, ${LOOKS_LIKE_A_TIME}) AND ${time} ${operator} ${param.int64(ms)}, 0)`;
}
