/** What stays free on the disk of a DATA_DIR. */
import { statfs } from 'node:fs/promises';

/**
 * With less than this free nothing new is taken, by ClickHouse and by the journal: what is under way then finds the
 * room that it was promised.
 */
export const RESERVE_BYTES = 64 * 1024 * 1024;

export async function hasRoom(folder: string): Promise<boolean> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize > RESERVE_BYTES;
}
