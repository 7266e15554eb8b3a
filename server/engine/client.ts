/**
 * The engine over ClickHouse's HTTP interface: the same for the embedded engine, a server and a cluster.
 * Owns settings, formats and cancellation of statements; knows nothing of what they ask.
 */
import { PassThrough, pipeline, type Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { ClickHouseLogLevel, createClient, type DataFormat } from '@clickhouse/client';
import { render, type Sql } from '../query/sql.ts';
import type { SqlQuery } from '../query/statement.ts';
import { ANSWER_SETTINGS, wholeAnswer } from './answers.ts';
import { Guard } from './guard.ts';
import { BY_KEY, deduplication, statementSettings, WHOLE } from './settings.ts';
import { silentLog, type Log } from './log.ts';
import { AS_BYTES, asRows, type Streaming } from './streaming.ts';
import { EngineError, type CallOptions, type Engine, type InsertOptions, type QueryAnswer } from './port.ts';

export interface Connection {
  readonly url: string;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

/** Statements end by their own limits; this only keeps the HTTP client from ending them before. */
const NO_REQUEST_TIMEOUT_MS = 24 * 3600 * 1000;
/** A statement may be killed before ClickHouse has seen it: ask again after these pauses. */
const KILL_PAUSES_MS = [0, 30, 200, 1000, 3000];
/** On a machine that is busy with other things a trivial query has taken more than a second. */
const PING_MS = 5000;

export function connectEngine(connection: Connection & { readonly log?: Log }): Engine {
  return new HttpEngine(connection, connection.log ?? silentLog);
}

class HttpEngine implements Engine {
  private readonly client: ReturnType<typeof createClient>;
  /** Kills and pings have sockets of their own, so that they never wait behind statements. */
  private readonly side: ReturnType<typeof createClient>;
  private readonly log: Log;

  constructor(connection: Connection, log: Log) {
    const common = {
      url: connection.url,
      username: connection.user,
      password: connection.password,
      application: 'waymark',
      use_multipart_params_auto: true,
      // Failures are thrown, typed; the library's own lines would repeat statements and their values.
      log: { level: ClickHouseLogLevel.OFF },
      keep_alive: { enabled: true, idle_socket_ttl: 2000, eagerly_destroy_stale_sockets: true },
    };
    this.log = log;
    this.client = createClient({
      ...common,
      database: connection.database,
      // Fewer than the store runs at once; what one call asks beyond waits for a socket.
      max_open_connections: 40,
      request_timeout: NO_REQUEST_TIMEOUT_MS,
    });
    this.side = createClient({
      ...common,
      database: 'system',
      max_open_connections: 10,
      request_timeout: 5000,
    });
  }

  async query<Row>(query: SqlQuery<Row>, options: CallOptions = {}): Promise<QueryAnswer<Row>> {
    const { text, params } = render(query.sql);
    const answer = await this.guarded(query.name, options, async (guard) => {
      const result = await this.client.query({
        query: text,
        query_params: params,
        format: 'JSONCompact',
        query_id: guard.queryId,
        abort_signal: guard.signal,
        clickhouse_settings: {
          ...statementSettings(query.name, options),
          ...(query.isLight && BY_KEY),
          ...ANSWER_SETTINGS,
          ...WHOLE,
        },
      });
      return wholeAnswer<Row>(await result.text(), guard.queryId);
    });
    return {
      rows: answer.data,
      stats: {
        rowsRead: Number(answer.statistics.rows_read),
        bytesRead: Number(answer.statistics.bytes_read),
        elapsedMs: answer.statistics.elapsed * 1000,
      },
      text,
    };
  }

  async *stream<Row>(query: SqlQuery<Row>, options: CallOptions = {}): AsyncGenerator<Row> {
    for await (const rows of this.streamed(query, asRows<Row>(), options)) yield* rows;
  }

  streamBytes(query: SqlQuery<unknown>, options: CallOptions = {}): AsyncGenerator<Buffer> {
    return this.streamed(query, AS_BYTES, options);
  }

  private async *streamed<Piece>(
    query: SqlQuery<unknown>,
    { format, settings, read }: Streaming<Piece>,
    options: CallOptions,
  ): AsyncGenerator<Piece> {
    const { text, params } = render(query.sql);
    const guard = new Guard(options, this.kill);
    let whole = false;
    let close = (): void => {};
    try {
      const result = await guard.race(() =>
        this.client.exec({
          query: `${text}\nFORMAT ${format}`,
          query_params: params,
          query_id: guard.queryId,
          abort_signal: guard.signal,
          clickhouse_settings: { ...statementSettings(query.name, options), ...settings },
        }),
      );
      close = () => result.stream.destroy();
      const pieces = read(result.stream, result.response_headers, guard.queryId);
      for (;;) {
        const next = await guard.race(() => pieces.next());
        if (next.done) break;
        yield next.value;
      }
      whole = true;
    } finally {
      // A reader that stops early, or an error on our side, must not leave the statement running.
      if (!whole) {
        guard.end('CANCELLED', 'The rows are no longer read.');
        close();
      }
      guard.release();
    }
  }

  async insert(table: string, rows: readonly object[], options: InsertOptions = {}): Promise<void> {
    if (rows.length === 0) return;
    await this.insertValues(table, rows as object[], 'JSONEachRow', options);
  }

  async insertStream(
    table: string,
    body: Readable,
    format: string,
    options: InsertOptions = {},
  ): Promise<void> {
    await streamed(body, (bytes) => this.insertValues(table, bytes, format as DataFormat, options));
  }

  async insertSelect(name: string, statement: Sql, body: Readable, options: CallOptions = {}): Promise<void> {
    const { text, params } = render(statement);
    const run = (bytes: Readable): Promise<void> =>
      this.guarded(name, options, async (guard) => {
        const { stream } = await this.client.exec({
          query: text,
          query_params: params,
          values: bytes,
          query_id: guard.queryId,
          abort_signal: guard.signal,
          clickhouse_settings: { ...statementSettings(name, options), ...WHOLE },
        });
        await finished(stream.resume());
      });
    await streamed(body, run);
  }

  async command(name: string, statement: Sql, options: CallOptions = {}): Promise<void> {
    const { text, params } = render(statement);
    await this.guarded(name, options, (guard) =>
      this.client.command({
        query: text,
        query_params: params,
        query_id: guard.queryId,
        abort_signal: guard.signal,
        clickhouse_settings: { ...statementSettings(name, options), ...WHOLE },
      }),
    );
  }

  async ping(): Promise<boolean> {
    const { success } = await this.side.ping({ select: true, abort_signal: AbortSignal.timeout(PING_MS) });
    return success;
  }

  async close(): Promise<void> {
    await Promise.all([this.client.close(), this.side.close()]);
  }

  private async insertValues(
    table: string,
    values: object[] | Readable,
    format: DataFormat,
    options: InsertOptions,
  ): Promise<void> {
    if (!/^[A-Za-z_]\w*$/.test(table)) throw new TypeError(`engine: not a table's name: ${table}`);
    const name = `insert_${table}`;
    await this.guarded(name, options, (guard) =>
      this.client.insert({
        table,
        values,
        format,
        query_id: guard.queryId,
        abort_signal: guard.signal,
        clickhouse_settings: {
          ...statementSettings(name, options),
          ...deduplication(options.deduplicationToken),
          async_insert: 0,
          date_time_input_format: 'best_effort',
          ...WHOLE,
        },
      }),
    );
  }

  private async guarded<T>(
    name: string,
    options: CallOptions,
    work: (guard: Guard) => Promise<T>,
  ): Promise<T> {
    const guard = new Guard(options, this.kill);
    try {
      return await guard.race(() => work(guard));
    } catch (error) {
      const code = error instanceof EngineError ? error.code : undefined;
      this.log.debug({ statement: name, queryId: guard.queryId, code }, 'a statement failed');
      throw error;
    } finally {
      guard.release();
    }
  }

  private readonly kill = (queryId: string): void => {
    void this.killUntilSeen(queryId);
  };

  private async killUntilSeen(queryId: string): Promise<void> {
    for (const pause of KILL_PAUSES_MS) {
      if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause).unref());
      try {
        const result = await this.side.query({
          query: 'KILL QUERY WHERE query_id = {id:String} ASYNC',
          query_params: { id: queryId },
          format: 'JSONEachRow',
        });
        if ((await result.json()).length > 0) return;
      } catch {
        // The engine is away, and the statement with it; or it is busy, and the next try may do.
      }
    }
  }
}

/** Hands on a body as the byte stream that ClickHouse's client takes (`Readable.from` makes object streams). */
async function streamed(body: Readable, run: (bytes: Readable) => Promise<void>): Promise<void> {
  let torn: Error | undefined;
  body.once('error', (error) => (torn = error));
  try {
    await run(body.readableObjectMode ? pipeline(body, new PassThrough(), () => {}) : body);
  } catch (error) {
    if (torn) throw new EngineError('BAD_DATA', `The body broke off: ${torn.message}`, { cause: torn });
    throw error;
  } finally {
    body.destroy();
  }
}
