/**
 * The Engine in front of one that may be away for a moment: requests that come while it is started again
 * wait some seconds for it; those under way when it dies fail as UNAVAILABLE.
 */
import type { Readable } from 'node:stream';
import type { Sql } from '../../query/sql.ts';
import type { SqlQuery } from '../../query/statement.ts';
import { EngineError, type CallOptions, type Engine, type InsertOptions, type QueryAnswer } from '../port.ts';

const PATIENCE_MS = 8000;

export class WaitingEngine implements Engine {
  private current: Engine | undefined;
  private readonly waiting = new Set<() => void>();
  private isClosed = false;

  /** The engine is (again) there. */
  use(engine: Engine): void {
    this.current = engine;
    for (const wake of this.waiting) wake();
  }

  /** The engine is gone; what comes from now on waits. */
  lose(): void {
    const lost = this.current;
    this.current = undefined;
    void lost?.close();
  }

  /** For good: whoever waits is told so. */
  async shutDown(): Promise<void> {
    this.isClosed = true;
    for (const wake of this.waiting) wake();
    await this.current?.close();
    this.current = undefined;
  }

  query<Row>(query: SqlQuery<Row>, options?: CallOptions): Promise<QueryAnswer<Row>> {
    return this.attempt(options, true, (engine) => engine.query(query, options));
  }

  async *stream<Row>(query: SqlQuery<Row>, options?: CallOptions): AsyncGenerator<Row> {
    yield* (await this.ready(options)).stream(query, options);
  }

  async *streamBytes(query: SqlQuery<unknown>, options?: CallOptions): AsyncGenerator<Buffer> {
    yield* (await this.ready(options)).streamBytes(query, options);
  }

  insert(table: string, rows: readonly object[], options?: InsertOptions): Promise<void> {
    const isRepeatable = options?.deduplicationToken !== undefined;
    return this.attempt(options, isRepeatable, (engine) => engine.insert(table, rows, options));
  }

  async insertStream(table: string, body: Readable, format: string, options?: InsertOptions): Promise<void> {
    return (await this.ready(options)).insertStream(table, body, format, options);
  }

  async insertSelect(name: string, statement: Sql, body: Readable, options?: CallOptions): Promise<void> {
    return (await this.ready(options)).insertSelect(name, statement, body, options);
  }

  command(name: string, statement: Sql, options?: CallOptions): Promise<void> {
    return this.attempt(options, false, (engine) => engine.command(name, statement, options));
  }

  async ping(): Promise<boolean> {
    return (await this.current?.ping()) ?? false;
  }

  /** The supervisor closes what it opened; a holder of the port has nothing to close. */
  async close(): Promise<void> {}

  /**
   * The engine may have died a moment ago, unseen as yet. What was certainly not sent, or may be done twice,
   * is then done once more when it is back.
   */
  private async attempt<T>(
    options: CallOptions | undefined,
    isRepeatable: boolean,
    call: (engine: Engine) => Promise<T>,
  ): Promise<T> {
    const engine = await this.ready(options);
    try {
      return await call(engine);
    } catch (error) {
      const network = networkCode(error);
      const mayRepeat = network === 'ECONNREFUSED' || (isRepeatable && network !== undefined);
      if (!mayRepeat || this.isClosed) throw error;
      const isThere = await engine.ping();
      if (!isThere && this.current === engine) await this.wake(options?.signal);
      return call(await this.ready(options));
    }
  }

  private async ready(options: CallOptions | undefined): Promise<Engine> {
    if (this.current) return this.current;
    if (!this.isClosed) await this.wake(options?.signal);
    if (options?.signal?.aborted)
      throw new EngineError('CANCELLED', 'The caller no longer wants the answer.');
    if (this.current) return this.current;
    throw new EngineError(
      'UNAVAILABLE',
      this.isClosed ? 'The engine was stopped.' : 'The engine is starting again.',
    );
  }

  private wake(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.waiting.delete(done);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, PATIENCE_MS);
      this.waiting.add(done);
      signal?.addEventListener('abort', done);
      if (signal?.aborted) done();
    });
  }
}

/** The system's word for a connection that failed, if that is what happened. */
export function networkCode(error: unknown): string | undefined {
  if (!(error instanceof EngineError) || error.code !== 'UNAVAILABLE') return undefined;
  const code = (error.cause as NodeJS.ErrnoException | undefined)?.code;
  return code?.startsWith('E') ? code : undefined;
}
