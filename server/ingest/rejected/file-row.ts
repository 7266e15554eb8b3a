/**
 * A row of a file or of the landing table as the event it would have been: columns by their common names, all
 * others are properties. What is unlike an import: one row is read without its neighbours.
 */
import type { EventRequest } from '../event.ts';
import { FIELDS, fieldNamed } from '../import/fields.query.ts';
import type { Field } from '../import/fields.query.ts';
import { isPlainObject } from '../json.ts';

type Row = Readonly<Record<string, unknown>>;

/** Ids that are mere numbers are those of one file, and begin at 1 in the next. */
const MERE_NUMBER = /^\d{1,12}$/;

/** `ownId` is the id of an event that has none, or only one of its file. */
export function eventOfRow(row: Row, ownId: string): EventRequest {
  const columns = columnsOf(row);
  const field = (name: Field): unknown => {
    const column = columns.get(name);
    const value = column === undefined ? undefined : row[column];
    return typeof value === 'string' && value.trim() === '' ? undefined : value;
  };
  const id = textOf(field('id'));
  return {
    id: id === undefined ? ownId : MERE_NUMBER.test(id) ? `${id}-${ownId}` : id,
    customerId: textOf(field('customerId')),
    anonymousId: textOf(field('anonymousId')),
    event: textOf(field('event')),
    time: timeOf(field('time')),
    channel: textOf(field('channel')),
    orderId: textOf(field('orderId')),
    sessionId: textOf(field('sessionId')),
    revenue: numberOf(field('revenue')),
    properties: propertiesOf(row, new Set(columns.values())),
  };
}

/** The surest name for each field. */
function columnsOf(row: Row): ReadonlyMap<Field, string> {
  const found = Object.keys(row).flatMap((column) => {
    const named = fieldNamed(column, {});
    return named ? [{ ...named, column }] : [];
  });
  const surest = (field: Field) =>
    found.filter((one) => one.field === field).sort((a, b) => a.rank - b.rank)[0];
  return new Map(
    FIELDS.flatMap((field) => {
      const best = surest(field);
      return best ? [[field, best.column] as const] : [];
    }),
  );
}

function propertiesOf(row: Row, taken: ReadonlySet<string>): unknown {
  const own = row['properties'];
  if (own !== undefined) return typeof own === 'string' ? parsed(own) : own;
  return Object.fromEntries(Object.entries(row).filter(([column]) => !taken.has(column)));
}

function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return isPlainObject(value) ? value : text;
  } catch {
    return text;
  }
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

function numberOf(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const number = Number(value.trim());
  return Number.isFinite(number) ? number : value;
}

const EPOCH = /^\d{9,19}(\.\d{1,9})?$/;

/** As files write it: `2026-01-31 23:59:59 UTC`, or since 1970 in seconds up to nanoseconds. */
function timeOf(value: unknown): unknown {
  if (typeof value !== 'string' && typeof value !== 'number') return value;
  const text = String(value).trim();
  if (EPOCH.test(text)) return new Date(epochMs(Number(text)));
  return text
    .replace(',', '.')
    .replace(/ ?(UTC|GMT|Z)$/i, 'Z')
    .replace(/ ([+-]\d{2})/, '$1')
    .replace(/(:\d{2}[+-]\d{2})$/, '$100');
}

function epochMs(epoch: number): number {
  if (epoch < 1e11) return epoch * 1e3;
  if (epoch < 1e14) return epoch;
  return epoch < 1e17 ? epoch / 1e3 : epoch / 1e6;
}
