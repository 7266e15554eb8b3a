/** The contract's scalars, from graphql-scalars where it has them. */
import { GraphQLScalarType } from 'graphql';
import { GraphQLDateTimeISO, GraphQLJSON, GraphQLSafeInt } from 'graphql-scalars';

export const DateTime = new GraphQLScalarType({
  ...GraphQLDateTimeISO.toConfig(),
  name: 'DateTime',
  description: 'An instant, RFC 3339: `2026-01-31T23:59:59.999Z`.',
});

export const SafeInt = new GraphQLScalarType({
  ...GraphQLSafeInt.toConfig(),
  name: 'SafeInt',
  description: 'An integer up to 2^53 - 1.',
});

export const Json = new GraphQLScalarType({
  ...GraphQLJSON.toConfig(),
  name: 'JSON',
  description: 'Any JSON value.',
});

/** Passed through as text: what is no duration is refused where it is used, with the field's name. */
export const Duration = new GraphQLScalarType<string, string>({
  name: 'Duration',
  description: 'ISO 8601: `PT30M`, `P14D`, `P1M`. Months and years are calendar ones.',
  serialize: String,
  parseValue: (value) => {
    if (typeof value !== 'string') throw new TypeError('A Duration is ISO 8601 text such as "P14D".');
    return value;
  },
});
