// The stages of each group of a breakdown, as bars and tables need them. Pure.
import type { LifecycleGroupsSubscription } from '../../api/generated.ts';
import { table } from '../../ui/table.ts';
import type { TableData } from '../../ui/table.ts';
import type { StageLook } from './lifecycle-state.ts';

export type Group = LifecycleGroupsSubscription['lifecycle']['breakdown'][number];

export interface GroupPart {
  look: StageLook;
  customers: number;
  /** Of the group. */
  share: number;
}

export interface GroupLook {
  id: string;
  /** As the viewer reads it. */
  name: string;
  /** What asks for its members: no values for the rest. */
  values: readonly string[];
  customers: number;
  revenue: number;
  /** In the order of the stack. */
  parts: GroupPart[];
}

/** The group's stages in the order of `looks`; a stage without customers has a part too. */
export function groupLook(
  group: Group,
  looks: readonly StageLook[],
  { id, name }: { id: string; name: string },
): GroupLook {
  const byKey = new Map(group.stages.map((share) => [share.stage.key, share]));
  return {
    id,
    name,
    values: group.isOther ? [] : group.values,
    customers: group.stages.reduce((sum, share) => sum + share.customers, 0),
    revenue: group.stages.reduce((sum, share) => sum + share.revenue, 0),
    parts: looks.map((look) => {
      const { customers = 0, share = 0 } = byKey.get(look.key) ?? {};
      return { look, customers, share };
    }),
  };
}

/** A row a group: its customers, and those of each stage. */
export function groupTable(
  groups: readonly GroupLook[],
  looks: readonly StageLook[],
  words: { group: string; customers: string; revenue: string; money: (value: number) => string },
): TableData<GroupLook> {
  const numeric = { numeric: true, sortable: true };
  return table<GroupLook>(
    [
      { key: 'group', label: words.group, value: (group) => group.name },
      { key: 'customers', label: words.customers, value: (group) => group.customers, ...numeric },
      ...looks.map(({ key, name }, i) => ({
        key: `stage ${key}`,
        label: name,
        value: (group: GroupLook) => group.parts[i]?.customers ?? null,
        ...numeric,
      })),
      {
        key: 'revenue',
        label: words.revenue,
        value: (group) => group.revenue,
        format: (group) => words.money(group.revenue),
        ...numeric,
      },
    ],
    [...groups],
  );
}
