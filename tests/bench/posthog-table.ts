/**
 * The same events in a table sorted as PostHog's (`PARTITION BY month ORDER BY (date, event, hash of the person,
 * hash of the event)`), with a UUID per event as theirs have. Made once and kept beside the store's own tables.
 * It is given our columns' types and codecs, and a number for the person, all of which are faster than theirs.
 */
import type { Engine } from '../../server/engine/port.ts';
import { param, sql } from '../../server/query/sql.ts';
import { END_MS } from './questions.ts';

const SECONDS = 3600;

/** Where it stands. */
export const posthogEvents = sql`bench.events_by_date`;

/** Events that other benchmarks bring in come later. */
const end = sql`${param.time(END_MS)}`;

export async function ensurePosthogTable(engine: Engine): Promise<void> {
  const command = (statement: typeof posthogEvents): Promise<void> =>
    engine.command('bench_copy', statement, { maxSeconds: SECONDS, maxBytes: 8 * 1024 ** 3 });
  await command(sql`CREATE DATABASE IF NOT EXISTS bench`);
  await command(sql`CREATE TABLE IF NOT EXISTS ${posthogEvents}
(
    uuid UUID CODEC(ZSTD(1)),
    time DateTime64(3, 'UTC') CODEC(T64, ZSTD(1)),
    event LowCardinality(String) CODEC(ZSTD(1)),
    customer_key UInt64 CODEC(ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(time)
ORDER BY (toDate(time), event, customer_key, cityHash64(uuid))`);
  const { rows } = await engine.query<{ own: string; copied: string }>({
    name: 'bench_copied',
    sql: sql`SELECT (SELECT count() FROM events WHERE time < ${end}) AS own, (SELECT count() FROM ${posthogEvents}) AS copied`,
  });
  if (rows[0]?.own === rows[0]?.copied) return;
  process.stderr.write('copying the events to a table sorted as PostHog’s\n');
  await command(sql`TRUNCATE TABLE ${posthogEvents}`);
  await command(sql`INSERT INTO ${posthogEvents}
SELECT dateTimeToUUIDv7(toDateTime(time)), time, event, customer_key FROM events WHERE time < ${end}
SETTINGS max_insert_threads = 2, min_insert_block_size_rows = 4000000, min_insert_block_size_bytes = 0, insert_deduplicate = 0`);
  await command(sql`OPTIMIZE TABLE ${posthogEvents} FINAL`);
}
