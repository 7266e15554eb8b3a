/** The settings that statements run under. Knows nothing of what they ask, nor of the connection. */
import type { ClickHouseSettings } from '@clickhouse/client';
import { DEFAULT_SECONDS } from './guard.ts';
import type { CallOptions } from './port.ts';

const DEFAULT_BYTES = 4 * 1024 ** 3;

/**
 * Rewritings of AND and OR that compare whole subqueries by hash, once per condition: over statements of many
 * levels they take longer than everything else together, and gain nothing here.
 */
const PLAIN_ANALYSIS: ClickHouseSettings = {
  optimize_and_compare_chain: 0,
  optimize_redundant_comparisons: 0,
  optimize_extract_common_expressions: 0,
};

/**
 * Groups that are few and large (customers gathered by ranges of keys) are divided among the threads as well, so
 * that what is done with each of them is.
 */
const DIVIDED_GROUPS: ClickHouseSettings = { group_by_two_level_threshold_bytes: '4000000' };

/**
 * Few rows found by their keys: most granules looked at do not hold the key, so it is read first and the rest only
 * where it stands; and no projection, sorted by something else, is looked through in vain.
 */
export const BY_KEY: ClickHouseSettings = {
  move_primary_key_columns_to_end_of_prewhere: 0,
  optimize_use_projections: 0,
};

/**
 * An answer is sent once it is whole. Until then it is kept in memory up to this size, beyond it in a file: a full disk
 * stops no question whose answer is small.
 */
export const WHOLE: ClickHouseSettings = { wait_end_of_query: 1, http_response_buffer_size: '1048576' };

/** What every statement of ours runs under. */
export function statementSettings(name: string, options: CallOptions): ClickHouseSettings {
  return {
    log_comment: name,
    max_execution_time: options.maxSeconds ?? DEFAULT_SECONDS,
    timeout_overflow_mode: 'throw',
    max_memory_usage: String(options.maxBytes ?? DEFAULT_BYTES),
    ...(options.maxThreads !== undefined && { max_threads: options.maxThreads }),
    type_json_skip_duplicated_paths: 1,
    ...PLAIN_ANALYSIS,
    ...DIVIDED_GROUPS,
    // What looks like a date in a property stays the text that was sent.
    input_format_try_infer_dates: 0,
    input_format_try_infer_datetimes: 0,
  };
}

/** Without a token nothing is taken for a repetition: the same rows twice are then two facts. */
export function deduplication(token: string | undefined): ClickHouseSettings {
  if (token === undefined) return { insert_deduplicate: 0 };
  return {
    insert_deduplicate: 1,
    insert_deduplication_token: token,
    deduplicate_blocks_in_dependent_materialized_views: 1,
  };
}
