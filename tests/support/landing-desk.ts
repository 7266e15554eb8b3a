/** A fresh store that other tools write into, and what came of it. */
import type { Connection } from '../../server/engine/client.ts';
import { connectEngine } from '../../server/engine/client.ts';
import type { Engine } from '../../server/engine/port.ts';
import { openLanding } from '../../server/ingest/landing/landing.ts';
import type { Landing, Turns } from '../../server/ingest/landing/landing.ts';
import type { SliceLimits } from '../../server/ingest/landing/slices.ts';
import { silentLog } from '../../server/engine/log.ts';
import { Sql } from '../../server/query/sql.ts';
import { testConnection } from './engine.ts';

export interface Balance {
  readonly events: number;
  readonly revenue: number;
  readonly duplicates: number;
  readonly rejected: number;
  readonly waiting: number;
}

export interface LandingDesk {
  readonly engine: Engine;
  readonly connection: Connection;
  /** A plain HTTP INSERT, as any tool would make it. */
  post(format: string, body: string, columns?: string): Promise<void>;
  open(options?: { engine?: Engine; turns?: Turns; limits?: SliceLimits }): Landing;
  rows<T>(statement: string): Promise<readonly T[]>;
  run(statement: string): Promise<void>;
  balance(): Promise<Balance>;
  close(): Promise<void>;
}

export async function openLandingDesk(): Promise<LandingDesk> {
  const connection = await testConnection();
  const engine = connectEngine(connection);
  const { url, user, password, database } = connection;
  const rows = async <T>(statement: string): Promise<readonly T[]> =>
    (await engine.query<T>({ name: 'test', sql: new Sql([statement], []) })).rows;
  return {
    engine,
    connection,
    rows,
    run: (statement) => engine.command('test', new Sql([statement], [])),
    async post(format, body, columns = '') {
      const query = encodeURIComponent(`INSERT INTO landing ${columns} FORMAT ${format}`);
      const headers = { 'x-clickhouse-user': user, 'x-clickhouse-key': password };
      const answer = await fetch(`${url}/?database=${database}&query=${query}`, {
        method: 'POST',
        body,
        headers,
      });
      if (!answer.ok) throw new Error(await answer.text());
    },
    open: (options) => openLanding({ engine, log: silentLog, ...options }),
    async balance() {
      const [row] = await rows<Balance>(`SELECT (SELECT count() FROM events) AS events,
  (SELECT toFloat64(sum(events.revenue)) FROM events) AS revenue,
  (SELECT sum(ingest_counts.duplicates) FROM ingest_counts) AS duplicates,
  (SELECT count() FROM rejected_events) AS rejected, (SELECT count() FROM landed) AS waiting
SETTINGS output_format_json_quote_64bit_integers = 0`);
      if (!row) throw new Error('no balance');
      return row;
    },
    async close() {
      await engine.command('test', new Sql([`DROP DATABASE ${database}`], []));
      await engine.close();
    },
  };
}

/** One at a time, within this process. */
export function inTurns(): Turns {
  let last: Promise<unknown> = Promise.resolve();
  return {
    during(work) {
      const mine = last.then(work);
      last = mine.catch(() => {});
      return mine;
    },
  };
}
