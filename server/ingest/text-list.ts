/** Long lists of texts as parameters: ClickHouse takes at most 128 KiB in one field of a request. */
import { join, param, sql } from '../query/sql.ts';
import type { Sql } from '../query/sql.ts';

/** Leaves room for escapes, which at most double a text. */
const MAX_BYTES = 48 * 1024;

/** An Array(String) of any length, in as many parameters as it takes. */
export function textList(texts: readonly string[]): Sql {
  const groups: string[][] = [[]];
  let bytes = 0;
  for (const text of texts) {
    const more = Buffer.byteLength(text) + 3;
    if (bytes > 0 && bytes + more > MAX_BYTES) {
      groups.push([]);
      bytes = 0;
    }
    groups.at(-1)?.push(text);
    bytes += more;
  }
  const parts = groups.map((group) => sql`${param.strings(group)}`);
  return parts.length === 1 ? join(parts, sql``) : sql`arrayConcat(${join(parts, sql`, `)})`;
}
