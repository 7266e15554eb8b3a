/**
 * Which event ids are already counted: the newest in memory, which are surely not as well, all of them in the engine.
 * Knows nothing of requests or batches.
 */
import type { Log } from '../engine/log.ts';
import type { Engine } from '../engine/port.ts';
import { sql } from '../query/sql.ts';
import type { SqlQuery } from '../query/statement.ts';
import type { IngestEvent } from './event.ts';
import { AbsentIds } from './ids/absent-ids.ts';
import { storedOf } from './repair.sql.ts';
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
  private readonly absent: AbsentIds;

  constructor(engine: Engine, log: Log, limit = KEPT_IDS) {
    this.engine = engine;
    this.limit = limit;
    this.absent = new AbsentIds(engine, log);
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

  /** Others may have stored or removed events; nothing of ours is being stored at this moment. */
  forget(): void {
    this.newest.clear();
    this.absent.forget();
  }

  /** Events may have been removed: what was counted may be counted again. */
  forgetCounted(): void {
    this.newest.clear();
  }

  /** Those of the events whose id is already counted, as a set of ids. Whoever asks stores the others. */
  async among(events: readonly IngestEvent[], signal?: AbortSignal): Promise<ReadonlySet<string>> {
    const known = new Set<string>();
    const asked = events.filter((event) => {
      if (this.newest.has(event.eventId)) known.add(event.eventId);
      return !known.has(event.eventId);
    });
    const maybe = this.absent.claim(asked.map((event) => event.eventId));
    if (maybe.length === 0) return known;
    const hits = await this.ask(hashesStored(maybe), signal);
    const repeated = asked.filter((event) => hits.has(event.eventId));
    for (const id of await this.confirmed(repeated, signal)) known.add(id);
    this.remember(known);
    return known;
  }

  /**
   * An id's hash can stand in known_ids without its event: where the engine was killed between the two. So
   * the events themselves have the last word; almost always they are found under their customer and time.
   */
  private async confirmed(events: readonly IngestEvent[], signal?: AbortSignal): Promise<readonly string[]> {
    if (events.length === 0) return [];
    const found = await this.ask(storedOf(events), signal);
    const missing = events.filter((event) => !found.has(event.eventId));
    const elsewhere =
      missing.length === 0 ? [] : await this.ask(idsStored(missing.map((e) => e.eventId)), signal);
    return [...found, ...elsewhere];
  }

  private async ask(query: SqlQuery<IdRow>, signal?: AbortSignal): Promise<ReadonlySet<string>> {
    const { rows } = await this.engine.query(query, { maxSeconds: SECONDS, signal });
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
  SELECT id_hash FROM known_ids WHERE id_hash IN (SELECT sipHash64(event_id) FROM asked)
)`,
  };
}

function idsStored(ids: readonly string[]): SqlQuery<IdRow> {
  return {
    name: 'ingest.known_events_anywhere',
    sql: sql`SELECT DISTINCT event_id FROM events WHERE event_id IN (SELECT arrayJoin(${textList(ids)}))`,
  };
}
