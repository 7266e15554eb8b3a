/** What a subject stands for at this moment, and what a look's rows say of it. Pure but for the scope it is given. */
import type { InsightScope } from '../insights/scope.ts';
import type { JourneyStage } from '../journey/map.ts';
import { asksForStages, normaliseAudience } from '../query/audience.ts';
import type { Audience } from '../query/audience.ts';
import { InputError } from '../query/problem.ts';
import { utcText } from '../query/sql.ts';
import type { StageLookRow } from './looks.sql.ts';
import { audienceOf, LIFECYCLE } from './movement.ts';
import type { Found, Subject } from './movement.ts';

export interface SubjectAsRead {
  /** Equal as long as the rules are: with others, what holds now is the beginning. */
  readonly definition: string;
  /** Null: the lifecycle. */
  readonly audience: Audience | null;
}

/** Null for an audience that is gone or cannot be used. */
export function readSubject(subject: Subject, { journeyMap, compile }: InsightScope): SubjectAsRead | null {
  const rules = JSON.stringify([
    journeyMap.lifecycle.map(({ key, rule }) => [key, rule]),
    journeyMap.orderEvents,
    journeyMap.returnEvents,
  ]);
  const id = audienceOf(subject);
  if (id === null) return { definition: rules, audience: null };
  try {
    const stages = journeyMap.lifecycle.map(({ key }) => key);
    const audience = normaliseAudience({ id }, compile.vocabulary, stages, 'id');
    return audience && { definition: definitionOf(audience, rules, journeyMap.stages), audience };
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}

/** With what the audience takes from the journey map: whom another map moves in or out did not move. */
function definitionOf(audience: Audience, rules: string, stages: readonly JourneyStage[]): string {
  const own = JSON.stringify(audience);
  const words = stages.map(({ key, events }) => [key, events]);
  return [
    own,
    ...(asksForStages(audience) ? [rules] : []),
    ...(own.includes('"stage":"') ? [JSON.stringify(words)] : []),
  ].join(' ');
}

/** `keys`: of the stages, by number; the first is none. */
export function movesOf({ key, known, told }: StageLookRow, keys: readonly string[]): readonly Found[] {
  let before = keys[known] ?? '';
  return told.map((step) => {
    const after = keys[step % 256] ?? '';
    const move = { subject: LIFECYCLE, key, before, after, atMs: Math.floor(step / 256) };
    before = after;
    return move;
  });
}

export function duesOf({ key, dues }: StageLookRow): readonly object[] {
  return dues.map((ms) => ({ due: utcText(ms), customer_key: key }));
}
