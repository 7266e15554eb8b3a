/** What the arguments of single stages and flows must keep to; the range and filters are checked where they are read. */
import { inputError } from '../../query/problem.ts';

/** Throws where a stage is asked for that the journey map does not have. */
export function assertStage(
  key: string | null | undefined,
  field: string,
  stages: readonly { readonly key: string }[],
): void {
  if (key == null || stages.some((stage) => stage.key === key)) return;
  const known = stages.map((stage) => stage.key).join(', ');
  throw inputError(
    field,
    'UNKNOWN_STAGE',
    `There is no journey stage "${key.slice(0, 60)}"; there are ${known}.`,
  );
}
