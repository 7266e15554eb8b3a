/**
 * Calls on disk while the store is away: appended and flushed together, read in order, let go once they are
 * stored. Bounded. Knows nothing of the engine.
 */
import { mkdir } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { lockStore } from '../../engine/embedded/lock.ts';
import { hasRoom } from '../../engine/embedded/reserve.ts';
import type { Log } from '../../engine/log.ts';
import { inputError } from '../../query/problem.ts';
import { IngestBusyError } from '../busy.ts';
import { decodeRecord, encodeRecord, headAt } from './record.ts';
import type { JournalRecord } from './record.ts';
import * as files from './segments.ts';
import type { Position, Segment } from './segments.ts';

export interface JournalOptions {
  readonly folder: string;
  /** Most bytes on disk. */
  readonly maxBytes: number;
  readonly log: Log;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Some records in their order, under the same id as often as they are read. */
export interface JournalBatch {
  readonly id: string;
  readonly records: readonly JournalRecord[];
  /** It was begun before: some of it may be stored. */
  readonly isRepeated: boolean;
  /** Messages of it. */
  readonly count: number;
}

/** A segment is let go as a whole; larger ones would hold the disk longer. */
const SEGMENT_BYTES = 16 * 1024 * 1024;
/** What one batch reads. */
const BATCH_BYTES = 8 * 1024 * 1024;
const BATCH_MESSAGES = 10_000;
/** What may wait for the disk. */
const PENDING_BYTES = 64 * 1024 * 1024;
const RETRY_SECONDS = 5;

interface Pending {
  readonly bytes: Buffer;
  readonly count: number;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

export class Journal {
  private readonly options: JournalOptions;
  private readonly segments: Segment[];
  private readonly unlock: () => void;
  /** Of the last segment, where it is appended to. */
  private file: FileHandle | undefined;
  private lastName: string | undefined;
  private pending: Pending[] = [];
  private pendingBytes = 0;
  private writing: Promise<void> | undefined;
  private isFailing = false;
  /** Where the first segment is read from. */
  private from: number;
  /** End of the batch that is under way, or `from`. */
  private until: number;
  private oldest: number | null;

  /** Throws StoreInUseError where another process has it. */
  static async open(options: JournalOptions): Promise<Journal> {
    const { folder, log } = options;
    const unlock = await lockFolder(folder);
    try {
      const position = await files.readPosition(folder);
      const found = await files.findSegments(folder, position, log);
      const journal = new Journal(options, found.segments, unlock, position);
      journal.oldest = found.oldestMs;
      if (journal.waiting > 0)
        log.info({ waiting: journal.waiting }, 'the journal holds what is to be stored');
      else await journal.letGo();
      return journal;
    } catch (error) {
      unlock();
      throw error;
    }
  }

  private constructor(
    options: JournalOptions,
    segments: Segment[],
    unlock: () => void,
    position: Position | null,
  ) {
    const isThere = position !== null && segments[0]?.name === position.segment;
    this.options = options;
    this.segments = segments;
    this.unlock = unlock;
    this.lastName = segments.at(-1)?.name ?? position?.segment;
    this.from = isThere ? position.from : 0;
    this.until = isThere ? position.until : 0;
    this.oldest = null;
  }

  /** Messages that are not stored yet. */
  get waiting(): number {
    return this.segments.reduce((sum, { count }) => sum + count, 0);
  }

  /** Nothing waits, and nothing is about to. */
  get isEmpty(): boolean {
    return this.pending.length === 0 && this.writing === undefined && this.waiting === 0;
  }

  /** When the oldest of what waits came in; null where nothing waits. */
  get oldestMs(): number | null {
    return this.isEmpty ? null : this.oldest;
  }

  /** Resolves once it is safely on disk; IngestBusyError where it is not, and will not be. */
  append(record: JournalRecord): Promise<void> {
    const atMs = this.options.now();
    const bytes = encodeRecord(record, atMs);
    const onDisk = this.segments.reduce((sum, segment) => sum + segment.bytes, 0);
    const isFull = onDisk + this.pendingBytes + bytes.length > this.options.maxBytes;
    if (isFull || this.pendingBytes > PENDING_BYTES) {
      return Promise.reject(busy('The store is away and the journal is full; try again later.'));
    }
    if (this.isEmpty) this.oldest = atMs;
    return new Promise((resolve, reject) => {
      const head = headAt(bytes, 0);
      this.pending.push({ bytes, count: head?.count ?? 0, resolve, reject });
      this.pendingBytes += bytes.length;
      this.writing ??= this.write();
    });
  }

