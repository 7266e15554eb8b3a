/**
 * What a call asks for beneath a field, so that a statement is not run for what nobody reads. Knows GraphQL's
 * documents only.
 */
import { Kind } from 'graphql';
import type { GraphQLResolveInfo, SelectionSetNode } from 'graphql';

/** Whether a field of this name stands anywhere beneath; one that a directive may leave out counts. */
export function asksFor(name: string, info: Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments'>): boolean {
  const seen = new Set<string>();
  const stands = (selections: SelectionSetNode | undefined): boolean =>
    selections?.selections.some((selection) => {
      if (selection.kind === Kind.FIELD)
        return selection.name.value === name || stands(selection.selectionSet);
      if (selection.kind === Kind.INLINE_FRAGMENT) return stands(selection.selectionSet);
      const fragment = selection.name.value;
      if (seen.has(fragment)) return false;
      seen.add(fragment);
      return stands(info.fragments[fragment]?.selectionSet);
    }) ?? false;
  return info.fieldNodes.some((node) => stands(node.selectionSet));
}
