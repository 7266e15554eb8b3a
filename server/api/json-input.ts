/** JSON as the input of a GraphQL type: the form that an argument of that type would have, or what is wrong with it. */
import { coerceInputValue, isInputType } from 'graphql';
import type { GraphQLSchema } from 'graphql';
import { InputError } from '../query/problem.ts';
import type { Problem } from '../query/problem.ts';

const MAX_PROBLEMS = 20;

/** Throws InputError with each field from `field` on. */
export function inputFromJson(schema: GraphQLSchema, typeName: string, json: object, field: string): object {
  const type = schema.getType(typeName);
  if (!type || !isInputType(type)) throw new TypeError(`no input type ${typeName}`);
  const problems: Problem[] = [];
  const value = coerceInputValue(json, type, (path, _value, error) => {
    if (problems.length >= MAX_PROBLEMS) return;
    const message = /[.!?]$/.test(error.message) ? error.message : `${error.message}.`;
    problems.push({ field: written(field, path), code: 'BAD_FORM', message });
  });
  if (problems.length > 0) throw new InputError(problems);
  return value as object;
}

/** `input`, ["steps", 2, "match"] -> `input.steps[2].match` */
function written(root: string, path: readonly (string | number)[]): string {
  return path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : `${text}.${part}`),
    root,
  );
}
