/**
 * The journey map: the retailer's own stages of the journey and of the lifecycle. Types only; reading,
 * checking, explaining and compiling stand beside it.
 */
import type { EventVocabulary } from '../query/events.ts';
import type { LifecycleRule } from './rule.ts';

export interface JourneyStage {
  readonly key: string;
  readonly name: string;
  /** `#rrggbb`. */
  readonly color: string;
  readonly description: string;
  /** Names of the events that belong to the stage. */
  readonly events: readonly string[];
}

export interface LifecycleStage {
  readonly key: string;
  readonly name: string;
  readonly color: string;
  readonly description: string;
  readonly rule: LifecycleRule;
  /** True for stages that count as churned. */
  readonly isLost: boolean;
}

export interface JourneyMap {
  readonly stages: readonly JourneyStage[];
  /** Read top down: the first whose rule holds is the customer's stage; the last holds for everybody. */
  readonly lifecycle: readonly LifecycleStage[];
  readonly orderEvents: readonly string[];
  readonly returnEvents: readonly string[];
}

/** The map's words as statements need them. */
export function vocabularyOf(map: JourneyMap): EventVocabulary {
  return {
    stages: new Map(map.stages.map((stage) => [stage.key, stage.events])),
    orderEvents: map.orderEvents,
    returnEvents: map.returnEvents,
  };
}
