/**
 * A store after writes that failed, while no engine runs on it: parts that were cut short are put aside, so that
 * ClickHouse takes what they were merged from (by itself it would keep one of which a projection is cut short, too).
 * What it remembers of inserts goes with them: one that was cut short is remembered like any, and the same again
 * would store nothing. What was under way is looked for by its rows.
 */
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileSizes } from './checksums.ts';

/** A failed write is found within seconds: parts older than the newest by this are whole. */
const LATE_MS = 60_000;
/** `all_1_1_0`, `202601_4_9_1_12`: not one that is being written or removed. */
const PART = /^[0-9a-z]+(?:_\d+){3,4}$/;

interface Part {
  readonly table: string;
  readonly name: string;
  readonly writtenMs: number;
}

/** Returns the parts put aside; `isDamaged` where writes are known to have failed. */
export function mend(store: string, isDamaged: boolean): readonly string[] {
  const tables = tablesOf(store);
  const parts = tables.flatMap(partsOf);
  const newest = parts.reduce((most, { writtenMs }) => Math.max(most, writtenMs), 0);
  const broken = parts.filter(
    ({ table, name, writtenMs }) => writtenMs >= newest - LATE_MS && isCutShort(join(table, name)),
  );
  for (const { table, name } of broken) putAside(table, name);
  if (isDamaged || broken.length > 0) {
    for (const table of tables) rmSync(join(table, 'deduplication_logs'), { recursive: true, force: true });
  }
  return broken.map(({ table, name }) => join(table, name));
}

function tablesOf(store: string): readonly string[] {
  const root = join(store, 'store');
  return subfolders(root).flatMap((prefix) =>
    subfolders(join(root, prefix)).map((id) => join(root, prefix, id)),
  );
}

function partsOf(table: string): readonly Part[] {
  return subfolders(table).flatMap((name) => {
    const path = join(table, name, 'checksums.txt');
    return PART.test(name) && existsSync(path) ? [{ table, name, writtenMs: statSync(path).mtimeMs }] : [];
  });
}

function subfolders(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? [entry.name] : [],
  );
}

/** Some file of it, or of a projection of it, is not as long as it should be. */
function isCutShort(part: string): boolean {
  const sizes = fileSizes(readFileSync(join(part, 'checksums.txt')));
  if (sizes === 'unknown') return false;
  if (sizes === 'short') return true;
  return [...sizes].some(([name, bytes]) => {
    const path = join(part, name);
    if (!existsSync(path)) return true;
    return name.endsWith('.proj') ? isCutShort(path) : statSync(path).size !== bytes;
  });
}

function putAside(table: string, name: string): void {
  const aside = join(table, 'detached', `broken_${name}`);
  // Of the same name from before: there is nothing more to it.
  rmSync(aside, { recursive: true, force: true });
  renameSync(join(table, name), aside);
}
