/** The real data sets of the project, loaded whole into an engine, and the figures known of them. */
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { dropStagingTable, eventsFromStaging, stagingTable } from '../../server/demo/real-events.sql.ts';
import type { Engine } from '../../server/engine/port.ts';
import { projectRoot } from '../../server/engine/project.ts';

export type DatasetName = 'online-retail' | 'rees46-oct2019-slice' | 'complete-journey-sample' | 'cdnow';

/** Shipped sets lie in `data`; those that may be tested but not shipped in `tests/data`. */
function folderOf(dataset: DatasetName): string {
  const shipped = join(projectRoot(), 'data', dataset);
  return existsSync(shipped) ? shipped : join(projectRoot(), 'tests', 'data', dataset);
}

export interface Figures {
  readonly rows: number;
  readonly customers: number;
  readonly purchase: { readonly customers: number; readonly orders: number; readonly revenue: number };
  readonly monthly: Readonly<
    Record<string, { readonly active_customers: number; readonly orders: number; readonly revenue: number }>
  >;
  readonly cohort_retention_counts: Cohorts;
  readonly cohort_retention_counts_all_events?: Cohorts;
  readonly repeat: { readonly repeat_customers: number; readonly repeat_rate: number };
  readonly growth_accounting: Readonly<
    Record<string, { readonly new: number; readonly retained: number; readonly reactivated: number }>
  >;
}

/** By cohort month, then months since. */
export type Cohorts = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** What `expected.json` says of the set, each figure computed in two independent ways. */
export function figuresOf(dataset: DatasetName): Figures {
  const file = JSON.parse(readFileSync(join(folderOf(dataset), 'expected.json'), 'utf8')) as {
    readonly reference: Figures;
  };
  return file.reference;
}

/** Stores every event of the set at its own time. */
export async function loadDataset(engine: Engine, dataset: DatasetName): Promise<void> {
  const file = createReadStream(join(folderOf(dataset), 'events.csv.gz')).pipe(createGunzip());
  await engine.command('test.rows', stagingTable);
  await engine.insertStream('demo_rows', file, 'CSVWithNames');
  await engine.command('test.events', eventsFromStaging(dataset, 0), { maxSeconds: 120 });
  await engine.command('test.rows_dropped', dropStagingTable);
}
