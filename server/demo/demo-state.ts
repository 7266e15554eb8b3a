/**
 * What the demo has put into a store: the `demo` table, and emptying a store whose filling broke off. Knows
 * nothing of how a data set is loaded.
 */
import type { Engine } from '../engine/port.ts';
import { join, name, param, sql } from '../query/sql.ts';
import type { DemoDataset } from './datasets.ts';

export interface DemoState {
  readonly dataset: DemoDataset;
  /** `filling` until everything is in. */
  readonly state: 'filling' | 'filled';
  readonly customers: number;
  readonly rows: number;
}

/** Tables that a fill writes, itself or through views on `events`. */
const FILLED_TABLES = ['events', 'known_ids', 'customers', 'arrived', 'arrivals', 'customer_traits'] as const;

/** The newest entry; null for a store that never was a demo. */
export async function readDemoState(engine: Engine): Promise<DemoState | null> {
  const { rows } = await engine.query<{
    dataset: DemoDataset;
    state: 'filling' | 'filled';
    customers: string;
    rows: string;
  }>({
    name: 'demo_state',
    sql: sql`SELECT dataset, state, customers, rows FROM demo ORDER BY at DESC, state = 'filled' DESC LIMIT 1`,
  });
  const [row] = rows;
  return row ? { ...row, customers: Number(row.customers), rows: Number(row.rows) } : null;
}

export async function writeDemoState(engine: Engine, state: DemoState, endMs: number): Promise<void> {
  await engine.command(
    'demo_state_written',
    sql`INSERT INTO demo (dataset, state, customers, rows, end, at)
SELECT ${param.string(state.dataset)}, ${param.string(state.state)}, ${param.uint64(state.customers)},
  ${param.uint64(state.rows)}, ${param.time(endMs)}, now64(3)
SETTINGS insert_deduplicate = 0`,
  );
}

/** Rows in `events`. */
export async function countEvents(engine: Engine): Promise<number> {
  const { rows } = await engine.query<{ rows: string }>({
    name: 'demo_events',
    sql: sql`SELECT count() AS rows FROM events`,
  });
  return Number(rows[0]?.rows ?? 0);
}

/** Takes out everything that a fill has written. */
export async function emptyStore(engine: Engine): Promise<void> {
  for (const table of FILLED_TABLES) {
    await engine.command('demo_emptied', join([sql`TRUNCATE TABLE`, name(table)], sql` `), {
      maxSeconds: 60,
    });
  }
}
