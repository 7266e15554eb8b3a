/**
 * What of a report's answer becomes a table: lists within lists, a row for each entry of the innermost, columns under
 * the API's own names. Says what to ask, and reads rows off the answer. Pure.
 */
import type { ReportKind } from '../library/reports.validate.ts';
import { KINDS } from './report-kinds.ts';
import type { AnsweredKind, ColumnText, Level } from './report-kinds.ts';
import type { Cell, Column, ColumnKind, Row } from './table.ts';

/** Of a list of customers, which is read in another way. */
export const CUSTOMER_COLUMNS = columnsOf(
  'id:text lifecycleStage:text orders:whole revenue:number firstSeen:time lastSeen:time traits:json',
);
const CUSTOMERS = ['customers'];

/** Names of a kind's tables, the one that is given first. */
export function partsOf(kind: ReportKind): readonly string[] {
  return kind === 'CUSTOMERS' ? CUSTOMERS : Object.keys(KINDS[kind].parts);
}

/** A question whose answer holds a table, and how that is read off it. */
export interface PartPlan {
  /** A GraphQL document with the variable `$input`. */
  readonly document: string;
  readonly columns: readonly Column[];
  readonly rowsOf: (data: Values) => readonly Row[];
  readonly asOf: (data: Values) => string;
}

type Values = Readonly<Record<string, unknown>>;

/** `input` is a question of the kind; the part is one of its own. */
export function planOf(kind: AnsweredKind, part: string, input: Values): PartPlan {
  const { field, input: type, parts } = KINDS[kind];
  const found = parts[part];
  if (!found) throw new TypeError(`${kind} has no part ${part}`);
  const groups = found.isBroken ? propertiesOf(input) : null;
  const levels = [...(groups ? [groupLevel(groups)] : []), ...found.levels.map(readLevel)];
  const inner = levels.reduceRight((below, level) => level.asked(below), '');
  return {
    document: `query ($input: ${type}!) { ${field}(input: $input) { ${inner} meta { asOf } } }`,
    columns: levels.flatMap(({ columns }) => columns),
    rowsOf: (data) => rowsBeneath(data[field] as Values, levels),
    asOf: (data) => String(valueAt(data[field] as Values, ['meta', 'asOf'])),
  };
}

/** What the question is broken down by; null: by nothing. */
function propertiesOf({ breakdown }: Values): readonly string[] | null {
  if (typeof breakdown !== 'object' || breakdown === null) return null;
  return [(breakdown as Values)['properties']].flat().map(String);
}

interface ReadLevel {
  readonly columns: readonly Column[];
  /** What is asked of it, with what is asked beneath. */
  readonly asked: (below: string) => string;
  /** Its entries, each with its cells. */
  readonly entriesOf: (above: Values) => readonly { readonly entry: Values; readonly cells: Row }[];
}

function readLevel({ at, columns: text }: Level): ReadLevel {
  const paths = pathsOf(text);
  const columns = columnsOf(text);
  const asked = paths.map((path) => path.join(' { ') + ' }'.repeat(path.length - 1)).join(' ');
  const cellsOf = (entry: Values): Row => paths.map((path) => cellOf(valueAt(entry, path)));
  if (typeof at === 'string')
    return {
      columns,
      asked: (below) => `${at} { ${asked} ${below} }`,
      entriesOf: (above) => listOf(above[at]).map((entry) => ({ entry, cells: cellsOf(entry) })),
    };
  return {
    columns: [{ name: at.as, kind: 'text' }, ...columns],
    asked: (below) => at.fields.map((name) => `${name} { ${asked} ${below} }`).join(' '),
    entriesOf: (above) =>
      at.fields.map((name) => {
        const entry = above[name] as Values;
        return { entry, cells: [name, ...cellsOf(entry)] };
      }),
  };
}

/** A group an entry, with a column for each property. */
function groupLevel(properties: readonly string[]): ReadLevel {
  const ofGroups = properties.map((name): Column => ({ name: `breakdown_${name}`, kind: 'text' }));
  return {
    columns: [...ofGroups, { name: 'isOther', kind: 'boolean' }],
    asked: (below) => `breakdown { values isOther ${below} }`,
    entriesOf: ({ breakdown }) =>
      listOf(breakdown).map((entry) => {
        const values = entry['values'] as readonly string[];
        return { entry, cells: [...properties.map((_, i) => values[i] ?? null), entry['isOther'] === true] };
      }),
  };
}

function rowsBeneath(above: Values, [level, ...below]: readonly ReadLevel[]): readonly Row[] {
  if (!level) return [[]];
  return level
    .entriesOf(above)
    .flatMap(({ entry, cells }) => rowsBeneath(entry, below).map((row) => [...cells, ...row]));
}

function columnsOf(text: ColumnText): readonly Column[] {
  return words(text).map((word) => {
    const [named = '', kind] = word.split(':');
    return { name: named.split('=')[0] ?? '', kind: kind as ColumnKind };
  });
}

function pathsOf(text: ColumnText): readonly (readonly string[])[] {
  return words(text).map((word) => (word.split(':')[0]?.split('=').at(-1) ?? '').split('.'));
}

function words(text: ColumnText): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}

function listOf(value: unknown): readonly Values[] {
  return value as readonly Values[];
}

function valueAt(entry: Values, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, name) => (value as Values)[name], entry);
}

function cellOf(value: unknown): Cell {
  if (value instanceof Date) return value.toISOString();
  return value ?? null;
}
