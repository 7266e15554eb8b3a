/** Filters the slow way: one value at a time, over plain objects. Shares nothing with the statements. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

export interface FilteredEvent {
  readonly event: string;
  readonly channel: string;
  readonly revenue: number | null;
  readonly timeMs: number;
  readonly properties: Readonly<Record<string, Json>>;
  readonly traits: Readonly<Record<string, Json>>;
}

export interface FilterNode {
  readonly all?: readonly FilterNode[];
  readonly any?: readonly FilterNode[];
  readonly not?: FilterNode;
  readonly property?: string;
  readonly of?: 'EVENT' | 'CUSTOMER';
  readonly op?: string;
  readonly values?: readonly string[];
}

export function passes(event: FilteredEvent, node: FilterNode): boolean {
  if (node.all) return node.all.every((part) => passes(event, part));
  if (node.any) return node.any.some((part) => passes(event, part));
  if (node.not) return !passes(event, node.not);
  const text = valueOf(event, node);
  const { op = 'IS', values = [] } = node;
  if (op === 'IS_NOT_SET') return text === null;
  if (op === 'IS_NOT') return text === null || !holds(text, 'IS', values, node);
  if (op === 'NOT_CONTAINS') return text === null || !holds(text, 'CONTAINS', values, node);
  return text !== null && holds(text, op, values, node);
}

function holds(text: string, op: string, values: readonly string[], node: FilterNode): boolean {
  const [first = '', second = ''] = values;
  switch (op) {
    case 'IS_SET':
      return true;
    case 'IS':
      return values.some((value) => isSame(text, value, node));
    case 'CONTAINS':
      return values.some((value) => text.toLowerCase().includes(value.toLowerCase()));
    case 'STARTS_WITH':
      return values.some((value) => text.startsWith(value));
    case 'MATCHES':
      return values.some((value) => new RegExp(value, 'su').test(text));
    case 'GT':
      return isOrdered(text, first, (order) => order > 0, node);
    case 'GTE':
      return isOrdered(text, first, (order) => order >= 0, node);
    case 'LT':
      return isOrdered(text, first, (order) => order < 0, node);
    case 'LTE':
      return isOrdered(text, first, (order) => order <= 0, node);
    case 'BETWEEN':
      return (
        isOrdered(text, first, (order) => order >= 0, node) &&
        isOrdered(text, second, (order) => order <= 0, node)
      );
    default:
      throw new TypeError(op);
  }
}

/** `revenue` is a number and `time` a time by their columns. */
const kindOf = ({ property, of }: FilterNode): 'number' | 'time' | null =>
  of === 'CUSTOMER' ? null : property === 'revenue' ? 'number' : property === 'time' ? 'time' : null;

function isSame(text: string, value: string, node: FilterNode): boolean {
  const kind = kindOf(node);
  if (kind === null) return text === value;
  const read = kind === 'number' ? asNumber : asTime;
  return read(value) !== null && read(text) === read(value);
}

function isOrdered(text: string, bound: string, test: (order: number) => boolean, node: FilterNode): boolean {
  const kind = kindOf(node) ?? (asNumber(bound) !== null ? 'number' : asTime(bound) !== null ? 'time' : null);
  if (kind === null) return test(Buffer.compare(Buffer.from(text), Buffer.from(bound)));
  const read = kind === 'number' ? asNumber : asTime;
  const [left, right] = [read(text), read(bound)];
  return left !== null && right !== null && test(left - right);
}

function asNumber(text: string): number | null {
  return /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/.test(text) ? Number(text) : null;
}

function asTime(text: string): number | null {
  if (!/^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?$/.test(text)) return null;
  const day = new Date(`${text.slice(0, 10)}T00:00Z`);
  if (day.getUTCDate() !== Number(text.slice(8, 10))) return null;
  const iso = text.replace(' ', 'T');
  const whole = iso.length === 10 ? `${iso}T00:00Z` : /(Z|[+-]\d\d:\d\d)$/.test(iso) ? iso : `${iso}Z`;
  const ms = Date.parse(whole);
  return Number.isNaN(ms) ? null : ms;
}

function valueOf(event: FilteredEvent, { property = '', of }: FilterNode): string | null {
  if (of === 'CUSTOMER') return textOf(at(event.traits, property));
  switch (property) {
    case 'event':
      return event.event;
    case 'channel':
      return event.channel === '' ? null : event.channel;
    case 'revenue':
      return textOf(event.revenue);
    case 'time':
      return new Date(event.timeMs).toISOString();
    default:
      return textOf(at(event.properties, property));
  }
}

/** `a.b` is the key `a.b` or the key `b` of the object `a`. An object has no value of its own. */
function at(object: Readonly<Record<string, Json>>, path: string): Json {
  const own = object[path];
  if (own !== undefined && own !== null) return isObject(own) ? null : own;
  const dot = path.indexOf('.');
  const inner = dot < 0 ? null : (object[path.slice(0, dot)] ?? null);
  return isObject(inner) ? at(inner, path.slice(dot + 1)) : null;
}

const isObject = (value: Json): value is Readonly<Record<string, Json>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Lists read `['red','blue']` and `[1,2]`. */
function textOf(value: Json): string | null {
  if (value === null) return null;
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) {
    const items = (value as readonly Json[]).map((item) =>
      typeof item === 'string' ? `'${item}'` : textOf(item),
    );
    return `[${items.join(',')}]`;
  }
  return JSON.stringify(value).replace('e+', 'e');
}
