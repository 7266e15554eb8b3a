/**
 * Filters: conditions on event properties, built-ins and customer traits, nested by all, any and not. Pure:
 * normalises what a caller sent, and compiles it to one condition on a row of events.
 */
import { customerTrait, customerTraits, eventProperty } from './events.ts';
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

export function normaliseFilter(request: FilterRequest | null | undefined, field: string, depth = 0): Filter {
  if (!request) return noFilter;
  const forms = [request.all, request.any, request.not, request.property].filter((form) => form != null);
  if (forms.length !== 1) {
    throw inputError(field, 'BAD_FILTER', 'A filter is exactly one of `property`, `all`, `any` and `not`.');
  }
  if (depth >= MAX_DEPTH) throw inputError(field, 'FILTER_TOO_DEEP', `Filters nest up to ${MAX_DEPTH} deep.`);
  if (request.not) return { kind: 'not', part: normaliseFilter(request.not, `${field}.not`, depth + 1) };
  const kind = request.all ? 'all' : 'any';
  const parts = request.all ?? request.any;
  if (!parts) return normaliseCondition(request, field);
  if (parts.length === 0 || parts.length > MAX_PARTS) {
    throw inputError(`${field}.${kind}`, 'BAD_FILTER', `\`${kind}\` takes 1 to ${MAX_PARTS} filters.`);
  }
  return { kind, parts: parts.map((part, i) => normaliseFilter(part, `${field}.${kind}[${i}]`, depth + 1)) };
}

function normaliseCondition(request: FilterRequest, field: string): Filter {
  const op = request.op ?? 'IS';
  const values = request.values ?? [];
  const [fewest, most] = VALUE_COUNTS[op];
  if (values.length < fewest || values.length > most) {
    const allowed = fewest === most ? `${fewest}` : `${fewest} to ${most}`;
    throw inputError(`${field}.values`, 'BAD_FILTER', `${op} takes ${allowed} values, not ${values.length}.`);
  }
  return { kind: 'condition', property: request.property ?? '', of: request.of ?? 'EVENT', op, values };
}

/** A condition (UInt8, never null) on a row of events. */
export function compileFilter(filter: Filter): Sql {
  switch (filter.kind) {
    case 'all':
      return and(filter.parts.map(compileFilter));
    case 'any':
      return or(filter.parts.map(compileFilter));
    case 'not':
      return sql`NOT (${compileFilter(filter.part)})`;
    case 'condition':
      return filter.of === 'CUSTOMER'
        ? traitCondition(filter)
        : condition(eventProperty(filter.property), filter);
  }
}

type Condition = Extract<Filter, { kind: 'condition' }>;

const POSITIVE: Partial<Record<FilterOp, FilterOp>> = {
  IS_NOT: 'IS',
  NOT_CONTAINS: 'CONTAINS',
  IS_NOT_SET: 'IS_SET',
};

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

function containsAny(value: Sql, values: readonly string[]): Sql {
  return or(
    values.map((part) => sql`ifNull(positionCaseInsensitiveUTF8(${value}, ${param.string(part)}) > 0, 0)`),
  );
}

/** Numbers as numbers, times as times; anything else as text. What is of another kind does not match. */
function ordering(value: Sql, operator: Sql, bound: string): Sql {
  const number = Number(bound);
  if (bound.trim() !== '' && Number.isFinite(number)) {
    return sql`ifNull(toFloat64OrNull(${value}) ${operator} ${param.float(number)}, 0)`;
  }
  const ms = /^\d{4}-\d{2}-\d{2}/.test(bound) ? Date.parse(bound) : Number.NaN;
  if (Number.isFinite(ms)) {
    return sql`ifNull(parseDateTime64BestEffortOrNull(${value}, 3, 'UTC') ${operator} ${param.time(ms)}, 0)`;
  }
  return sql`ifNull(${value} ${operator} ${param.string(bound)}, 0)`;
}
