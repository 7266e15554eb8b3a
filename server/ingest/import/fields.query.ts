/**
 * Which column of a file is which field of an event: by common names, or as told. Pure; every other column
 * is a property.
 */
import { inputError } from '../../query/problem.ts';

export const FIELDS = [
  'id',
  'customerId',
  'anonymousId',
  'event',
  'time',
  'channel',
  'orderId',
  'revenue',
  'sessionId',
] as const;
export type Field = (typeof FIELDS)[number];

/** Column by field; the fields that the file has. */
export type FieldColumns = Readonly<Partial<Record<Field, number>>>;

/** Names as they are often given, the surest first; written without case, blanks and signs. */
const COMMON_NAMES: Readonly<Record<Field, readonly string[]>> = {
  id: ['eventid', 'messageid', 'insertid', 'eventuuid', 'uuid', 'id'],
  customerId: [
    ...['customerid', 'userid', 'customer', 'user', 'memberid', 'clientid', 'distinctid'],
    ...['householdid', 'householdkey'],
  ],
  anonymousId: ['anonymousid', 'deviceid', 'cookieid', 'visitorid'],
  event: ['event', 'eventtype', 'eventname', 'action'],
  time: [
    ...['time', 'eventtime', 'timestamp', 'eventtimestamp', 'occurredat', 'datetime', 'createdat'],
    ...['ts', 'date', 'eventdate', 'invoicedate'],
  ],
  channel: ['channel'],
  orderId: ['orderid', 'transactionid', 'invoiceno', 'invoiceid', 'basketid'],
  revenue: ['revenue', 'amount'],
  sessionId: ['sessionid', 'session', 'usersession', 'visitid'],
};

const bare = (name: string): string => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

/** Finds each field's column. Throws InputError where the file lacks what an event needs, or `map` is wrong. */
export function fieldColumns(
  columns: readonly string[],
  map: Readonly<Record<string, string>> = {},
): FieldColumns {
  const found: Partial<Record<Field, number>> = mappedColumns(columns, map);
  const taken = new Set(Object.values(found));
  for (const field of FIELDS) {
    if (found[field] !== undefined) continue;
    const column = columnNamed(columns, COMMON_NAMES[field], taken);
    if (column === undefined) continue;
    found[field] = column;
    taken.add(column);
  }
  if (found.customerId === undefined && found.anonymousId === undefined) throw missing('customerId', columns);
  if (found.event === undefined) throw missing('event', columns);
  if (found.time === undefined) throw missing('time', columns);
  return found;
}

/** Which field a name stands for, told or common; a lower rank is surer. Null: a property. */
export function fieldNamed(
  name: string,
  map: Readonly<Record<string, string>>,
): { readonly field: Field; readonly rank: number } | null {
  const told = Object.entries(map).find(([, column]) => column === name)?.[0];
  const field = told === undefined ? undefined : fieldCalled(told);
  if (field) return { field, rank: -1 };
  const isTold = (other: Field): boolean => Object.keys(map).some((key) => fieldCalled(key) === other);
  for (const other of FIELDS) {
    const rank = COMMON_NAMES[other].indexOf(bare(name));
    if (rank >= 0 && !isTold(other)) return { field: other, rank };
  }
  return null;
}

function fieldCalled(name: string): Field | undefined {
  return FIELDS.find((known) => bare(known) === bare(name)) ?? (bare(name) === 'eventid' ? 'id' : undefined);
}

function mappedColumns(columns: readonly string[], map: Readonly<Record<string, string>>) {
  const found: Partial<Record<Field, number>> = {};
  for (const [name, column] of Object.entries(map)) {
    const field = fieldCalled(name);
    if (!field)
      throw inputError(
        'map',
        'UNKNOWN_FIELD',
        `There is no field "${name}"; fields are ${FIELDS.join(', ')}.`,
      );
    const index = columns.indexOf(column);
    if (index < 0) {
      throw inputError(
        'map',
        'UNKNOWN_COLUMN',
        `There is no column "${column}"; columns are ${listed(columns)}.`,
      );
    }
    found[field] = index;
  }
  return found;
}

function columnNamed(
  columns: readonly string[],
  names: readonly string[],
  taken: ReadonlySet<number>,
): number | undefined {
  for (const name of names) {
    const index = columns.findIndex((column, i) => bare(column) === name && !taken.has(i));
    if (index >= 0) return index;
  }
  return undefined;
}

function missing(field: Field, columns: readonly string[]) {
  const what = field === 'customerId' ? 'the customer' : field === 'event' ? "the event's name" : 'the time';
  return inputError(
    'columns',
    'MISSING_COLUMN',
    `No column is known to hold ${what}; columns are ${listed(columns)}. Say which with --map ${field}=COLUMN.`,
  );
}

function listed(columns: readonly string[]): string {
  const shown = columns.slice(0, 30).join(', ');
  return columns.length > 30 ? `${shown}, ... (${columns.length})` : shown;
}
