/** Selectors and conditions of the cases, as the API's inputs. */
export interface Selector {
  readonly event?: string | null;
  readonly where?: readonly Condition[] | null;
  readonly anyOf?: readonly Selector[] | null;
}

export interface Condition {
  readonly property: string;
  readonly op: string;
  readonly values?: readonly unknown[] | string | number | boolean | null;
  readonly scope?: 'event' | 'customer' | null;
}

export function matchOf({ event, where, anyOf }: Selector): object {
  return {
    ...(event == null ? {} : { events: [event] }),
    ...(where?.length ? { where: filtersOf(where) } : {}),
    ...(anyOf?.length ? { anyOf: anyOf.map(matchOf) } : {}),
  };
}

const OPERATORS: Readonly<Record<string, string>> = {
  is: 'IS',
  isNot: 'IS_NOT',
  contains: 'CONTAINS',
  notContains: 'NOT_CONTAINS',
  isSet: 'IS_SET',
  isNotSet: 'IS_NOT_SET',
  gt: 'GT',
  gte: 'GTE',
  lt: 'LT',
  lte: 'LTE',
};

/** All of them. */
export function filtersOf(conditions: readonly Condition[]): object {
  return { all: conditions.map(filterOf) };
}

function filterOf({ property, op, values, scope }: Condition): object {
  const of = scope === 'customer' ? 'CUSTOMER' : 'EVENT';
  const texts = [values ?? []].flat().map(textOf);
  const takesNone = op === 'isSet' || op === 'isNotSet';
  return { property, op: OPERATORS[op] ?? op, ...(takesNone ? {} : { values: texts }), of };
}

/** Groups and values by their text; what is unset is empty. */
export function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
