// What the lifecycle page holds, as it stands in the address. Pure.
import { checkMatch, checkWord } from '../../selection/match.ts';
import type { Match } from '../../selection/match.ts';

export const HISTORY_UNITS = ['share', 'customers'] as const;
export const MOVE_VIEWS = ['flow', 'matrix'] as const;

export interface LifecycleState {
  history: (typeof HISTORY_UNITS)[number];
  moves: (typeof MOVE_VIEWS)[number];
  /** What counts as active in growth; null: any event. */
  activity: Match | null;
}

export const DEFAULTS: LifecycleState = { history: 'share', moves: 'flow', activity: null };

/** The parts that can be used of what stood in the address. */
export function checkLifecycle(raw: Record<string, unknown>): Partial<LifecycleState> {
  const history = checkWord(raw['history'], HISTORY_UNITS);
  const moves = checkWord(raw['moves'], MOVE_VIEWS);
  return { ...(history && { history }), ...(moves && { moves }), activity: checkMatch(raw['activity']) };
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
