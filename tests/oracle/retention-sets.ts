/** Retention counted from sets against retention counted from single visits. */
import { expect } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import type { RetentionQuery } from '../../server/insights/retention/retention.query.ts';
import { retentionAnswer } from '../../server/insights/retention/retention.result.ts';
import type { RetentionRow } from '../../server/insights/retention/retention.row.ts';
import { compileRetentionSets, setsSuffice } from '../../server/insights/retention/sets.sql.ts';
import { compileScope } from '../support/compile-scope.ts';

/** Every way to the matrix gives the same; `rows` are those of single visits. */
export async function expectSetsToAgree(
  engine: Engine,
  query: RetentionQuery,
  rows: readonly RetentionRow[],
  nowMs: number,
): Promise<void> {
  if (!setsSuffice(query)) return;
  const visits = retentionAnswer(query, rows, nowMs);
  const withMoney = await engine.query(compileRetentionSets(query, true, compileScope()));
  expect(retentionAnswer(query, withMoney.rows, nowMs)).toEqual(visits);
  const without = await engine.query(compileRetentionSets(query, false, compileScope()));
  const poor = rows.map((row) => ({ ...row, revenue: '0' }));
  expect(retentionAnswer(query, without.rows, nowMs)).toEqual(retentionAnswer(query, poor, nowMs));
}
