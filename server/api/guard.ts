/**
 * Holds a GraphQL document against the table of rights before anything of it is executed: every field that stands
 * in the operation, and, for those who may not see people, what it filters and groups by. The same for HTTP,
 * WebSocket and server-sent events, and for live answers.
 */
import {
  getArgumentValues,
  getNamedType,
  getOperationAST,
  getVariableValues,
  GraphQLError,
  isCompositeType,
  Kind,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import type { DocumentNode, ExecutionArgs, FieldNode, FragmentDefinitionNode, GraphQLField } from 'graphql';
import { forbidden } from '../access/doors.ts';
import { personalPart, TRAITS } from '../access/personal.ts';
import { may, rightsOfField } from '../access/rights.ts';
import type { Right } from '../access/rights.ts';
import { ROLES } from '../access/role.ts';
import type { Role } from '../access/role.ts';
import type { Context } from './context.ts';
import type { Execute } from './execution/execute.ts';

type Asked = Pick<ExecutionArgs, 'schema' | 'document' | 'operationName' | 'variableValues'>;

/** What an operation asks for: the first thing that each role may not; and its fields with arguments. */
interface Demand {
  readonly denied: ReadonlyMap<Role, { readonly field: string; readonly right: Right }>;
  readonly withArguments: readonly { readonly node: FieldNode; readonly definition: AnyField }[];
}

type AnyField = GraphQLField<unknown, unknown>;

const known = new WeakMap<DocumentNode, Map<string, Demand>>();

/** Null: the role may ask this. The document is valid and has the operation. */
export function refusedFor(role: Role, asked: Asked): GraphQLError | null {
  const demand = demandOf(asked);
  const denied = demand.denied.get(role);
  if (denied) return denial(role, denied.right, denied.field);
  if (may(role, 'people')) return null;
  const property = personalIn(asked, demand);
  return property === null ? null : denial(role, 'people', property);
}

/** Executes what the viewer of the context may ask. */
export function guarded(execute: Execute): Execute {
  return (args) => {
    const refused = refusedFor((args.contextValue as Context).viewer.role, args);
    return refused ? { errors: [refused] } : execute(args);
  };
}

function denial(role: Role, right: Right, what: string): GraphQLError {
  const { status, code, message } = forbidden(role, right, what);
  return new GraphQLError(message, { extensions: { code, http: { status } } });
}

function demandOf({ schema, document, operationName }: Asked): Demand {
  let demands = known.get(document);
  if (!demands) known.set(document, (demands = new Map<string, Demand>()));
  const name = operationName ?? '';
  let demand = demands.get(name);
  if (!demand) demands.set(name, (demand = readDemand({ schema, document, operationName })));
  return demand;
}

function readDemand({ schema, document, operationName }: Asked): Demand {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions) {
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  }
  const denied = new Map<Role, { field: string; right: Right }>();
  const withArguments: { node: FieldNode; definition: AnyField }[] = [];
  const info = new TypeInfo(schema);
  const used = new Set<string>();
  const read = (root: DocumentNode['definitions'][number]): void => {
    visit(
      root,
      visitWithTypeInfo(info, {
        FragmentSpread: ({ name }) => {
          const fragment = fragments.get(name.value);
          if (!fragment || used.has(name.value)) return;
          used.add(name.value);
        },
        Field: (node) => {
          const definition = info.getFieldDef();
          const parent = info.getParentType();
          if (!definition || !parent || definition.name.startsWith('__')) return;
          const value = getNamedType(definition.type);
          const valueType = isCompositeType(value) ? value.name : null;
          if (!parent.name.startsWith('__')) {
            for (const right of rightsOfField(parent.name, definition.name, valueType))
              for (const role of ROLES)
                if (!may(role, right) && !denied.has(role))
                  denied.set(role, { field: `${parent.name}.${definition.name}`, right });
          }
          if (definition.args.length > 0) withArguments.push({ node, definition });
        },
      }),
    );
  };
  const operation = getOperationAST(document, operationName);
  if (operation) read(operation);
  // Fragments that fragments use are found while those are read.
  for (const name of used) {
    const fragment = fragments.get(name);
    if (fragment) read(fragment);
  }
  return { denied, withArguments };
}

/** The first thing in the arguments that would tell of one person; null: none. */
function personalIn(
  { schema, document, operationName, variableValues }: Asked,
  demand: Demand,
): string | null {
  const operation = getOperationAST(document, operationName);
  const { coerced } = getVariableValues(schema, operation?.variableDefinitions ?? [], variableValues ?? {});
  // What is wrong with the variables is told by whoever executes.
  if (!coerced) return null;
  for (const { node, definition } of demand.withArguments) {
    const found = personalPart(argumentsOf(definition, node, coerced));
    // Names of traits tell of nobody; their values do.
    if (found !== null && !(definition.name === 'properties' && found === TRAITS)) return found;
  }
  return null;
}

function argumentsOf(definition: AnyField, node: FieldNode, coerced: Record<string, unknown>): unknown {
  try {
    return getArgumentValues(definition, node, coerced);
  } catch {
    return null;
  }
}
