/** What a file is to the import: columns, and chunks of rows in a form that ClickHouse reads. */
import type { Readable } from 'node:stream';
import type { SourceShape } from './shape.query.ts';

export interface SourceChunk {
  /** Number of its first record in the file, from 1. */
  readonly firstRow: number;
  readonly body: Readable;
}

export interface Source extends SourceShape {
  /** Columns that cannot be taken, by name. */
  readonly leftOut: readonly string[];
  /**
   * Chunks of at most about a million rows, each read to its end before the next is asked for where
   * `isSequential`; else several may be read at once.
   */
  readonly chunks: AsyncIterable<SourceChunk>;
  readonly isSequential: boolean;
  close(): Promise<void>;
}

export interface ReadProgress {
  /** Bytes of the file as it is on disk. */
  bytesRead: number;
  totalBytes: number;
  rows: number;
}
