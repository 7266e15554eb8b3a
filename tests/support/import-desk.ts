/** A fresh store to import files into, and what came of them. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine } from '../../server/engine/port.ts';
import { importFile } from '../../server/ingest/import/import.service.ts';
import type { ImportOptions, ImportResult } from '../../server/ingest/import/import.service.ts';
import { param, sql } from '../../server/query/sql.ts';
import { testEngine } from './engine.ts';

interface ImportedEvent {
  readonly event: string;
  readonly at: string;
  readonly order_id: string;
  readonly revenue: string | null;
  readonly event_id: string;
  readonly properties: string;
}

export interface ImportDesk {
  readonly engine: Engine;
  readonly folder: string;
  /** Imports a file of this name and content. */
  importText(
    name: string,
    content: string | Uint8Array,
    options?: Partial<ImportOptions>,
  ): Promise<ImportResult>;
  eventsOf(customerId: string): Promise<readonly ImportedEvent[]>;
  close(): Promise<void>;
}

export async function openImportDesk(): Promise<ImportDesk> {
  const engine = await testEngine();
  const folder = await mkdtemp(join(tmpdir(), 'waymark-import-test-'));
  return {
    engine,
    folder,
    async importText(name, content, options = {}) {
      const path = join(folder, name);
      await writeFile(path, content);
      return importFile({ engine, path, ...options });
    },
    async eventsOf(customerId) {
      const { rows } = await engine.query<ImportedEvent>({
        name: 'test.events_of',
        sql: sql`SELECT event, toString(time) AS at, order_id, revenue, event_id, CAST(properties, 'String') AS properties
FROM events WHERE customer_id = ${param.string(customerId)} ORDER BY time, event_id
SETTINGS output_format_json_quote_64bit_integers = 0`,
      });
      return rows;
    },
    async close() {
      await engine.close();
      await rm(folder, { recursive: true });
    },
  };
}
