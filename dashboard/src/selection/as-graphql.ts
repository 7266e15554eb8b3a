// A question of the page as GraphQL text that can be pasted anywhere: arguments written out, no variables. Pure.

/** Fields whose values are enum words, written without quotation marks. */
const ENUM_FIELDS = new Set([
  'order',
  'op',
  'of',
  'weekStart',
  'interval',
  'entry',
  'mode',
  'measure',
  'alignment',
  'occurrence',
  'attribution',
]);

/** An input as a GraphQL literal: keys bare, enum words bare, nothing written for null and undefined. */
export function literal(value: unknown, field = '', indent = ''): string {
  if (Array.isArray(value)) {
    const items = value.map((item) => literal(item, field, `${indent}  `));
    const line = `[${items.join(', ')}]`;
    if (line.length <= 80 && !line.includes('\n')) return line;
    return `[\n${items.map((item) => `${indent}  ${item}`).join('\n')}\n${indent}]`;
  }
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value).filter(([, entry]) => entry !== null && entry !== undefined);
    const parts = entries.map(([key, entry]) => `${key}: ${literal(entry, key, `${indent}  `)}`);
    const line = `{ ${parts.join(', ')} }`;
    if (line.length <= 80 && !line.includes('\n')) return line;
    return `{\n${parts.map((part) => `${indent}  ${part}`).join('\n')}\n${indent}}`;
  }
  if (typeof value === 'string' && ENUM_FIELDS.has(field) && /^[A-Z][A-Z_]*$/.test(value)) return value;
  return JSON.stringify(value);
}

/** `query { FIELD(input: ...) SELECTION }`; change `query` to `subscription` and it is live. */
export function asGraphql(field: string, input: object, selection: string): string {
  const body = selection.trim().replaceAll('\n', '\n    ');
  return `query {\n  ${field}(input: ${literal(input, '', '  ')}) {\n    ${body}\n  }\n}\n`;
}
