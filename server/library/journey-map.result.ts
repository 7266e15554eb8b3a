/** Counted rows of a dry run to answers: stages before and after, and who goes from which to which. Pure. */
import type { LifecycleStage } from '../journey/map.ts';
import type { MapPair } from '../journey/stages-compared.sql.ts';
import type { PreviewRow } from './journey-map.sql.ts';

/** A stage of either map; `before` or `after` is null where that map has none with the key. */
export interface PreviewStage {
  readonly stage: LifecycleStage;
  readonly before: number | null;
  readonly after: number | null;
}

/** In the order of the map to come; those that go away last. */
export function stagesOf(rows: readonly PreviewRow[], { before, after }: MapPair): readonly PreviewStage[] {
  const count = (of: 'stage_before' | 'stage_after', index: number): number | null =>
    index < 0
      ? null
      : rows.reduce((sum, row) => sum + (row[of] === index + 1 ? Number(row.customers) : 0), 0);
  const place = (list: readonly LifecycleStage[], key: string): number =>
    list.findIndex((stage) => stage.key === key);
  const gone = before.lifecycle.filter(({ key }) => place(after.lifecycle, key) < 0);
  return [...after.lifecycle, ...gone].map((stage) => ({
    stage,
    before: count('stage_before', place(before.lifecycle, stage.key)),
    after: count('stage_after', place(after.lifecycle, stage.key)),
  }));
}

export interface PreviewMoveCount {
  /** Keys. */
  readonly from: string;
  readonly to: string;
  readonly customers: number;
}

/** Largest first; those who stay are none. */
export function movesOf(
  rows: readonly PreviewRow[],
  { before, after }: MapPair,
): readonly PreviewMoveCount[] {
  return rows
    .map((row) => ({
      from: before.lifecycle[row.stage_before - 1]?.key ?? '',
      to: after.lifecycle[row.stage_after - 1]?.key ?? '',
      customers: Number(row.customers),
    }))
    .filter(({ from, to }) => from !== to)
    .sort((a, b) => b.customers - a.customers || (`${a.from} ${a.to}` < `${b.from} ${b.to}` ? -1 : 1));
}
