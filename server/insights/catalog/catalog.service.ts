/** The catalogue: what events, properties, values and channels there are, for those who build a query. */
import type { PropertyScope } from '../../query/filter.ts';
import { MAX_PAGE } from '../../query/page.ts';
import { inputError } from '../../query/problem.ts';
import type { InsightScope } from '../scope.ts';
import {
  compileBuiltIns,
  compileChannels,
  compileCustomerTotal,
  compileEventTotals,
  compileProperties,
  compileValues,
} from './catalog.sql.ts';
import type { ValuesQuery } from './catalog.sql.ts';

export interface EventTotals {
  readonly events: readonly {
    readonly name: string;
    readonly stage: string | null;
    readonly count: number;
    readonly lastSeen: Date;
  }[];
  readonly firstEventAt: Date | null;
  readonly lastEventAt: Date | null;
  readonly totalEvents: number;
}

/** Counts and times of all events; one statement. */
export async function eventTotals(scope: InsightScope): Promise<EventTotals> {
  const { rows } = await scope.engine.query(compileEventTotals(), { signal: scope.signal });
  const stages = scope.journeyMap.stages;
  return {
    events: rows.map(({ name, total, last_ms }) => ({
      name,
      stage: stages.find((stage) => stage.events.includes(name))?.key ?? null,
      count: Number(total),
      lastSeen: new Date(last_ms),
    })),
    firstEventAt: rows.length === 0 ? null : new Date(Math.min(...rows.map((row) => row.first_ms))),
    lastEventAt: rows.length === 0 ? null : new Date(Math.max(...rows.map((row) => row.last_ms))),
    totalEvents: rows.reduce((sum, row) => sum + Number(row.total), 0),
  };
}

export async function customerTotal(scope: InsightScope): Promise<number> {
  const { rows } = await scope.engine.query(compileCustomerTotal(scope.compile), { signal: scope.signal });
  return Number(rows[0]?.total ?? 0);
}

export async function channels(scope: InsightScope): Promise<readonly string[]> {
  const { rows } = await scope.engine.query(compileChannels(), { signal: scope.signal });
  return rows.map(({ name }) => name);
}

export interface Property {
  readonly name: string;
  /** `text`, `number`, `boolean`, `time`, `list` or `mixed`. */
  readonly type: string;
  readonly count: number;
}

const BUILT_INS = [
  ['channel', 'channel', 'text'],
  ['revenue', 'revenue', 'number'],
  ['orderId', 'order_id', 'text'],
  ['sessionId', 'session_id', 'text'],
] as const;

/** For events the built-ins first, as far as any event carries them. */
export async function properties(
  of: PropertyScope,
  event: string | null,
  scope: InsightScope,
): Promise<readonly Property[]> {
  const options = { signal: scope.signal };
  const [own, builtIn] = await Promise.all([
    scope.engine.query(compileProperties(of, event, scope.compile), options),
    of === 'EVENT' ? scope.engine.query(compileBuiltIns(event, scope.compile), options) : null,
  ]);
  const counts = builtIn?.rows[0];
  const first = BUILT_INS.map(([name, column, type]) => ({
    name,
    type,
    count: Number(counts?.[column] ?? 0),
  }));
  const rest = own.rows.map((row) => ({ name: row.name, type: typeOf(row.types), count: Number(row.total) }));
  return [...first.filter(({ count }) => count > 0), ...rest];
}

const TYPES: readonly (readonly [RegExp, string])[] = [
  [/^(U?Int|Float|Decimal)\d+/, 'number'],
  [/^Bool/, 'boolean'],
  [/^Date/, 'time'],
  [/^String/, 'text'],
  [/^Array/, 'list'],
];

function typeOf(types: readonly string[]): string {
  const kinds = new Set(types.map((type) => TYPES.find(([pattern]) => pattern.test(type))?.[1] ?? 'text'));
  const [only = 'text'] = kinds;
  return kinds.size > 1 ? 'mixed' : only;
}

export async function values(query: ValuesQuery, scope: InsightScope): Promise<readonly string[]> {
  if (!Number.isInteger(query.first) || query.first < 0 || query.first > MAX_PAGE) {
    throw inputError('first', 'BAD_PAGE', `\`first\` is 0 to ${MAX_PAGE}, not ${query.first}.`);
  }
  const { rows } = await scope.engine.query(compileValues(query, scope.compile), { signal: scope.signal });
  return rows.map(({ value }) => value);
}
