import fc from 'fast-check';
import { buildSchema, execute as executeByGraphql, parse, validate } from 'graphql';
import type { ExecutionResult, GraphQLSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createExecute } from './execute.ts';

const schema = withResolvers(
  buildSchema(`
  enum Colour { RED GREEN }
  type Node {
    text: String
    strict: String!
    count: Int
    share: Float!
    colour: Colour
    numbers: [[Float!]]
    child: Node
    must: Node!
    all: [Node!]!
    some: [Node]
    named(name: String!, times: Int = 2): String
  }
  type Query { node(fails: Boolean): Node  sure: Node!  text: String }
  type Mutation { text: String }
`),
);

function withResolvers(built: GraphQLSchema): GraphQLSchema {
  const named = built.getType('Node');
  if (!named || !('getFields' in named)) throw new TypeError('no Node');
  const field = named.getFields()['named'];
  if (field && 'args' in field) {
    field.resolve = (source, { name, times }, _context, { path, fieldName }) => {
      if (name === 'x') throw new Error(`no ${fieldName}`);
      return `${String(name).repeat(Number(times))} at ${path.key} of ${typeof source}`;
    };
  }
  return built;
}

/** What stands behind a field: made anew for each execution, so that neither sees the other's promises. */
type Make = () => unknown;

const scalar: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('a', 'RED', 1, 0.5, true) },
  fc.constantFrom(null, undefined, Number.NaN, Infinity, 3e10, 'BLUE', {}, [], new Error('in the data')),
);

const later = (make: fc.Arbitrary<Make>): fc.Arbitrary<Make> =>
  fc.tuple(make, fc.constantFrom('now', 'now', 'call', 'promise', 'reject', 'throw')).map(([inner, how]) => {
    const failing = (): never => {
      throw new Error(`could not: ${how}`);
    };
    if (how === 'now') return inner;
    if (how === 'call') return () => () => inner();
    if (how === 'promise') return () => () => Promise.resolve().then(inner);
    return how === 'reject' ? () => () => Promise.resolve().then(failing) : () => failing;
  });

function node(depth: number, mayWait: boolean): fc.Arbitrary<Make> {
  const made = scalar.map(
    (value): Make =>
      () =>
        value,
  );
  const of = (make: fc.Arbitrary<Make>): fc.Arbitrary<Make> => (mayWait ? later(make) : make);
  const fields: Record<string, fc.Arbitrary<Make>> = {
    text: of(made),
    strict: fc.oneof({ weight: 4, arbitrary: fc.constant<Make>(() => 's') }, of(made)),
    count: of(made),
    share: fc.oneof({ weight: 4, arbitrary: fc.constant<Make>(() => 0.25) }, of(made)),
    colour: of(made),
    numbers: of(
      fc.array(fc.array(scalar, { maxLength: 3 }), { maxLength: 3 }).map(
        (v): Make =>
          () =>
            v,
      ),
    ),
  };
  if (depth > 0) {
    const one = (waits: boolean): fc.Arbitrary<Make> =>
      fc.oneof({ weight: 8, arbitrary: node(depth - 1, waits) }, made);
    const list = (item: fc.Arbitrary<Make>): fc.Arbitrary<Make> =>
      fc.array(item, { maxLength: 3 }).map(
        (items): Make =>
          () =>
            items.map((make) => make()),
      );
    fields['child'] = of(one(mayWait));
    fields['must'] = of(one(mayWait));
    // graphql-js leaves promises of a list of what must not be null to themselves when an item fails.
    fields['all'] = of(list(one(false)));
    fields['some'] = of(fc.oneof({ weight: 8, arbitrary: list(one(mayWait)) }, made));
  }
  return fc
    .record(fields, { requiredKeys: ['strict', 'share'] })
    .map((makes) => () => Object.fromEntries(Object.entries(makes).map(([key, make]) => [key, make?.()])));
}

const LEAVES = [
  'text',
  'strict',
  'count',
  'share',
  'colour',
  'numbers',
  '__typename',
  'again: text',
  '...Some',
];
const MORE = [
  'skipped: strict @skip(if: $yes)',
  'named(name: $name)',
  'x: named(name: "x")',
  '...Some @include(if: $no)',
];

function selection(depth: number): fc.Arbitrary<string> {
  const leaves = fc.subarray([...LEAVES, ...MORE], { minLength: 1 });
  if (depth === 0) return leaves.map((names) => `{ ${names.join(' ')} }`);
  const parents = fc.subarray(['child', 'must', 'all', 'some', 'other: child'], { minLength: 1 });
  return fc
    .tuple(leaves, parents, selection(depth - 1), selection(depth - 1))
    .map(([names, [first, ...rest], one, other]) => {
      const below = [
        `${first} ${one}`,
        `... on Node { ${first} ${one} }`,
        ...rest.map((name) => `${name} ${other}`),
      ];
      return `{ ${[...below, ...names].join(' ')} }`;
    });
}

const document = fc.tuple(selection(2), selection(1), fc.boolean()).map(
  ([one, other, isSure]) =>
    `query ($yes: Boolean!, $no: Boolean = false, $name: String!) {
        text node ${one} ... { second: node ${other} } used: node @include(if: $no) { ...Some } ${isSure ? `sure ${other}` : ''} named: text @include(if: $no) @skip(if: $yes) __typename }
      fragment Some on Node { text count more: named(name: $name, times: 1) }`,
);

const plain = async (result: ExecutionResult | Promise<ExecutionResult>): Promise<unknown> =>
  JSON.parse(JSON.stringify(await result));

describe('execution by plan', () => {
  const ours = createExecute(schema);

  it('gives what graphql-js gives: data, nulls, errors, their places and order', async () => {
    await fc.assert(
      fc.asyncProperty(
        document,
        node(2, true),
        node(2, true),
        fc.record({ yes: fc.boolean(), no: fc.boolean(), name: fc.constantFrom('n', 'x') }),
        async (text, one, other, variableValues) => {
          const parsed = parse(text);
          expect(validate(schema, parsed)).toEqual([]);
          const args = { schema, document: parsed, variableValues };
          const root = (): unknown => ({ text: 't', node: () => one(), sure: () => other() });
          const expected = await plain(executeByGraphql({ ...args, rootValue: root() }));
          expect(await plain(ours({ ...args, rootValue: root() }))).toEqual(expected);
          expect(await plain(ours({ ...args, rootValue: root() }))).toEqual(expected);
        },
      ),
      { numRuns: 100 },
    );
  });

  it.each([
    ['no such operation', '{ text }', 'Other', {}],
    ['a choice of operations', 'query A { text } query B { node { text } }', undefined, {}],
    ['one of two operations', 'query A { text } query B { node { text } }', 'B', {}],
    [
      'variables that do not fit',
      'query ($name: String!) { node { named(name: $name) } }',
      undefined,
      { name: 7 },
    ],
    ['a variable that is missing', 'query ($name: String!) { node { named(name: $name) } }', undefined, {}],
    ['a question about the schema', '{ __schema { queryType { name } } text }', undefined, {}],
    ['a mutation', 'mutation { text }', undefined, {}],
    ['a name with a meaning', '{ node { __proto__: text } }', undefined, {}],
  ])('leaves %s as it is', async (_name, text, operationName, variableValues) => {
    const args = {
      schema,
      document: parse(text),
      operationName,
      variableValues,
      rootValue: { text: 't', node: { text: 'n' } },
    };
    expect(await plain(ours(args))).toEqual(await plain(executeByGraphql(args)));
  });
});
