/**
 * JSON values from outside as they may be stored: limits kept, nothing polluted, numbers that
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

export interface CleanOptions {
  /** Names of the outermost object that are left out. */
  readonly omit?: readonly string[];
  /** Names in order, so that equal values make equal JSON text; otherwise as sent. */
  readonly isSorted?: boolean;
}

export type Cleaned =
  | {
      readonly ok: true;
      readonly value: CleanJson;
      /** Its JSON text is no longer. */ readonly maxBytes: number;
    }
  | { readonly ok: false; readonly reason: string };

/** Of Node 20, which the library's types do not tell of yet. */
interface WellFormed {
  isWellFormed(): boolean;
  toWellFormed(): string;
}

/** Whether UTF-8 can carry the text as it is: without lone surrogates. */
export const isWellFormed = (text: string): boolean => (text as unknown as WellFormed).isWellFormed();

/** Text as UTF-8 can carry it: a lone surrogate becomes U+FFFD. All else stays as it was sent. */
export function cleanText(text: string): string {
  return isWellFormed(text) ? text : (text as unknown as WellFormed).toWellFormed();
}

export function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

class Excess extends Error {}

/** A copy without nulls in objects; or why it is refused. Never throws. */
export function cleanJson(value: unknown, limits: JsonLimits, options: CleanOptions = {}): Cleaned {
  const cleaner = new Cleaner(limits, options);
  try {
    const copy = cleaner.visit(value, 0);
    return { ok: true, value: copy, maxBytes: cleaner.maxBytes };
  } catch (error) {
    if (error instanceof Excess) return { ok: false, reason: error.message };
    throw error;
  }
}

/** Most bytes of one character of a text in JSON: `\u0000`. */
export const CHARACTER_BYTES = 6;
/** Most bytes of a number, and of what stands around a name or a value. */
const VALUE_BYTES = 32;

class Cleaner {
  maxBytes = 0;
  private values = 0;
  private readonly limits: JsonLimits;
  private readonly omit: readonly string[];
  private readonly isSorted: boolean;

  constructor(limits: JsonLimits, { omit = [], isSorted = false }: CleanOptions) {
    this.limits = limits;
    this.omit = omit;
    this.isSorted = isSorted;
  }

  visit(node: unknown, depth: number): CleanJson {
    const { maxValues, maxDepth } = this.limits;
    this.values += 1;
    this.maxBytes += VALUE_BYTES;
    if (this.values > maxValues) throw new Excess(`have more than ${maxValues} values.`);
    if (depth > maxDepth) throw new Excess(`are nested deeper than ${maxDepth} levels.`);
    if (typeof node !== 'object' || node === null || node instanceof Date) return this.visitScalar(node);
    if (Array.isArray(node)) return node.map((item) => this.visit(item, depth + 1));
    return this.visitObject(node as Record<string, unknown>, depth);
  }

  private visitObject(node: Record<string, unknown>, depth: number): CleanObject {
    const copy = Object.create(null) as CleanObject;
    const keys = Object.keys(node);
    if (this.isSorted) keys.sort();
    for (const key of keys) {
      const item = node[key];
      if (item === undefined || item === null) continue;
      if (depth === 0 && this.omit.includes(key)) continue;
      if (key.length > this.limits.maxText) throw new Excess('have a name that is too long.');
      this.maxBytes += key.length * CHARACTER_BYTES;
      copy[cleanText(key)] = this.visit(item, depth + 1);
    }
    return copy;
  }

  private visitScalar(value: unknown): CleanJson {
    if (typeof value === 'string') {
      if (value.length > this.limits.maxText) throw new Excess('have a text that is too long.');
      this.maxBytes += value.length * CHARACTER_BYTES;
      return cleanText(value);
    }
    if (typeof value === 'boolean') return value;
    if (typeof value === 'number' || typeof value === 'bigint') return cleanNumber(value);
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
    return null;
  }
}

/** The engine would wrap or round whole numbers beyond 2^53: they are kept as text. */
function cleanNumber(value: number | bigint): CleanJson {
  if (typeof value === 'bigint') return String(value);
  if (!Number.isFinite(value)) throw new Excess('have a number that is not finite.');
  if (!Number.isInteger(value) || Number.isSafeInteger(value)) return value;
  return Math.abs(value) < 1e21 ? String(BigInt(value)) : String(value);
}
