// What every field of a rule needs and none of them changes: set once by the editor.
import { getContext, setContext } from 'svelte';
import type { Vocabulary } from '../../../selection/vocabulary.svelte.ts';
import type { RuleNames } from '../rule-words.ts';
import type { DraftStage } from './map-draft.ts';

/** What is wrong, and where: `lifecycle[2].rule.any[0].noOrderFor`. */
export interface Place {
  field: string;
  code: string;
  message: string;
}

export interface RuleContext {
  readonly vocabulary: Vocabulary;
  readonly names: RuleNames;
  readonly lifecycle: readonly DraftStage[];
  /** Problems of the draft. */
  readonly problems: readonly Place[];
}

const KEY = Symbol('rules');

export const setRuleContext = (context: RuleContext): RuleContext => setContext(KEY, context);
export const ruleContext = (): RuleContext => getContext(KEY);

/** Those of a field and of what stands in it. */
export function problemsAt(problems: readonly Place[], field: string): Place[] {
  return problems.filter(
    (problem) =>
      problem.field === field ||
      problem.field.startsWith(`${field}.`) ||
      problem.field.startsWith(`${field}[`),
  );
}