  /** What came together is flushed together. */
  private async write(): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(resolve));
    while (this.pending.length > 0) {
      const group = this.pending;
      this.pending = [];
      try {
        await this.writeGroup(group);
        this.isFailing = false;
        for (const { resolve } of group) resolve();
      } catch (error) {
        // Told once, not for every call of hours.
        if (!this.isFailing) this.options.log.error({ err: error }, 'the journal cannot be written');
        this.isFailing = true;
        const refusal = busy('The store is away and the journal cannot be written; try again later.', error);
        for (const { reject } of group) reject(refusal);
      }
      this.pendingBytes -= group.reduce((sum, { bytes }) => sum + bytes.length, 0);
    }
    // At once: who comes next must not wait for a write that is over.
    this.writing = undefined;
  }

  private async writeGroup(group: readonly Pending[]): Promise<void> {
    if (!(await hasRoom(this.options.folder))) throw new Error('Too little of the disk is free.');
    const segment = await this.openSegment();
    const bytes = Buffer.concat(group.map((one) => one.bytes));
    try {
      await this.file?.appendFile(bytes);
      await this.file?.datasync();
    } catch (error) {
      // What is there in part must not be read, and not be written behind.
      await this.file?.truncate(segment.bytes).catch(() => {});
      await this.closeFile();
      throw error;
    }
    segment.bytes += bytes.length;
    segment.count += group.reduce((sum, { count }) => sum + count, 0);
  }

  private async openSegment(): Promise<Segment> {
    const last = this.segments.at(-1);
    if (this.file && last && last.bytes < SEGMENT_BYTES) return last;
    await this.closeFile();
    const made = await files.makeSegment(this.options.folder, this.lastName);
    this.file = made.file;
    this.lastName = made.segment.name;
    this.segments.push(made.segment);
    return made.segment;
  }

  private async closeFile(): Promise<void> {
    const file = this.file;
    this.file = undefined;
    await file?.close().catch(() => {});
  }

  /** The oldest records that wait; the same until they are `done`. Null where nothing waits. */
  async next(): Promise<JournalBatch | null> {
    await this.skipReadSegments();
    const [segment] = this.segments;
    if (!segment || segment.bytes === this.from) return null;
    const isRepeated = this.until > this.from;
    const batch = await this.readBatch(segment, isRepeated ? this.until : null);
    this.until = batch.until;
    await files.writePosition(this.options.folder, {
      segment: segment.name,
      from: this.from,
      until: this.until,
    });
    const id = `${segment.name}:${this.from}:${this.until}`;
    return { id, records: batch.records, isRepeated, count: batch.count };
  }

  private async readBatch(segment: Segment, until: number | null) {
    const { folder } = this.options;
    const records: JournalRecord[] = [];
    let count = 0;
    let oldest: number | null = null;
    let offset = 0;
    let bytes = await files.readSegment(
      folder,
      segment,
      this.from,
      until === null ? BATCH_BYTES : until - this.from,
    );
    for (;;) {
      let head = headAt(bytes, offset);
      if (head === null && records.length === 0 && bytes.length < segment.bytes - this.from) {
        // One record that is longer than a batch.
        bytes = await files.readSegment(folder, segment, this.from, segment.bytes - this.from);
        head = headAt(bytes, offset);
      }
      if (head === null) break;
      if (until === null && records.length > 0 && count + head.count > BATCH_MESSAGES) break;
      records.push(decodeRecord(bytes, offset, head));
      oldest ??= head.atMs;
      count += head.count;
      offset += head.bytes;
    }
    if (records.length === 0) throw new Error(`The journal ${segment.name} cannot be read at ${this.from}.`);
    this.oldest = oldest;
    return { records, count, until: this.from + offset };
  }

  /** The batch is stored: it is not read again. */
  async done(batch: JournalBatch): Promise<void> {
    const [segment] = this.segments;
    if (!segment) return;
    segment.count -= batch.count;
    this.from = this.until;
    if (this.isEmpty) await this.letGo();
    else await this.skipReadSegments();
  }

  /** Segments that were read to their end go; the last one stays while it may be appended to. */
  private async skipReadSegments(): Promise<void> {
    while (this.segments.length > 1 && this.segments[0]?.bytes === this.from) {
      const [read] = this.segments.splice(0, 1);
      this.from = this.until = 0;
      if (read) await files.dropSegment(this.options.folder, read.name);
    }
  }

  /** Nothing waits: nothing stays on disk. */
  private async letGo(): Promise<void> {
    const gone = this.segments.splice(0);
    this.from = this.until = 0;
    this.oldest = null;
    await this.closeFile();
    for (const { name } of gone) await files.dropSegment(this.options.folder, name);
  }

  async close(): Promise<void> {
    while (this.writing) await this.writing;
    await this.closeFile();
    this.unlock();
  }
}

/** Throws InputError where nothing can be kept there. */
async function lockFolder(folder: string): Promise<() => void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return lockStore(join(folder, 'lock'), folder);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw inputError(
      'DATA_DIR',
      'NOT_WRITABLE',
      `Nothing can be kept in ${folder} (${message}); DATA_DIR names a folder that this program may write to.`,
    );
  }
}

function busy(message: string, cause?: unknown): IngestBusyError {
  return new IngestBusyError(message, RETRY_SECONDS, cause);
}
