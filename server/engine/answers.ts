/**
 * How answers of ClickHouse are read: exact numbers, and never half an answer taken for a whole one.
 */
import type { Readable } from 'node:stream';
import { parseError, type ClickHouseSettings } from '@clickhouse/client';
import { toEngineError } from './errors.ts';
import { EngineError } from './port.ts';

/** Numbers that JavaScript would round arrive as text; the answer is only sent once it is whole. */
export const ANSWER_SETTINGS: ClickHouseSettings = {
  output_format_json_quote_64bit_integers: 1,
  output_format_json_quote_decimals: 1,
  output_format_json_quote_denormals: 1,
};

/** An error after the first rows is a line of its own, instead of a connection that breaks off. */
export const ERROR_AS_LINE: ClickHouseSettings = { http_write_exception_in_output_format: 1 };

const NEWLINE = 10;

/** A line of a streamed answer. */
interface StreamLine<Row> {
  readonly row?: Row;
  readonly exception?: string;
}

/** What ClickHouse says besides rows; `rows` guards against an answer cut short. */
interface AnswerFrame {
  readonly rows: number | string;
  readonly statistics: { elapsed: number; rows_read: number | string; bytes_read: number | string };
}

/** The answer of a JSONCompact statement: names once, not once a row. */
interface CompactAnswer extends AnswerFrame {
  readonly meta: readonly { readonly name: string }[];
  readonly data: readonly (readonly unknown[])[];
}

interface WholeAnswer<Row> {
  readonly data: readonly Row[];
  readonly statistics: AnswerFrame['statistics'];
}

/** The rows of a streamed answer, as many at a time as arrive together; throws the error that a line carries. */
export async function* rowChunks<Row>(body: Readable, queryId: string): AsyncGenerator<Row[], void> {
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

/** A JSONCompact answer, its rows as objects; throws UNAVAILABLE if it was cut short. */
export function wholeAnswer<Row>(body: string, queryId: string): WholeAnswer<Row> {
  let answer: CompactAnswer;
  try {
    answer = JSON.parse(body) as CompactAnswer;
  } catch (cause) {
    throw cutShort(queryId, cause);
  }
  if (!Array.isArray(answer.data) || answer.data.length !== Number(answer.rows)) throw cutShort(queryId);
  const { meta, data, statistics }: CompactAnswer = answer;
  const names = meta.map(({ name }) => name);
  return { data: data.map((values) => rowOf(names, values as readonly unknown[]) as Row), statistics };
}

function rowOf(names: readonly string[], values: readonly unknown[]): unknown {
  const row: Record<string, unknown> = {};
  for (const [i, name] of names.entries()) row[name] = values[i];
  return row;
}

function cutShort(queryId: string, cause?: unknown): EngineError {
  return new EngineError('UNAVAILABLE', 'The answer of ClickHouse was cut short.', { cause, queryId });
}
