/**
 * In which of numbered intervals something happened to a customer: one set for each customer instead of a row for
 * each interval. Up to 256 positions are bits of one number, more are a list. Pure.
 */
import { int, sql } from './sql.ts';
import type { Sql } from './sql.ts';

/** Bits of the numbers that can hold a set. */
const WIDTHS = [8, 16, 32, 64, 128, 256] as const;

/** Sets of the positions 0 to `count` - 1. */
export interface PositionSets {
  /** Aggregates the positions (never below 0, never beyond the last) of rows for which the condition, 0 or 1, holds. */
  readonly collect: (position: Sql, condition?: Sql) => Sql;
  /** The positions of a set, in order, as Array(Int32). */
  readonly list: (set: Sql) => Sql;
  /** Of a set the `length` positions from `from` on, as a set of how far they lie from there. */
  readonly window: (set: Sql, from: Sql, length: number) => Sql;
}

export function positionSets(count: number): PositionSets {
  if (widthOf(count) === undefined) {
    return {
      collect: (position, condition) =>
        sql`arrayDistinct(groupArrayIf(toUInt16(${position}), toUInt8(${condition ?? sql`1`})))`,
      list: (set) => sql`CAST(arraySort(${set}), 'Array(Int32)')`,
      window: (set, from, length) =>
        sql`arraySort(arrayMap(p -> p - ${from}, arrayFilter(p -> p >= ${from} AND p < ${from} + ${int(length)}, ${set})))`,
    };
  }
  return {
    collect: (position, condition) =>
      sql`groupBitOr(bitShiftLeft(${number(count, condition ?? sql`1`)}, toUInt16(${position})))`,
    list: (set) => sql`CAST(bitPositionsToArray(${set}), 'Array(Int32)')`,
    window: (set, from, length) => {
      const rest = sql`bitShiftRight(${set}, toUInt16(${from}))`;
      if (length >= count) return rest;
      const all = sql`bitShiftLeft(${number(count, sql`1`)}, ${int(length)}) - 1`;
      // As narrow as can be: equal ones are found the faster.
      return number(length, sql`bitAnd(${rest}, ${all})`);
    },
  };
}

function widthOf(count: number) {
  return WIDTHS.find((bits) => count <= bits);
}

/** A number of as many bits as there are positions, or more. */
function number(count: number, value: Sql): Sql {
  const width = widthOf(count) ?? 256;
  return {
    8: sql`toUInt8(${value})`,
    16: sql`toUInt16(${value})`,
    32: sql`toUInt32(${value})`,
    64: sql`toUInt64(${value})`,
    128: sql`toUInt128(${value})`,
    256: sql`toUInt256(${value})`,
  }[width];
}
