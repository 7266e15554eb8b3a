/**
 * The Engine with an eye on its disk. The embedded ClickHouse does not say so where a write fails (a full or broken
 * disk): it goes on, and what it then calls stored, or merged, is a part with files cut short. It does count such
 * writes. So nothing counts as stored before that number was looked at, and once it has grown the engine is to be
 * ended: at its next start it puts such parts aside and takes what they were merged from, which it keeps for eight
 * minutes.
 */
import type { Readable } from 'node:stream';
import { sql, type Sql } from '../../query/sql.ts';
import type { SqlQuery } from '../../query/statement.ts';
import { EngineError, type CallOptions, type Engine, type InsertOptions, type QueryAnswer } from '../port.ts';

const FAILED_WRITES: SqlQuery<{ failed: string }> = {
  name: 'failed_writes',
  sql: sql`SELECT value AS failed FROM system.events WHERE event = 'WriteBufferFromFileDescriptorWriteFailed'`,
};

/** How a query fails that reads a part cut short. */
const READ_ERRORS: ReadonlySet<unknown> = new Set(['BAD_DATA', 'BAD_STATEMENT']);

export class WatchedEngine implements Engine {
  private readonly engine: Engine;
  /** To the same process; looks do not wait behind statements. */
  private readonly side: Engine;
  private readonly onDamage: () => void;
  /** While it started nothing of ours was written. */
  private readonly failedAtStart: number;
  private damaged = false;

  /** Calls `onDamage` once, when a write has failed. */
  static async watch(engine: Engine, side: Engine, onDamage: () => void): Promise<WatchedEngine> {
    return new WatchedEngine(engine, side, onDamage, await failedWrites(side));
  }

  private constructor(engine: Engine, side: Engine, onDamage: () => void, failedAtStart: number) {
    this.engine = engine;
    this.side = side;
    this.onDamage = onDamage;
    this.failedAtStart = failedAtStart;
  }

  get isDamaged(): boolean {
    return this.damaged;
  }

  /** Whether a write has failed until now. */
  async look(): Promise<boolean> {
    if (!this.damaged && (await failedWrites(this.side)) > this.failedAtStart && !this.isDamaged) {
      this.damaged = true;
      this.onDamage();
    }
    return this.damaged;
  }

  async query<Row>(query: SqlQuery<Row>, options?: CallOptions): Promise<QueryAnswer<Row>> {
    try {
      return await this.engine.query(query, options);
    } catch (error) {
      throw await this.readError(error);
    }
  }

  async *stream<Row>(query: SqlQuery<Row>, options?: CallOptions): AsyncGenerator<Row> {
    try {
      yield* this.engine.stream(query, options);
    } catch (error) {
      throw await this.readError(error);
    }
  }

  async *streamBytes(query: SqlQuery<unknown>, options?: CallOptions): AsyncGenerator<Buffer> {
    try {
      yield* this.engine.streamBytes(query, options);
    } catch (error) {
      throw await this.readError(error);
    }
  }

  insert(table: string, rows: readonly object[], options?: InsertOptions): Promise<void> {
    return this.written(this.engine.insert(table, rows, options));
  }

  insertStream(table: string, body: Readable, format: string, options?: InsertOptions): Promise<void> {
    return this.written(this.engine.insertStream(table, body, format, options));
  }

  insertSelect(name: string, statement: Sql, body: Readable, options?: CallOptions): Promise<void> {
    return this.written(this.engine.insertSelect(name, statement, body, options));
  }

  command(name: string, statement: Sql, options?: CallOptions): Promise<void> {
    return this.written(this.engine.command(name, statement, options));
  }

  async ping(): Promise<boolean> {
    return !this.damaged && (await this.engine.ping());
  }

  async close(): Promise<void> {
    await Promise.all([this.engine.close(), this.side.close()]);
  }

  /** STORAGE where it may be cut short: whoever wrote it looks for what is there before writing it again. */
  private async written(writing: Promise<void>): Promise<void> {
    try {
      await writing;
      await this.look();
    } catch (error) {
      // Also where another's look had the engine ended meanwhile.
      throw this.damaged ? notStored(error) : error;
    }
    if (this.damaged) throw notStored();
  }

  private async readError(error: unknown): Promise<unknown> {
    const mayBeDamage = error instanceof EngineError && READ_ERRORS.has(error.code);
    if (!mayBeDamage || !(await this.look().catch(() => this.damaged))) return error;
    return new EngineError('UNAVAILABLE', 'The engine starts again after a write that failed.', {
      // As where a connection breaks: once it is back, it may be asked again.
      cause: Object.assign(new Error('a write failed', { cause: error }), { code: 'EIO' }),
    });
  }
}

function notStored(cause?: unknown): EngineError {
  return new EngineError('STORAGE', 'A write to the disk failed.', { cause });
}

async function failedWrites(engine: Engine): Promise<number> {
  const { rows } = await engine.query(FAILED_WRITES, { maxSeconds: 30 });
  // What never happened has no row.
  return Number(rows[0]?.failed ?? 0);
}
