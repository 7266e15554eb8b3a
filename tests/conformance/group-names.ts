/** Which groups a breakdown has, compared with what a case states. A group whose counts are all 0 may be absent. */
import { textOf } from './selectors.ts';

export interface NamesExpectation {
  readonly groupValues?: readonly unknown[] | null;
  readonly groupCount?: number | null;
}

const OTHER = '["Other"]';

/** One name for a group on both sides. */
export function groupName(group: { readonly values: readonly string[]; readonly isOther: boolean }): string {
  return group.isOther ? OTHER : JSON.stringify(group.values);
}

/** Values are text; several properties give a list, which names the rest by one word or by one for each. */
export function expectedName(value: unknown): string {
  const values = [value].flat().map(textOf);
  return values.every((one) => one === 'Other') ? OTHER : JSON.stringify(values);
}

/** `empty`: names of the groups that the case lists with no count but 0. */
export function compareNames(
  { groupValues, groupCount }: NamesExpectation,
  found: readonly string[],
  empty: readonly string[],
): readonly string[] {
  const names = [...found].sort();
  const absent = empty.filter((name) => !names.includes(name));
  const problems: string[] = [];
  const counts = [groupCount ?? names.length, (groupCount ?? names.length) - absent.length];
  if (!counts.includes(names.length)) {
    problems.push(`expected ${groupCount} groups, got ${names.join(', ')}`);
  }
  const wanted = groupValues?.map(expectedName).filter((name) => !absent.includes(name));
  if (wanted && wanted.sort().join() !== names.join()) {
    problems.push(`expected the groups ${wanted.join(', ')}, got ${names.join(', ')}`);
  }
  return problems;
}
