/**
 * Tells whether two viewers ask the same: white space, comments, names of operations, the order of arguments and
 * of variables, and whatever of a document is not used make no difference. What shapes the answer (fields, their
 * order, their aliases) does.
 */
import { getOperationAST, Kind, print, separateOperations, visit } from 'graphql';
import type { DocumentNode } from 'graphql';

export interface Question {
  readonly document: DocumentNode;
  readonly operationName?: string | null | undefined;
  readonly variableValues?: Readonly<Record<string, unknown>> | null | undefined;
}

/** Equal for equal questions. The document is valid and has the operation. */
export function sameQuestion({ document, operationName, variableValues }: Question): string {
  const { text, variables } = normalOf(document, operationName ?? '');
  // One that is absent has its default; one that is null has not.
  const given = variables.filter((name) => variableValues?.[name] !== undefined);
  const values = given.map((name) => [name, variableValues?.[name]]);
  return `${JSON.stringify(values, sorted)}${text}`;
}

interface Normal {
  readonly text: string;
  /** Names, in order. */
  readonly variables: readonly string[];
}

/** For as long as somebody else holds the document. */
const known = new WeakMap<DocumentNode, Map<string, Normal>>();

function normalOf(document: DocumentNode, operationName: string): Normal {
  let normals = known.get(document);
  if (!normals) known.set(document, (normals = new Map<string, Normal>()));
  let normal = normals.get(operationName);
  if (!normal) normals.set(operationName, (normal = normalise(document, operationName)));
  return normal;
}

function normalise(document: DocumentNode, operationName: string): Normal {
  const operation = getOperationAST(document, operationName === '' ? null : operationName);
  const alone = separateOperations(document)[operation?.name?.value ?? ''] ?? document;
  const names = (operation?.variableDefinitions ?? []).map(({ variable }) => variable.name.value);
  const plain = visit(alone, {
    [Kind.OPERATION_DEFINITION]: (node) => ({
      ...node,
      name: undefined,
      variableDefinitions: node.variableDefinitions?.toSorted((a, b) =>
        compare(a.variable.name.value, b.variable.name.value),
      ),
    }),
    [Kind.FIELD]: (node) => ({ ...node, arguments: node.arguments?.toSorted(byName) }),
    [Kind.OBJECT]: (node) => ({ ...node, fields: node.fields.toSorted(byName) }),
  });
  return { text: print(plain), variables: names.toSorted(compare) };
}

interface Named {
  readonly name: { readonly value: string };
}

const byName = (a: Named, b: Named): number => compare(a.name.value, b.name.value);
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Objects with their names in order. */
function sorted(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => compare(a, b)));
}
