/**
 * How answers of ClickHouse are read: exact numbers, and never half an answer taken for a whole one.
 */
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

/** A line of a streamed answer. */
interface StreamLine<Row> {
  readonly row?: Row;
  readonly exception?: string;
}

/** The answer of a JSON statement; `rows` guards against an answer cut short. */
interface JsonAnswer<Row> {
  readonly data: Row[];
  readonly rows: number | string;
  readonly statistics: { elapsed: number; rows_read: number | string; bytes_read: number | string };
}

/** The rows of some lines of a streamed answer; throws the error that a line carries. */
export function rowsOf<Row>(lines: readonly { text: string }[], queryId: string): Row[] {
  const parsed = JSON.parse(`[${lines.map((line) => line.text).join(',')}]`) as StreamLine<Row>[];
  const rows: Row[] = [];
  for (const line of parsed) {
    if (line.row !== undefined) rows.push(line.row);
    else if (line.exception !== undefined) throw toEngineError(parseError(line.exception), queryId);
  }
  return rows;
}

/** A JSON answer; throws UNAVAILABLE if it was cut short. */
export function wholeAnswer<Row>(body: string, queryId: string): JsonAnswer<Row> {
  const cut = (cause?: unknown): EngineError =>
    new EngineError('UNAVAILABLE', 'The answer of ClickHouse was cut short.', { cause, queryId });
  let answer: JsonAnswer<Row>;
  try {
    answer = JSON.parse(body) as JsonAnswer<Row>;
  } catch (cause) {
    throw cut(cause);
  }
  if (!Array.isArray(answer.data) || answer.data.length !== Number(answer.rows)) throw cut();
  return answer;
}
