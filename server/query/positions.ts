/**
 * In which of numbered intervals something happened to a customer: one set for each customer instead of a row for
 * each interval. Up to 256 positions are bits of one number, more are a list. Pure.
 */
import { sql } from './sql.ts';
import type { Sql } from './sql.ts';

/** Bits of the numbers that can hold a set. */
const WIDTHS = [64, 128, 256] as const;

/** Sets of the positions 0 to `count` - 1. */
export interface PositionSets {
  /** Aggregates the positions (never below 0, never beyond the last) of rows for which the condition, 0 or 1, holds. */
  readonly collect: (position: Sql, condition?: Sql) => Sql;
  /** The positions of a collected set, in order, as Array(Int32). */
  readonly list: (set: Sql) => Sql;
}

export function positionSets(count: number): PositionSets {
  const width = WIDTHS.find((bits) => count <= bits);
  if (width === undefined) {
    return {
      collect: (position, condition) =>
        sql`arrayDistinct(groupArrayIf(toUInt16(${position}), toUInt8(${condition ?? sql`1`})))`,
      list: (set) => sql`CAST(arraySort(${set}), 'Array(Int32)')`,
    };
  }
  const one = (condition?: Sql): Sql => {
    const value = condition ?? sql`1`;
    return { 64: sql`toUInt64(${value})`, 128: sql`toUInt128(${value})`, 256: sql`toUInt256(${value})` }[
      width
    ];
  };
  return {
    collect: (position, condition) => sql`groupBitOr(bitShiftLeft(${one(condition)}, toUInt16(${position})))`,
    list: (set) => sql`CAST(bitPositionsToArray(${set}), 'Array(Int32)')`,
  };
}
