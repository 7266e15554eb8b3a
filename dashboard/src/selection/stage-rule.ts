// Who is in a lifecycle stage now, within the filters of the page, as a rule that an audience can follow.
import type { AudienceInput } from '../api/generated.ts';
import { filters } from './filters.svelte.ts';

/** Undefined where the page's filters on events narrow who is counted: no rule says that. */
export function stageRule(key: string): AudienceInput | undefined {
  const { where, audience } = filters.input;
  if (where) return undefined;
  return audience ? { ...audience, anyOf: [{ lifecycleStages: [key] }] } : { lifecycleStages: [key] };
}
