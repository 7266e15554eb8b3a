/**
 * Marks: what conditions on tracks come down to, each on or off at an instant, and off for somebody without
 * events. Conditions that a number of events is reached or passed share a mark. Knows no SQL of events.
 */
import { sql } from '../query/sql.ts';
import type { Sql } from '../query/sql.ts';
import { name } from '../query/sql.ts';
import type { Told } from './condition.sql.ts';
import type { Condition, Leaf, StagePlan } from './conditions.ts';

export type Mark = CountMark | SumMark;

/** On while the track counts this many, 1 or more. */
export interface CountMark {
  readonly kind: 'count';
  readonly track: number;
  readonly atLeast: number;
}

/** On while the sum compares so with the value, which zero does not. */
export interface SumMark {
  readonly kind: 'sum';
  readonly track: number;
  readonly compare: '>=' | '>' | '<=' | '<';
  readonly value: number;
}

/** What a condition on a track says: its mark, or the opposite; null: the same for everybody. */
export interface Reading {
  readonly mark: Mark | null;
  readonly isOpposite: boolean;
}

export type TrackLeaf = Leaf & { readonly kind: 'track' };

/** The marks of all stages, each once. */
export function marksOf(plan: StagePlan): readonly Mark[] {
  const marks = new Map<string, Mark>();
  const visit = (condition: Condition): void => {
    if (condition.kind === 'all' || condition.kind === 'any') condition.parts.forEach(visit);
    if (condition.kind === 'not') visit(condition.part);
    if (condition.kind !== 'track') return;
    const { mark } = readingOf(condition, plan);
    if (mark) marks.set(JSON.stringify(mark), mark);
  };
  plan.stages.forEach(({ condition }) => visit(condition));
  return [...marks.values()];
}

/** Conditions read from marks, given as 0 or 1 each, and from `trait_N`. */
export function fromMarks(plan: StagePlan, marks: readonly Mark[], isOn: (mark: number) => Sql): Told {
  const numbers = new Map(marks.map((mark, m) => [JSON.stringify(mark), m]));
  return (condition) => {
    if (condition.kind === 'trait') return name('trait', condition.trait);
    if (condition.kind !== 'track') return null;
    const { mark, isOpposite } = readingOf(condition, plan);
    if (!mark) return isOpposite ? sql`1` : sql`0`;
    const on = isOn(numbers.get(JSON.stringify(mark)) ?? -1);
    return isOpposite ? sql`NOT ${on}` : on;
  };
}

export function readingOf({ track, op, value }: TrackLeaf, plan: StagePlan): Reading {
  const signal = plan.signals[plan.tracks[track]?.signal ?? -1];
  if (signal?.kind === 'revenue') {
    const isOpposite = op === 'atLeast' ? value <= 0 : value >= 0;
    const opposites = { atLeast: ['>=', '<'], atMost: ['<=', '>'] } as const;
    return { mark: { kind: 'sum', track, compare: opposites[op][isOpposite ? 1 : 0], value }, isOpposite };
  }
  const atLeast = op === 'atLeast' ? Math.ceil(value) : Math.floor(value) + 1;
  const isOpposite = op === 'atMost';
  // None is always reached.
  if (atLeast <= 0) return { mark: null, isOpposite: !isOpposite };
  return { mark: { kind: 'count', track, atLeast }, isOpposite };
}

const COMPARES: Readonly<Record<SumMark['compare'], Sql>> = {
  '>=': sql`>=`,
  '>': sql`>`,
  '<=': sql`<=`,
  '<': sql`<`,
};

export function compareSql({ compare }: SumMark): Sql {
  return COMPARES[compare];
}
