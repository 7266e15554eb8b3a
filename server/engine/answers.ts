/**
 * How answers of ClickHouse are read: exact numbers, and never half an answer taken for a whole one.
 */
import type { ClickHouseSettings } from '@clickhouse/client';
import { EngineError } from './port.ts';

/** Numbers that JavaScript would round arrive as text; the answer is only sent once it is whole. */
export const ANSWER_SETTINGS: ClickHouseSettings = {
  output_format_json_quote_64bit_integers: 1,
  output_format_json_quote_decimals: 1,
  output_format_json_quote_denormals: 1,
};

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

export function cutShort(queryId: string, cause?: unknown): EngineError {
  return new EngineError('UNAVAILABLE', 'The answer of ClickHouse was cut short.', { cause, queryId });
}
