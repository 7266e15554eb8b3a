/**
 * How answers of ClickHouse are read while they come: rows, or bytes, and never an error taken for their end.
 */
import type { Readable } from 'node:stream';
import { EXCEPTION_TAG_HEADER_NAME, parseError, type ClickHouseSettings } from '@clickhouse/client';
import { ANSWER_SETTINGS, cutShort } from './answers.ts';
import { toEngineError } from './errors.ts';

/** A form that an answer is streamed in. */
export interface Streaming<Piece> {
  readonly format: string;
  readonly settings: ClickHouseSettings;
  /** Throws the error that ClickHouse ends with, if it does. */
  readonly read: (body: Readable, headers: Headers, queryId: string) => AsyncGenerator<Piece, void>;
}

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** A line of a streamed answer. */
interface StreamLine<Row> {
  readonly row?: Row;
  readonly exception?: string;
}

const NEWLINE = 10;
const BYTES_AHEAD = 16 * 1024 ** 2;
/** Longer errors are told in part. */
const LONGEST_ERROR = 65_536;

/** As many rows at a time as arrive together; an error after the first rows is a line of its own. */
export function asRows<Row>(): Streaming<Row[]> {
  return {
    format: 'JSONEachRowWithProgress',
    settings: { ...ANSWER_SETTINGS, http_write_exception_in_output_format: 1 },
    read: (body, _, queryId) => rowChunks<Row>(body, queryId),
  };
}

/** As RowBinaryWithNamesAndTypes. */
export const AS_BYTES: Streaming<Buffer> = {
  format: 'RowBinaryWithNamesAndTypes',
  settings: { http_write_exception_in_output_format: 0 },
  read: bytesToTheEnd,
};

async function* rowChunks<Row>(body: Readable, queryId: string): AsyncGenerator<Row[], void> {
  let rest: Buffer[] = [];
  for await (const chunk of body as AsyncIterable<Buffer>) {
    const end = chunk.lastIndexOf(NEWLINE);
    rest.push(end < 0 ? chunk : chunk.subarray(0, end));
    if (end < 0) continue;
    yield rowsOf<Row>(Buffer.concat(rest).toString(), queryId);
    rest = [chunk.subarray(end + 1)];
  }
  if (rest.some((bytes) => bytes.length > 0)) throw cutShort(queryId);
}

/** Whole lines to rows in one go: a line break never stands inside one. */
function rowsOf<Row>(lines: string, queryId: string): Row[] {
  const rows: Row[] = [];
  for (const line of JSON.parse(`[${lines.replaceAll('\n', ',')}]`) as StreamLine<Row>[]) {
    if (line.row !== undefined) rows.push(line.row);
    else if (line.exception !== undefined) throw toEngineError(parseError(line.exception), queryId);
  }
  return rows;
}

/**
 * An error after the first bytes follows them under a mark that the headers have named, and the connection breaks off
 * after it. So the last bytes, which may be the mark's beginning, are held back until what follows them is known.
 */
async function* bytesToTheEnd(
  body: Readable,
  headers: Headers,
  queryId: string,
): AsyncGenerator<Buffer, void> {
  const mark = Buffer.from(`\r\n__exception__\r\n${String(headers[EXCEPTION_TAG_HEADER_NAME] ?? '')}`);
  let held: Buffer = Buffer.alloc(0);
  const chunks = readAhead(body, queryId);
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) {
    const bytes = held.length === 0 ? next.value : Buffer.concat([held, next.value]);
    const error = bytes.indexOf(mark);
    if (error >= 0) throw await errorOf(bytes.subarray(error + mark.length), chunks, queryId);
    const end = Math.max(0, bytes.length - mark.length);
    held = bytes.subarray(end);
    if (end > 0) yield bytes.subarray(0, end);
  }
  if (held.length > 0) yield held;
}

/**
 * The chunks of a body, read ahead of whoever takes them: what is still in it when its connection breaks off would be
 * lost, and with it the error that it ends with.
 */
async function* readAhead(body: Readable, queryId: string): AsyncGenerator<Buffer, void> {
  const queue: Buffer[] = [];
  let queued = 0;
  let isOver = false;
  let failure: Error | undefined;
  let wake = (): void => {};
  body.on('data', (chunk: Buffer) => {
    queue.push(chunk);
    queued += chunk.length;
    if (queued > BYTES_AHEAD) body.pause();
    wake();
  });
  body.on('error', (error) => (failure = error));
  body.on('close', () => {
    if (!body.readableEnded) failure ??= cutShort(queryId);
    isOver = true;
    wake();
  });
  for (;;) {
    const chunk = queue.shift();
    if (chunk) {
      queued -= chunk.length;
      if (body.isPaused() && queued < BYTES_AHEAD / 2) body.resume();
      yield chunk;
    } else if (isOver) break;
    else await new Promise<void>((resolve) => (wake = resolve));
  }
  if (failure) throw failure;
}

/** What is said from here to where the connection breaks off. */
async function errorOf(begun: Buffer, rest: AsyncIterator<Buffer>, queryId: string): Promise<Error> {
  let text = begun;
  try {
    for (let next = await rest.next(); !next.done && text.length < LONGEST_ERROR; next = await rest.next()) {
      text = Buffer.concat([text, next.value]);
    }
  } catch {
    // Broken off, as it always is.
  }
  const said =
    text
      .toString()
      .trim()
      .split(/\n\d+ \w*\r?\n__exception__/)[0] ?? '';
  return said === '' ? cutShort(queryId) : toEngineError(parseError(said), queryId);
}
