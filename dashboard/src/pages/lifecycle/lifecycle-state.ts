// What the lifecycle page holds, as it stands in the address. Pure.
import { checkBreakdown } from '../../selection/breakdown.ts';
import type { Breakdown } from '../../selection/breakdown.ts';
import { checkMatch, checkWord } from '../../selection/match.ts';
import type { Match } from '../../selection/match.ts';

export const HISTORY_UNITS = ['share', 'customers'] as const;
export const MOVE_VIEWS = ['flow', 'matrix'] as const;

export const GROUP_VIEWS = ['bars', 'table'] as const;

export interface LifecycleState {
  history: (typeof HISTORY_UNITS)[number];
  moves: (typeof MOVE_VIEWS)[number];
  /** What counts as active in growth; null: any event. */
  activity: Match | null;
  /** The stages once per value of a property; null: not asked. */
  breakdown: Breakdown | null;
  groups: (typeof GROUP_VIEWS)[number];
}

export const DEFAULTS: LifecycleState = {
  history: 'share',
  moves: 'flow',
  activity: null,
  breakdown: null,
  groups: 'bars',
};

/** The parts that can be used of what stood in the address. */
export function checkLifecycle(raw: Record<string, unknown>): Partial<LifecycleState> {
  const history = checkWord(raw['history'], HISTORY_UNITS);
  const moves = checkWord(raw['moves'], MOVE_VIEWS);
  const groups = checkWord(raw['groups'], GROUP_VIEWS);
  return {
    ...(history && { history }),
    ...(moves && { moves }),
    activity: checkMatch(raw['activity']),
    breakdown: checkBreakdown(raw['breakdown']),
    ...(groups && { groups }),
  };
}

/** A stage as the pictures need it: translated, coloured. */
export interface StageLook {
  key: string;
  name: string;
  /** A colour for CSS. */
  css: string;
  /** The same colour for a canvas. */
  canvas: string;
}
