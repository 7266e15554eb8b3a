/**
 * What a funnel's facts say besides when: the steps that an event may serve and, above them, the barriers it stands
 * for. Gaps between steps that the same exclusions close share one bit. What does not fit beside the time stands in
 * a number of its own. Pure.
 */
import { KIND_BITS } from '../../../query/kept.ts';
import type { FunnelQuery } from '../funnel.query.ts';
import { gapsOf, hasBarriers } from '../moments.sql.ts';

export interface FactForm {
  readonly steps: number;
  /** `2 ** steps`: what a barrier's bits are multiplied by. */
  readonly stepBit: number;
  /** By bit of the barrier: the gaps (0-based) that it closes. */
  readonly closed: readonly (readonly number[])[];
  /** 1: the bits stand beside the time; 2: in a number of their own. */
  readonly width: 1 | 2;
}

export function formOf(query: FunnelQuery): FactForm {
  const steps = query.steps.length;
  const closed = closedTogether(query);
  return { steps, stepBit: 2 ** steps, closed, width: steps + closed.length <= KIND_BITS ? 1 : 2 };
}

/** The gaps with exclusions, those of the same exclusions together. */
function closedTogether(query: FunnelQuery): readonly (readonly number[])[] {
  if (!hasBarriers(query)) return [];
  const gaps = query.exclusions.map((exclusion) => gapsOf(exclusion, query));
  const alike = new Map<string, number[]>();
  for (let gap = 0; gap < query.steps.length; gap += 1) {
    const closing = gaps.flatMap((list, i) => (list.includes(gap) ? [i] : []));
    if (closing.length === 0) continue;
    const key = closing.join();
    alike.set(key, [...(alike.get(key) ?? []), gap]);
  }
  return [...alike.values()];
}
