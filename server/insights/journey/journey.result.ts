/** Rows to answer: stages in the map's order, also empty ones; flows, most moves first. Pure. */
import type { JourneyStage } from '../../journey/map.ts';
import { money } from '../../query/money.ts';
import type { NamedRow } from './journey.sql.ts';
import { ADVANCED, STOPPED } from './journey.row.ts';
import type { Move, MoveRow, StageRow } from './journey.row.ts';

/** What became of the customers of one stage. */
export interface StageWalk {
  readonly customers: number;
  /** Of the customers, the share that reached a later stage; 0 where there are none. */
  readonly advanceRate: number;
  /** Null where nobody did. */
  readonly medianSecondsToAdvance: number | null;
}

export interface Flow {
  readonly move: Move;
  /** Keys of the stages. */
  readonly from: string;
  readonly to: string;
  readonly customers: number;
  readonly moves: number;
  readonly medianSeconds: number | null;
}

export interface Walk {
  /** By the stage's number, less 1. */
  readonly stages: readonly StageWalk[];
  readonly flows: readonly Flow[];
}

export function walkResult(rows: readonly MoveRow[], stages: readonly JourneyStage[]): Walk {
  const outcome = (stage: number, target: number): MoveRow | undefined =>
    rows.find((row) => row.origin === stage && row.target === target);
  const flows = rows.filter(({ target }) => target !== ADVANCED && target !== STOPPED);
  return {
    stages: stages.map((_, i) => {
      const advanced = outcome(i + 1, ADVANCED);
      const customers = Number(advanced?.customers ?? 0) + Number(outcome(i + 1, STOPPED)?.customers ?? 0);
      return {
        customers,
        advanceRate: customers === 0 ? 0 : Number(advanced?.customers ?? 0) / customers,
        medianSecondsToAdvance: seconds(advanced),
      };
    }),
    flows: [...flows].sort(mostMovesFirst).map((row) => ({
      move: { from: row.origin, to: row.target },
      from: stages[row.origin - 1]?.key ?? '',
      to: stages[row.target - 1]?.key ?? '',
      customers: Number(row.customers),
      moves: Number(row.moves),
      medianSeconds: seconds(row),
    })),
  };
}

function mostMovesFirst(a: MoveRow, b: MoveRow): number {
  return Number(b.moves) - Number(a.moves) || a.origin - b.origin || a.target - b.target;
}

function seconds(row: MoveRow | undefined): number | null {
  return row ? Number(row.median) / 1000 : null;
}

export interface Named {
  readonly name: string;
  readonly customers: number;
  readonly events: number;
  readonly revenue: number;
}

/** What happened in one stage in all. */
export interface StageEvents {
  readonly events: number;
  readonly revenue: number;
}

/** By the stage's number, less 1. */
export function stageEventsResult(
  rows: readonly StageRow[],
  stages: readonly JourneyStage[],
): readonly StageEvents[] {
  return stages.map((_, i) => {
    const own = rows.find((row) => row.stage === i + 1);
    return { events: Number(own?.events ?? 0), revenue: money(own?.revenue ?? 0) };
  });
}

/** By the stage's number, less 1: most events first. */
export function namedResult(
  rows: readonly NamedRow[],
  stages: readonly JourneyStage[],
): readonly (readonly Named[])[] {
  return stages.map((_, i) =>
    rows
      .filter((row) => row.stage === i + 1)
      .map(({ name, customers, events, revenue }) => ({
        name,
        customers: Number(customers),
        events: Number(events),
        revenue: money(revenue),
      })),
  );
}
