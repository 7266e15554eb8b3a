import { readFileSync } from 'node:fs';
import { buildSchema, isEnumType, isInputObjectType, isObjectType, printSchema } from 'graphql';
import type { GraphQLArgument, GraphQLInputField, GraphQLNamedType, GraphQLSchema } from 'graphql';
import { beforeAll, describe, expect, it } from 'vitest';
import { createSchema, schemaText } from '../../server/api/schema.ts';

/** What stands in the schema stands there as the contract says; the contract may hold more than is built. */
describe('the schema', () => {
  const contract = buildSchema(readFileSync('tests/api/contract.graphql', 'utf8'));
  let schema: GraphQLSchema;

  beforeAll(async () => {
    schema = await createSchema();
  });

  it('is the one that stands in schema.graphql', () => {
    expect(readFileSync('schema.graphql', 'utf8')).toBe(schemaText(schema));
  });

  it('has every name, type, nullability and default as the contract has them', () => {
    const differences = Object.values(contract.getTypeMap())
      .filter((type) => !type.name.startsWith('__'))
      .flatMap((type) => differencesOf(type, schema.getType(type.name)));
    expect(differences).toEqual([]);
  });

  it('has the analytic fields of Query under Subscription too, with the same arguments and type', () => {
    const queries = schema.getQueryType()?.getFields() ?? {};
    const live = schema.getSubscriptionType()?.getFields() ?? {};
    for (const name of [
      'overview',
      'metric',
      'funnel',
      'retention',
      'lifecycle',
      'journey',
      'paths',
      'attribution',
      'rfm',
    ]) {
      const args = live[name]?.args.filter((arg) => arg.name !== 'every').map(signature);
      expect(String(live[name]?.type)).toBe(String(queries[name]?.type));
      expect(args).toEqual(queries[name]?.args.map(signature));
    }
  });

  it('can be read by any client', () => {
    expect(() => buildSchema(printSchema(schema))).not.toThrow();
  });
});

const signature = ({ name, type, defaultValue }: GraphQLArgument | GraphQLInputField): string =>
  `${name}: ${String(type)} = ${JSON.stringify(defaultValue)}`;

function differencesOf(expected: GraphQLNamedType, actual: GraphQLNamedType | undefined): string[] {
  if (!actual) return [];
  if (isEnumType(expected) && isEnumType(actual)) {
    const names = new Set(expected.getValues().map((value) => value.name));
    return actual
      .getValues()
      .flatMap(({ name }) => (names.has(name) ? [] : [`${actual.name}.${name} is not in the contract`]));
  }
  if (isInputObjectType(expected) && isInputObjectType(actual)) {
    const wanted = expected.getFields();
    return Object.values(actual.getFields()).flatMap((field) => {
      const want = wanted[field.name];
      return want && signature(want) !== signature(field)
        ? [`${actual.name}.${signature(field)}, not ${signature(want)}`]
        : [];
    });
  }
  if (isObjectType(expected) && isObjectType(actual)) {
    const wanted = expected.getFields();
    return Object.values(actual.getFields()).flatMap((field) => {
      const want = wanted[field.name];
      if (!want) return [];
      const of = `${actual.name}.${field.name}`;
      const type =
        String(want.type) === String(field.type)
          ? []
          : [`${of}: ${String(field.type)}, not ${String(want.type)}`];
      const args = field.args.flatMap((arg) => {
        const wantArg = want.args.find(({ name }) => name === arg.name);
        return wantArg && signature(wantArg) !== signature(arg)
          ? [`${of}(${signature(arg)}), not (${signature(wantArg)})`]
          : [];
      });
      return [...type, ...args];
    });
  }
  return [];
}
