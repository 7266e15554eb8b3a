/**
 * What stands in the journal, as bytes: a head with length and checksum, then JSON. Knows nothing of files.
 */
import { crc32 } from 'node:zlib';
import type { IngestEvent } from '../event.ts';
import type { RejectedEvent } from '../rejected.ts';

/** An identity as it was sent; what is wrong with it is told when it is joined. */
export interface KeptIdentity {
  readonly customerId: unknown;
  readonly anonymousId: unknown;
  readonly traits: unknown;
  readonly payload: unknown;
  readonly source: string;
  readonly receivedMs: number;
}

/** What was acknowledged while the store was away. */
export interface JournalRecord {
  readonly events: readonly IngestEvent[];
  readonly rejected: readonly RejectedEvent[];
  readonly identities: readonly KeptIdentity[];
  /** Identities that were joined before it came here. */
  readonly identified: number;
  /** Where it was tried already: the plan's id, under which some of it may be stored, and what it counted. */
  readonly plan: { readonly id: string; readonly duplicates: number } | null;
}

/** Messages of which nothing is counted in the store yet. */
export function countOf({ events, rejected, identities, identified, plan }: JournalRecord): number {
  return events.length + rejected.length + identities.length + identified + (plan?.duplicates ?? 0);
}

/** Length and checksum of what follows, then count of messages and instant of the record. */
export const HEAD_BYTES = 20;
const CHECKED_FROM = 8;
/** Nothing that was written is longer: a length beyond it is damage. */
const MAX_BYTES = 256 * 1024 * 1024;

export interface RecordHead {
  /** Of the whole record, head included. */
  readonly bytes: number;
  readonly count: number;
  readonly atMs: number;
}

export function encodeRecord(record: JournalRecord, atMs: number): Buffer {
  const body = Buffer.from(JSON.stringify(record));
  const bytes = Buffer.allocUnsafe(HEAD_BYTES + body.length);
  bytes.writeUInt32LE(body.length, 0);
  bytes.writeUInt32LE(countOf(record), 8);
  bytes.writeDoubleLE(atMs, 12);
  body.copy(bytes, HEAD_BYTES);
  bytes.writeUInt32LE(crc32(bytes.subarray(CHECKED_FROM)), 4);
  return bytes;
}

/** The head of a record that stands there whole and unharmed; else null. */
export function headAt(bytes: Buffer, offset: number): RecordHead | null {
  if (offset + HEAD_BYTES > bytes.length) return null;
  const length = bytes.readUInt32LE(offset);
  const end = offset + HEAD_BYTES + length;
  if (length > MAX_BYTES || end > bytes.length) return null;
  if (crc32(bytes.subarray(offset + CHECKED_FROM, end)) !== bytes.readUInt32LE(offset + 4)) return null;
  return {
    bytes: end - offset,
    count: bytes.readUInt32LE(offset + 8),
    atMs: bytes.readDoubleLE(offset + 12),
  };
}

/** The record that `head` stands before. */
export function decodeRecord(bytes: Buffer, offset: number, head: RecordHead): JournalRecord {
  return JSON.parse(bytes.toString('utf8', offset + HEAD_BYTES, offset + head.bytes)) as JournalRecord;
}
