/**
 * Which event ids are already counted: the newest in memory, all of them in the engine. Knows nothing of
 * requests or batches.
 */
import { Readable } from 'node:stream';
import type { Engine } from '../engine/port.ts';
import { int, param, sql } from '../query/sql.ts';
import type { SqlQuery } from '../query/sql.ts';
import type { IngestEvent } from './event.ts';
import { textList } from './text-list.ts';

const KEPT_IDS = 200_000;
const SECONDS = 60;

interface IdRow {
  readonly event_id: string;
}

export class KnownIds {
  private readonly engine: Engine;
  private readonly limit: number;
  /** In order of use; the oldest goes first. */
  private readonly newest = new Set<string>();

  constructor(engine: Engine, limit = KEPT_IDS) {
    this.engine = engine;
    this.limit = limit;
  }

  remember(ids: Iterable<string>): void {
    for (const id of ids) {
      this.newest.delete(id);
      this.newest.add(id);
    }
    for (const oldest of this.newest) {
      if (this.newest.size <= this.limit) break;
      this.newest.delete(oldest);
    }
  }

  /** Some of what counted counts no more: only the engine knows which. */
  forget(): void {
    this.newest.clear();
  }

  /** Those of the events whose id is already counted, as a set of ids. */
  async among(events: readonly IngestEvent[]): Promise<ReadonlySet<string>> {
    const known = new Set<string>();
    const asked = events.filter((event) => {
      if (this.newest.has(event.eventId)) known.add(event.eventId);
      return !known.has(event.eventId);
    });
    if (asked.length === 0) return known;
    const hits = await this.ask(hashesStored(asked.map((event) => event.eventId)));
    for (const id of await this.confirmed(asked.filter((event) => hits.has(event.eventId)))) known.add(id);
    this.remember(known);
    return known;
  }

  /**
   * An id's hash can stand in event_ids without its event: where the engine was killed between the two. So
   * the events themselves have the last word; almost always they are found under their customer and time.
   */
  private async confirmed(events: readonly IngestEvent[]): Promise<readonly string[]> {
    if (events.length === 0) return [];
    const found = await this.ask(eventsStored(events));
    const missing = events.filter((event) => !found.has(event.eventId));
    const elsewhere = missing.length === 0 ? [] : await this.ask(idsStored(missing.map((e) => e.eventId)));
    return [...found, ...elsewhere];
  }

  /** After an insert whose outcome is not known: enters the ids of those events that were stored after all. */
  async restore(events: readonly IngestEvent[]): Promise<void> {
    const stored = [...(await this.ask(eventsStored(events)))];
    if (stored.length === 0) return;
    const lines = stored.map((id) => JSON.stringify({ id })).join('\n');
    await this.engine.insertSelect(
      'ingest.restore_ids',
      sql`INSERT INTO event_ids SELECT sipHash64(id) AS id_hash FROM input('id String') FORMAT JSONEachRow`,
      Readable.from([Buffer.from(lines)]),
    );
    this.remember(stored);
  }

  private async ask(query: SqlQuery<IdRow>): Promise<ReadonlySet<string>> {
    const { rows } = await this.engine.query(query, { maxSeconds: SECONDS });
    return new Set(rows.map((row) => row.event_id));
  }
}

function hashesStored(ids: readonly string[]): SqlQuery<IdRow> {
  return {
    name: 'ingest.known_ids',
    sql: sql`
WITH asked AS (SELECT arrayJoin(${textList(ids)}) AS event_id)
SELECT event_id FROM asked
WHERE sipHash64(event_id) IN (
  SELECT id_hash FROM event_ids WHERE id_hash IN (SELECT sipHash64(event_id) FROM asked)
)`,
  };
}

function eventsStored(events: readonly IngestEvent[]): SqlQuery<IdRow> {
  const times = events.map((event) => event.timeMs);
  const earliest = times.reduce((a, b) => Math.min(a, b));
  const latest = times.reduce((a, b) => Math.max(a, b));
  return {
    name: 'ingest.known_events',
    sql: sql`
SELECT DISTINCT event_id FROM events
WHERE customer_key IN (SELECT cityHash64(arrayJoin(${textList([...new Set(events.map((e) => e.customerId))])})))
  AND time BETWEEN ${param.time(earliest)} AND ${param.time(latest)}
  AND event_id IN (SELECT arrayJoin(${textList(events.map((event) => event.eventId))}))`,
  };
}

function idsStored(ids: readonly string[]): SqlQuery<IdRow> {
  return {
    name: 'ingest.known_events_anywhere',
    sql: sql`SELECT DISTINCT event_id FROM events WHERE event_id IN (SELECT arrayJoin(${textList(ids)}))`,
  };
}

/** A crash concerns inserts that were under way: those received this shortly before the last one. */
const LAST_SECONDS = 10;

/** Enters ids that event_ids lacks, of the events received last: a crash may have come between the two. */
export async function repairLastIds(engine: Engine): Promise<void> {
  const last = sql`received_at >= (SELECT max(received_at) FROM events) - INTERVAL ${int(LAST_SECONDS)} SECOND`;
  await engine.command(
    'ingest.repair_ids',
    sql`
INSERT INTO event_ids
SELECT sipHash64(event_id) AS id_hash FROM events
WHERE ${last} AND id_hash NOT IN (
  SELECT id_hash FROM event_ids WHERE id_hash IN (SELECT sipHash64(event_id) FROM events WHERE ${last})
)`,
    { maxSeconds: 600 },
  );
}
