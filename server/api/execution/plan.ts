/**
 * What a document asks of the schema, worked out once instead of once a row: which fields of which object, by
 * which name, how each value is completed. Knows no data. Fields below a field are looked at when a value first
 * needs them, so that deep fragments cost what is answered, not what could be.
 */
import {
  getDirectiveValues,
  getNamedType,
  getOperationAST,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  TypeNameMetaFieldDef,
  visit,
} from 'graphql';
import type {
  DocumentNode,
  FieldNode,
  FragmentDefinitionNode,
  GraphQLField,
  GraphQLLeafType,
  GraphQLObjectType,
  GraphQLOutputType,
  GraphQLSchema,
  OperationDefinitionNode,
  SelectionSetNode,
} from 'graphql';

export interface FieldPlan {
  /** The name in the answer. */
  readonly key: string;
  readonly nodes: readonly [FieldNode, ...FieldNode[]];
  readonly parentType: GraphQLObjectType;
  readonly definition: GraphQLField<unknown, unknown>;
  readonly shape: Shape;
  /** A property that holds a scalar: nothing but reading and serialising it. */
  readonly leaf: GraphQLLeafType | null;
}

export type Shape = { readonly isNullable: boolean } & (
  | { readonly kind: 'leaf'; readonly type: GraphQLLeafType }
  | { readonly kind: 'list'; readonly item: Shape }
  | { readonly kind: 'object'; readonly fields: () => readonly FieldPlan[] }
);

export interface OperationPlan {
  readonly operation: OperationDefinitionNode;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  /** Whether @skip or @include stand in the document: the fields then depend on the variables. */
  readonly isConditional: boolean;
}

type Variables = Readonly<Record<string, unknown>>;

/**
 * Null where the document does not say which operation it means, asks the schema about itself, or gives a field
 * the one name that JavaScript takes for something else.
 */
export function planOperation(document: DocumentNode, operationName?: string | null): OperationPlan | null {
  const operation = getOperationAST(document, operationName);
  if (!operation) return null;
  let isConditional = false;
  let isOrdinary = true;
  visit(document, {
    Directive: () => void (isConditional = true),
    Field: ({ name, alias }) => {
      if (SPECIAL.has(name.value) || alias?.value === '__proto__') isOrdinary = false;
    },
  });
  if (!isOrdinary) return null;
  const fragments: Record<string, FragmentDefinitionNode> = {};
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments[definition.name.value] = definition;
  }
  return { operation, fragments, isConditional };
}

const SPECIAL: ReadonlySet<string> = new Set(['__schema', '__type']);

/** True where every composite type is an object that never has to be told from another. */
export function isPlainSchema(schema: GraphQLSchema): boolean {
  return Object.values(schema.getTypeMap()).every(
    (type) => !isAbstractType(type) && !(isObjectType(type) && type.isTypeOf),
  );
}

/** The fields of the root; those below are found when first asked for. */
export function planFields(
  { operation, fragments }: OperationPlan,
  rootType: GraphQLObjectType,
  variables: Variables,
): readonly FieldPlan[] {
  return new Planner(fragments, variables).fields(rootType, [operation.selectionSet]);
}

class Planner {
  constructor(
    private readonly fragments: OperationPlan['fragments'],
    private readonly variables: Variables,
  ) {}

  fields(type: GraphQLObjectType, selections: readonly SelectionSetNode[]): readonly FieldPlan[] {
    const nodes = new Map<string, [FieldNode, ...FieldNode[]]>();
    const seen = new Set<string>();
    for (const selection of selections) this.collect(type, selection, nodes, seen);
    const plans: FieldPlan[] = [];
    for (const [key, found] of nodes) {
      const plan = this.field(type, key, found);
      if (plan) plans.push(plan);
    }
    return plans;
  }

  private collect(
    type: GraphQLObjectType,
    { selections }: SelectionSetNode,
    nodes: Map<string, [FieldNode, ...FieldNode[]]>,
    seen: Set<string>,
  ): void {
    for (const selection of selections) {
      if (selection.directives?.length && !this.isIncluded(selection)) continue;
      if (selection.kind === Kind.FIELD) {
        const key = (selection.alias ?? selection.name).value;
        const found = nodes.get(key);
        if (found) found.push(selection);
        else nodes.set(key, [selection]);
        continue;
      }
      let fragment: {
        typeCondition?: FragmentDefinitionNode['typeCondition'];
        selectionSet: SelectionSetNode;
      };
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const named = this.fragments[selection.name.value];
        if (!named || seen.has(named.name.value)) continue;
        seen.add(named.name.value);
        fragment = named;
      } else fragment = selection;
      const condition = fragment.typeCondition?.name.value;
      if (condition === undefined || condition === type.name)
        this.collect(type, fragment.selectionSet, nodes, seen);
    }
  }

  private isIncluded(node: Parameters<typeof getDirectiveValues>[1]): boolean {
    if (getDirectiveValues(GraphQLSkipDirective, node, this.variables)?.['if'] === true) return false;
    return getDirectiveValues(GraphQLIncludeDirective, node, this.variables)?.['if'] !== false;
  }

  private field(
    parentType: GraphQLObjectType,
    key: string,
    nodes: [FieldNode, ...FieldNode[]],
  ): FieldPlan | null {
    const name = nodes[0].name.value;
    const definition = name === '__typename' ? TypeNameMetaFieldDef : parentType.getFields()[name];
    if (!definition) return null;
    const shape = this.shape(definition.type, nodes, true);
    const isProperty = !definition.resolve && definition.args.length === 0;
    const leaf = isProperty && shape.kind === 'leaf' ? shape.type : null;
    return { key, nodes, parentType, definition, shape, leaf };
  }

  private shape(type: GraphQLOutputType, nodes: readonly FieldNode[], isNullable: boolean): Shape {
    if (isNonNullType(type)) return this.shape(type.ofType, nodes, false);
    if (isListType(type)) return { kind: 'list', isNullable, item: this.shape(type.ofType, nodes, true) };
    if (isLeafType(type)) return { kind: 'leaf', isNullable, type };
    if (!isObjectType(type)) throw new TypeError(`no plan for values of ${getNamedType(type).name}`);
    let fields: readonly FieldPlan[] | undefined;
    const selections = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    return { kind: 'object', isNullable, fields: () => (fields ??= this.fields(type, selections)) };
  }
}
