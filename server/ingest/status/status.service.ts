/** How ingestion does: totals since the store began, the rates of the last minute, what waits. */
import type { InsightScope } from '../../insights/scope.ts';
import type { Ingestion } from '../ingest.service.ts';
import { compileSeconds, totals } from './status.sql.ts';
import type { SecondRow } from './status.sql.ts';

/** Of the rate. */
const RATE_SECONDS = 10;
const CHART_SECONDS = 60;

/** `accepted + duplicates + rejected` is what was sent. */
export interface Totals {
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: number;
  readonly identified: number;
  readonly waiting: number;
  readonly lagMs: number;
  readonly lastEventAt: Date | null;
}

export async function ingestionTotals(
  ingestion: Pick<Ingestion, 'status'>,
  { engine, signal }: InsightScope,
): Promise<Totals> {
  const { rows } = await engine.query(totals, { signal });
  const {
    stored = 0,
    removed = 0,
    identified = 0,
    duplicates = 0,
    rejected = 0,
    last_ms = 0,
  } = rows[0] ?? {};
  const { waiting, lagMs } = ingestion.status();
  return {
    accepted: stored + removed + identified,
    duplicates,
    rejected,
    identified,
    waiting,
    lagMs,
    lastEventAt: last_ms === 0 ? null : new Date(last_ms),
  };
}

/** Events in each of the last 60 seconds, the oldest first. */
export async function ingestionPerSecond({ engine, signal }: InsightScope): Promise<readonly number[]> {
  const { rows } = await engine.query(compileSeconds(CHART_SECONDS), { signal });
  const byAgo = new Map(rows.map(({ ago, events }) => [ago, events]));
  return Array.from({ length: CHART_SECONDS }, (_, i) => byAgo.get(CHART_SECONDS - 1 - i) ?? 0);
}

export async function ingestionRate({ engine, signal }: InsightScope): Promise<number> {
  const { rows } = await engine.query(compileSeconds(RATE_SECONDS), { signal });
  return rows.reduce((sum: number, { events }: SecondRow) => sum + events, 0) / RATE_SECONDS;
}
