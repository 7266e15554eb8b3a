/**
 * The only way SQL is written: a tagged template whose interpolations are other fragments or typed bound
 * parameters. A bare string is a type error and throws; there is no raw escape hatch. Parameters are
 * numbered in reading order when a fragment is rendered, so the same query is always the same text.
 */

/** ClickHouse types that parameters are bound as. */
export type ParamType =
  | 'String'
  | 'Array(String)'
  | 'Identifier'
  | 'Bool'
  | 'UInt8'
  | 'UInt32'
  | 'UInt64'
  | 'Array(UInt32)'
  | 'Array(UInt64)'
  | 'Int64'
  | 'Float64'
  | 'Array(Float64)'
  | "DateTime64(3, 'UTC')"
  | "Array(DateTime64(3, 'UTC'))";

export type ParamValue =
  string | number | boolean | readonly string[] | readonly number[] | readonly bigint[];

export class Param {
  constructor(
    readonly type: ParamType,
    readonly value: ParamValue,
  ) {}
}

/** A piece of a statement: literal texts with fragments and parameters between them. */
export class Sql {
  constructor(
    readonly texts: readonly string[],
    readonly parts: readonly (Sql | Param)[],
  ) {}
}

export interface RenderedSql {
  readonly text: string;
  /** By name, `p1` first in reading order. */
  readonly params: Readonly<Record<string, ParamValue>>;
}

export function sql(texts: TemplateStringsArray, ...parts: readonly (Sql | Param)[]): Sql {
  for (const part of parts) {
    if (!(part instanceof Sql) && !(part instanceof Param)) {
      throw new TypeError(`sql: only fragments and parameters may be interpolated, not ${typeof part}`);
    }
  }
  return new Sql(texts, parts);
}

export const empty = sql``;

/** Fragments with a fixed separator between them; nothing for an empty list. */
export function join(fragments: readonly Sql[], separator: Sql): Sql {
  return fragments.reduce((all, next, i) => (i === 0 ? next : sql`${all}${separator}${next}`), empty);
}

/** `(a) AND (b)`; true for an empty list. */
export function and(conditions: readonly Sql[]): Sql {
  return conditions.length === 0
    ? sql`1`
    : join(
        conditions.map((c) => sql`(${c})`),
        sql` AND `,
      );
}

/** `(a) OR (b)`; false for an empty list. */
export function or(conditions: readonly Sql[]): Sql {
  return conditions.length === 0
    ? sql`0`
    : join(
        conditions.map((c) => sql`(${c})`),
        sql` OR `,
      );
}

/** Whether a name may be bound as an identifier. */
export function isIdentifier(value: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]{0,99}$/.test(value);
}

/** Typed parameters. Times are milliseconds since 1970, bound as UTC text so that none are lost. */
export const param = {
  string: (value: string) => new Param('String', value),
  strings: (values: readonly string[]) => new Param('Array(String)', values),
  /** A name within a column, such as a path of a JSON: bound, and read alone. Only letters, digits and _. */
  identifier: (value: string) => {
    if (!isIdentifier(value)) throw new TypeError('sql: not an identifier');
    return new Param('Identifier', value);
  },
  bool: (value: boolean) => new Param('Bool', value),
  uint8: (value: number) => new Param('UInt8', value),
  uint32: (value: number) => new Param('UInt32', value),
  uint32s: (values: readonly number[]) => new Param('Array(UInt32)', values),
  /** A decimal string where the value may exceed 2^53. */
  uint64: (value: number | string) => new Param('UInt64', value),
  uint64s: (values: readonly string[]) => new Param('Array(UInt64)', values.map(BigInt)),
  int64: (value: number | string) => new Param('Int64', value),
  float: (value: number) => new Param('Float64', value),
  floats: (values: readonly number[]) => new Param('Array(Float64)', values),
  time: (ms: number) => new Param("DateTime64(3, 'UTC')", utcText(ms)),
  times: (ms: readonly number[]) => new Param("Array(DateTime64(3, 'UTC'))", ms.map(utcText)),
} as const;

/** `2026-01-31 23:59:59.999`, the one text form of an instant that statements carry. */
export function utcText(ms: number): string {
  return new Date(ms).toISOString().replace('T', ' ').replace('Z', '');
}

/** A whole number written into the text itself: for positions and sizes that ClickHouse needs constant. */
export function int(value: number): Sql {
  if (!Number.isSafeInteger(value)) throw new TypeError(`sql: not a whole number: ${value}`);
  return new Sql([String(value)], []);
}

/** A generated name such as `step_3`; only lower snake case, never anything a user wrote. */
export function name(prefix: string, index?: number): Sql {
  const text = index === undefined ? prefix : `${prefix}_${index}`;
  if (!/^[a-z][a-z0-9_]*$/.test(text)) throw new TypeError(`sql: not a generated name: ${text}`);
  return new Sql([text], []);
}

export function render(fragment: Sql): RenderedSql {
  const params: Record<string, ParamValue> = {};
  let text = '';
  let count = 0;
  const visit = (node: Sql): void => {
    node.texts.forEach((piece, i) => {
      text += piece;
      const part = node.parts[i];
      if (part instanceof Sql) visit(part);
      else if (part instanceof Param) {
        count += 1;
        params[`p${count}`] = part.value;
        text += `{p${count}:${part.type}}`;
      }
    });
  };
  visit(fragment);
  return { text, params };
}

/** The text of a fragment with its values: equal where two say the same. */
export function said(fragment: Sql): string {
  return JSON.stringify(render(fragment), (_, value: unknown) =>
    typeof value === 'bigint' ? `${value}n` : value,
  );
}

/** Whether two fragments say the same with the same values. */
export function isSame(a: Sql, b: Sql): boolean {
  return said(a) === said(b);
}
