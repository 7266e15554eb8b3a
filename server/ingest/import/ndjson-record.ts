/**
 * One line of NDJSON, whatever it holds: known names become the event's fields, the rest its properties, or it is
 * said what is wrong. The rule that the fast way (ndjson-line.ts) keeps to.
 */
import { MAX_DEPTH, MAX_EVENT_BYTES, MAX_VALUES } from '../event.ts';
import { cleanJson, isPlainObject } from '../json.ts';
import { fieldNamed } from './fields.query.ts';
import type { Field } from './fields.query.ts';

/** An id made of the content must not go by the order of names. */
const SORTED = { isSorted: true };
const LIMITS = { maxDepth: MAX_DEPTH, maxValues: MAX_VALUES, maxText: MAX_EVENT_BYTES };

export type ReadRecord =
  { readonly fields: ReadonlyMap<Field, string>; readonly properties: string } | { readonly problem: string };

/** Texts; numbers with a fraction or an exponent; whole numbers that JavaScript would round. */
const TEXT_OR_LONG_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+(?:[eE][+-]?\d+)?|[eE][+-]?\d+)|-?\d{16,}/g;

/** What a JSON text says, its long whole numbers as texts; undefined where it is none. */
export function parseExact(json: string): unknown {
  const exact = /\d{16}/.test(json)
    ? json.replace(TEXT_OR_LONG_NUMBER, (found) => (/^-?\d+$/.test(found) ? `"${found}"` : found))
    : json;
  try {
    return JSON.parse(exact) as unknown;
  } catch {
    return undefined;
  }
}

/** A value among the properties as it is stored; null: it cannot be, or is nothing. */
export function cleanValue(json: string): string | null {
  const value = parseExact(json);
  if (value === undefined || value === null) return null;
  const cleaned = cleanJson(value, { ...LIMITS, maxDepth: MAX_DEPTH - 1 }, SORTED);
  return cleaned.ok ? JSON.stringify(cleaned.value) : null;
}

export interface NamedField {
  readonly field: Field;
  /** The lowest is the surest. */
  readonly rank: number;
}

/** Finds the fields of records by name, the surest name first. */
export class NamedFields {
  private readonly known = new Map<string, NamedField | null>();
  private readonly map: Readonly<Record<string, string>>;

  constructor(map: Readonly<Record<string, string>>) {
    this.map = map;
  }

  readLine(line: string): ReadRecord {
    const record = parseExact(line);
    return isPlainObject(record) ? this.read(record) : { problem: 'The line is not a JSON object.' };
  }

  private read(record: Record<string, unknown>): ReadRecord {
    const taken = new Map<Field, { readonly key: string; readonly rank: number }>();
    for (const key of Object.keys(record)) {
      const named = this.named(key);
      if (!named || record[key] === null || record[key] === '') continue;
      const before = taken.get(named.field);
      if (!before || named.rank < before.rank) taken.set(named.field, { key, rank: named.rank });
    }
    const fields = new Map<Field, string>();
    const rest = Object.assign(Object.create(null) as Record<string, unknown>, record);
    for (const [field, { key }] of taken) {
      const text = scalarText(record[key]);
      if (text === null) return { problem: `${field} is not text.` };
      fields.set(field, text);
      delete rest[key];
    }
    return withProperties(fields, rest);
  }

  named(key: string): NamedField | null {
    let found = this.known.get(key);
    if (found === undefined) {
      found = fieldNamed(key, this.map);
      if (this.known.size < 10_000) this.known.set(key, found);
    }
    return found;
  }
}

function withProperties(fields: ReadonlyMap<Field, string>, rest: Record<string, unknown>): ReadRecord {
  const { properties, ...others } = rest;
  const all = isPlainObject(properties) ? { ...others, ...properties } : rest;
  const cleaned = cleanJson(all, LIMITS, SORTED);
  if (!cleaned.ok) return { problem: `properties ${cleaned.reason}` };
  return { fields, properties: JSON.stringify(cleaned.value) };
}

function scalarText(value: unknown): string | null {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : null;
}
