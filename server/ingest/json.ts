/**
 * JSON values from outside as they may be stored: keys in order, limits kept, nothing polluted, numbers that
 * JavaScript would round kept as text. Knows nothing of events.
 */

export type CleanJson = string | number | boolean | null | readonly CleanJson[] | CleanObject;
/** Without a prototype, so that `__proto__` is a name like any other. */
export interface CleanObject {
  [key: string]: CleanJson;
}

export interface JsonLimits {
  readonly maxDepth: number;
  readonly maxValues: number;
  /** Longest text, in characters. */
  readonly maxText: number;
}

export type Cleaned =
  { readonly ok: true; readonly value: CleanJson } | { readonly ok: false; readonly reason: string };

const LONE_SURROGATE = /\p{Surrogate}/gu;

/** Text as UTF-8 can carry it: a lone surrogate becomes U+FFFD. All else stays as it was sent. */
export function cleanText(text: string): string {
  return text.replace(LONE_SURROGATE, '\ufffd');
}

export function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

class Excess extends Error {}

/** A copy with sorted keys and without nulls in objects; or why it is refused. Never throws. */
export function cleanJson(value: unknown, limits: JsonLimits): Cleaned {
  let values = 0;
  const visit = (node: unknown, depth: number): CleanJson => {
    values += 1;
    if (values > limits.maxValues) throw new Excess(`have more than ${limits.maxValues} values.`);
    if (depth > limits.maxDepth) throw new Excess(`are nested deeper than ${limits.maxDepth} levels.`);
    if (Array.isArray(node)) return node.map((item) => visit(item, depth + 1));
    if (isPlainObject(node)) return visitObject(node, depth);
    return cleanScalar(node, limits);
  };
  const visitObject = (node: Record<string, unknown>, depth: number): CleanObject => {
    const copy = Object.create(null) as CleanObject;
    for (const key of Object.keys(node).sort()) {
      const item = node[key];
      if (item === undefined || item === null) continue;
      if (key.length > limits.maxText) throw new Excess('have a name that is too long.');
      copy[cleanText(key)] = visit(item, depth + 1);
    }
    return copy;
  };
  try {
    return { ok: true, value: visit(value, 0) };
  } catch (error) {
    if (error instanceof Excess) return { ok: false, reason: error.message };
    throw error;
  }
}

function cleanScalar(value: unknown, limits: JsonLimits): CleanJson {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number' || typeof value === 'bigint') return cleanNumber(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (typeof value !== 'string') return null;
  if (value.length > limits.maxText) throw new Excess('have a text that is too long.');
  return cleanText(value);
}

/** The engine would wrap or round whole numbers beyond 2^53: they are kept as text. */
function cleanNumber(value: number | bigint): CleanJson {
  if (typeof value === 'bigint') return String(value);
  if (!Number.isFinite(value)) throw new Excess('have a number that is not finite.');
  if (!Number.isInteger(value) || Number.isSafeInteger(value)) return value;
  return Math.abs(value) < 1e21 ? String(BigInt(value)) : String(value);
}
