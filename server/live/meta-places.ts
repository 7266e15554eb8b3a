/**
 * Where in an answer stands what it says of itself (when it was asked, what it took): at any depth, under any name,
 * in lists too. Worked out from the document, so that an answer is looked at only on the way there, not cell by
 * cell. Knows no data.
 */
import { getNamedType, getOperationAST, isObjectType, Kind } from 'graphql';
import type {
  DocumentNode,
  FragmentDefinitionNode,
  GraphQLObjectType,
  GraphQLSchema,
  SelectionSetNode,
} from 'graphql';

/** By name in the answer: what stands below; null where it speaks of itself. */
export type MetaPlaces = ReadonlyMap<string, MetaPlaces | null>;
type Places = Map<string, Places | null>;

const META = 'AnswerMeta';

/** Of a valid document; where objects always are of the one type that their field says. */
export function metaPlacesOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName?: string | null,
): MetaPlaces {
  const places: Places = new Map();
  const operation = getOperationAST(document, operationName);
  const root = operation && schema.getRootType(operation.operation);
  if (!root) return places;
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions) {
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  }
  collect(root, operation.selectionSet, fragments, places);
  return places;
}

function collect(
  type: GraphQLObjectType,
  { selections }: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  places: Places,
): void {
  for (const selection of selections) {
    if (selection.kind !== Kind.FIELD) {
      const { selectionSet } =
        selection.kind === Kind.INLINE_FRAGMENT ? selection : (fragments.get(selection.name.value) ?? {});
      if (selectionSet) collect(type, selectionSet, fragments, places);
      continue;
    }
    const key = (selection.alias ?? selection.name).value;
    const below = getNamedType(type.getFields()[selection.name.value]?.type);
    if (!isObjectType(below) || !selection.selectionSet) continue;
    if (below.name === META) {
      places.set(key, null);
      continue;
    }
    const found = places.get(key) ?? new Map<string, Places | null>();
    collect(below, selection.selectionSet, fragments, found);
    if (found.size > 0) places.set(key, found);
  }
}

/** The answer without what it says of itself; what has nothing of it inside is the same object. */
export function withoutMeta(value: unknown, places: MetaPlaces): unknown {
  if (places.size === 0 || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item: unknown) => withoutMeta(item, places));
  const kept: [string, unknown][] = [];
  for (const [key, part] of Object.entries(value)) {
    const below = places.get(key);
    if (below !== null) kept.push([key, below ? withoutMeta(part, below) : part]);
  }
  return Object.fromEntries(kept);
}
