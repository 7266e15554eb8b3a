/**
 * Which server keeps the log of moves and delivers webhooks: one at a time. A term is taken by a row with a
 * deduplication token; its holder says every few seconds that it lives. What the holder writes is guarded by the
 * log itself, so a lease that two believe to have does no harm. Knows nothing of the work.
 */
import type { Engine } from '../engine/port.ts';
import { isGone, processText } from '../ingest/turns/this-program.ts';
import { sql } from '../query/sql.ts';
import type { SqlQuery } from '../query/statement.ts';

interface LeaseRow {
  readonly term: number;
  readonly owner: string;
  readonly process: string;
  readonly is_left: number;
  readonly silent_ms: number;
}

/** A holder says so often that it lives, */
const ALIVE_MS = 2_000;
/** and begins nothing unless it has lately. */
const SURE_MS = 6_000;
/** Who has been silent for so long is taken for dead. */
const SILENT_MS = 10_000;
/** How often those who wait look. */
const LOOK_MS = 500;
const SECONDS = 5;

const newestLease: SqlQuery<LeaseRow> = {
  name: 'automation.lease',
  isLight: true,
  isVolatile: true,
  sql: sql`WITH (SELECT max(leases.term) FROM automation_leases AS leases) AS newest
SELECT newest AS term, anyIf(owner, kind = 'taken') AS owner, anyIf(process, kind = 'taken') AS process,
  countIf(kind = 'left') > 0 AS is_left, toFloat64(toUnixTimestamp64Milli(now64(3)) - toUnixTimestamp64Milli(max(at))) AS silent_ms
FROM automation_leases WHERE automation_leases.term = newest SETTINGS output_format_json_quote_64bit_integers = 0`,
};

export class Lease {
  #term: number | null = null;
  #saidAt = -Infinity;
  #lookedAt = -Infinity;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly engine: Engine,
    readonly owner: string,
  ) {}

  /** The term that this server holds; null: another does. Takes it where it is free. */
  async hold(): Promise<number | null> {
    const now = performance.now();
    if (this.#term !== null) {
      if (now - this.#saidAt < SURE_MS) return this.#term;
      return this.#confirm(now);
    }
    if (now - this.#lookedAt < LOOK_MS) return null;
    this.#lookedAt = now;
    const state = await this.#read();
    if (state && !isFree(state)) return null;
    const term = (state?.term ?? 0) + 1;
    const taken = { term, kind: 'taken', owner: this.owner, process: processText() };
    await this.engine.insert('automation_leases', [taken], {
      deduplicationToken: `lease-${term}`,
      maxSeconds: SECONDS,
    });
    const after = await this.#read();
    if (after?.term !== term || after.owner !== this.owner) return null;
    this.#term = term;
    this.#saidAt = now;
    this.#timer = setInterval(() => {
      // Where it is not heard it is said again, by the timer or by whoever asks.
      if (this.#term !== null) this.#confirm(performance.now()).catch(() => {});
    }, ALIVE_MS).unref();
    return term;
  }

  /** The term that goes on now, whoever holds it; null: none does. */
  async current(): Promise<number | null> {
    const state = await this.#read();
    return state && !isFree(state) ? state.term : null;
  }

  /** No longer this server's; the term it was is never held again. */
  lose(): void {
    clearInterval(this.#timer);
    this.#term = null;
    this.#lookedAt = performance.now();
  }

  async leave(): Promise<void> {
    const term = this.#term;
    this.lose();
    this.#lookedAt = -Infinity;
    if (term !== null) await this.#say(term, 'left');
  }

  async #confirm(now: number): Promise<number | null> {
    const state = await this.#read();
    if (this.#term === null) return null;
    if (state?.term !== this.#term || state?.owner !== this.owner) {
      this.lose();
      return null;
    }
    await this.#say(state.term, 'alive');
    this.#saidAt = now;
    return state.term;
  }

  async #say(term: number, kind: string): Promise<void> {
    await this.engine.insert('automation_leases', [{ term, kind, owner: this.owner, process: '' }], {
      maxSeconds: SECONDS,
    });
  }

  async #read(): Promise<LeaseRow | null> {
    const { rows } = await this.engine.query(newestLease, { maxSeconds: SECONDS });
    const [row] = rows;
    return row && row.owner !== '' ? row : null;
  }
}

function isFree({ is_left, silent_ms, process }: LeaseRow): boolean {
  return is_left === 1 || silent_ms > SILENT_MS || isGone(process);
}
