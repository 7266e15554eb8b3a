// Why an event was refused, in another language: the server says it in English, by sentences that differ in what
// they quote, the field they are about, and counts. Pure.

/** What differs among refusals of one kind: a quoted value, the field at the beginning, a count. */
const VARIABLE = /"[^"]*"|^[a-z]\w*(?= is (?:not text|longer|empty|missing))|\b\d+(?= (?:characters|kB))/g;

/**
 * The sentence of `table` for this reason, its `…` replaced by the reason's own parts in their order; the reason
 * itself where the table does not know it.
 */
export function reasonIn(table: Readonly<Record<string, string>>, reason: string): string {
  const parts: string[] = [];
  const kind = reason.replaceAll(VARIABLE, (part) => {
    parts.push(part.replaceAll('"', ''));
    return part.startsWith('"') ? '"…"' : '…';
  });
  if (!Object.hasOwn(table, kind)) return reason;
  return (table[kind] ?? reason).replaceAll('…', () => parts.shift() ?? '…');
}
