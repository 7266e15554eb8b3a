/**
 * The way to ClickHouse as the rest of the program sees it: query, insert, command. Every call has limits
 * and can be cancelled; every failure is an EngineError. Knows nothing of customers.
 */
import type { Readable } from 'node:stream';
import type { Sql } from '../query/sql.ts';
import type { SqlQuery } from '../query/statement.ts';

export interface CallOptions {
  /** Aborting really stops the statement in ClickHouse. */
  readonly signal?: AbortSignal | undefined;
  /** Wall-clock limit in seconds. Default 30. */
  readonly maxSeconds?: number;
  /** Memory limit of the statement in bytes. Default 4 GiB. */
  readonly maxBytes?: number;
  /** The turn that it writes in: stands in its id, so that whoever takes over can end it. */
  readonly turn?: number;
  /** Most threads the statement may use. Default: ClickHouse's own. */
  readonly maxThreads?: number;
}

export interface QueryStats {
  readonly rowsRead: number;
  readonly bytesRead: number;
  readonly elapsedMs: number;
}

export interface QueryAnswer<Row> {
  readonly rows: readonly Row[];
  readonly stats: QueryStats;
  /** The statement's text, parameters in their places by name. */
  readonly text: string;
  /** True when nothing was run for this answer: it was found before, and still holds. */
  readonly isCached?: boolean;
}

export interface InsertOptions extends CallOptions {
  /** The same token twice inserts once (also into the targets of materialised views). */
  readonly deduplicationToken?: string;
}

export interface Engine {
  /** Runs a SELECT and returns all rows. UInt64 and Decimal arrive as strings (`0.10` as
   * `0.1`), NaN as `nan` or `-nan`, times as `2026-01-31 23:59:59.999`. */
  query<Row>(query: SqlQuery<Row>, options?: CallOptions): Promise<QueryAnswer<Row>>;
  /** Runs a SELECT and yields its rows as they come, in bounded memory. */
  stream<Row>(query: SqlQuery<Row>, options?: CallOptions): AsyncIterable<Row>;
  /** Runs a SELECT and yields RowBinaryWithNamesAndTypes as the bytes come: they end only where its rows do. */
  streamBytes(query: SqlQuery<unknown>, options?: CallOptions): AsyncIterable<Buffer>;
  /** Inserts rows given as objects; resolves once they are stored. */
  insert(table: string, rows: readonly object[], options?: InsertOptions): Promise<void>;
  /** Inserts a body already in a ClickHouse format (`CSVWithNames`, `Parquet`, ...), streamed. */
  insertStream(table: string, body: Readable, format: string, options?: InsertOptions): Promise<void>;
  /** Runs `INSERT INTO ... SELECT ... FROM input('...') FORMAT ...` over a body, streamed. */
  insertSelect(name: string, statement: Sql, body: Readable, options?: CallOptions): Promise<void>;
  /** Runs a statement that returns nothing (DDL, INSERT SELECT, ...). */
  command(name: string, statement: Sql, options?: CallOptions): Promise<void>;
  /** True when a trivial query answers within five seconds: a busy engine is not away. */
  ping(): Promise<boolean>;
  close(): Promise<void>;
}

export type EngineErrorCode =
  /** The caller aborted. */
  | 'CANCELLED'
  /** Over `maxSeconds`. */
  | 'TIMEOUT'
  /** Over `maxBytes`, or the server is short of memory. */
  | 'MEMORY'
  /** No connection, the engine is starting again, or too many statements at once. */
  | 'UNAVAILABLE'
  /** Too many statements wait for their turn: not even begun. */
  | 'BUSY'
  /** The store cannot take more (disk full, read-only). */
  | 'STORAGE'
  /** More parts than ClickHouse reads in one statement, or a value longer than it takes. */
  | 'TOO_COMPLEX'
  /** A regular expression that ClickHouse does not take. */
  | 'BAD_PATTERN'
  /** A row or a value did not fit. */
  | 'BAD_DATA'
  /** A statement that ClickHouse refuses: a bug of ours. */
  | 'BAD_STATEMENT';

export class EngineError extends Error {
  constructor(
    readonly code: EngineErrorCode,
    message: string,
    options?: { cause?: unknown; queryId?: string },
  ) {
    super(message, options?.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'EngineError';
    this.queryId = options?.queryId;
  }

  readonly queryId: string | undefined;
}
