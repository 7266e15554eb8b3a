/** Selectors and conditions of the cases, as the API's inputs. */
export interface Selector {
  readonly event?: string | null;
  readonly where?: readonly Condition[];
  readonly anyOf?: readonly Selector[];
}

export interface Condition {
  readonly property: string;
  readonly op: string;
  readonly values?: readonly unknown[];
  readonly scope?: 'event' | 'customer';
}

export function matchOf({ event, where, anyOf }: Selector): object {
  return {
    ...(event == null ? {} : { events: [event] }),
    ...(where && where.length > 0 ? { where: { all: where.map(filterOf) } } : {}),
    ...(anyOf ? { anyOf: anyOf.map(matchOf) } : {}),
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

export function filterOf({ property, op, values = [], scope = 'event' }: Condition): object {
  return { property, op: OPERATORS[op], values: values.map(String), of: scope.toUpperCase() };
}
