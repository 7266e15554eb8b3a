// A question of the page as GraphQL to be pasted elsewhere: an operation with its variables, one text with the
// arguments written out, or a call of curl. Pure.

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
  'node',
  'models',
]);

/** An input as a GraphQL literal: keys bare, enum words bare, nothing written for null and undefined. */
export const literal = (value: unknown, indent = ''): string => written(value, GRAPHQL, '', indent);

interface Notation {
  key: (name: string) => string;
  text: (text: string, field: string) => string;
}
const GRAPHQL: Notation = {
  key: (name) => name,
  text: (text, field) =>
    ENUM_FIELDS.has(field) && /^[A-Z][A-Z_]*$/.test(text) ? text : JSON.stringify(text),
};
const JSON_TEXT: Notation = { key: (name) => JSON.stringify(name), text: (text) => JSON.stringify(text) };

/** What fits into a line stands in one. */
function written(value: unknown, as: Notation, field: string, indent: string): string {
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const items = value.map((item) => written(item, as, field, inner));
    return inLines(items, ['[', ']'], '', indent);
  }
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value).filter(([, entry]) => entry !== null && entry !== undefined);
    const parts = entries.map(([key, entry]) => `${as.key(key)}: ${written(entry, as, key, inner)}`);
    return inLines(parts, ['{', '}'], ' ', indent);
  }
  return typeof value === 'string' ? as.text(value, field) : JSON.stringify(value);
}

function inLines(
  parts: readonly string[],
  [open, close]: readonly [string, string],
  space: string,
  indent: string,
): string {
  const line = `${open}${space}${parts.join(', ')}${space}${close}`;
  if (line.length <= 80 && !line.includes('\n')) return line;
  return `${open}\n${parts.map((part) => `${indent}  ${part}`).join(',\n')}\n${indent}${close}`;
}

/** A question of the API: its field, the type of its input, and what is asked of the answer. */
export interface Question {
  field: string;
  inputType: string;
  input: object;
  selection: string;
}

const indented = (text: string, by: string): string => text.trim().replaceAll('\n', `\n${by}`);
const word = (isLive: boolean): string => (isLive ? 'subscription' : 'query');

/** `query { FIELD(input: ...) SELECTION }`: one text, nothing beside it. */
export function asText({ field, input, selection }: Question, isLive = false): string {
  const body = indented(selection, '    ');
  return `${word(isLive)} {\n  ${field}(input: ${literal(input, '  ')}) {\n    ${body}\n  }\n}\n`;
}

/** The operation that takes its input as the variable `$input`. */
export function asOperation({ field, inputType, selection }: Question, isLive = false): string {
  const name = field.charAt(0).toUpperCase() + field.slice(1);
  const body = indented(selection, '    ');
  return `${word(isLive)} ${name}($input: ${inputType}!) {\n  ${field}(input: $input) {\n    ${body}\n  }\n}\n`;
}

/** The variables of the operation as JSON. */
export const asVariables = ({ input }: Question): string => `${written({ input }, JSON_TEXT, '', '')}\n`;

/** Within single quotes a shell takes everything as it is, but for the quote itself. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** A call of curl for any POSIX shell; live, the answers as server-sent events. The key stays in the environment. */
export function asCurl(
  question: Question,
  server: { origin: string; hasKey: boolean },
  isLive = false,
): string {
  const body = JSON.stringify({
    query: asOperation(question, isLive).replaceAll(/\s+/g, ' ').trim(),
    variables: { input: question.input },
  });
  return [
    `curl ${isLive ? '-sSN' : '-sS'} ${server.origin}/graphql${isLive ? '/stream' : ''}`,
    ...(isLive ? [`-H 'accept: text/event-stream'`] : []),
    `-H 'content-type: application/json'`,
    ...(server.hasKey ? ['-H "authorization: Bearer $WAYMARK_KEY"'] : []),
    `-d ${quoted(body)}`,
  ].join(' \\\n  ');
}
