/**
 * The product's statements, caught on their way to the engine, and sent to it again bare: straight to ClickHouse's
 * HTTP interface, with the same settings, and its word on the memory they took.
 */
import type { Connection } from '../../server/engine/client.ts';
import { statementSettings } from '../../server/engine/settings.ts';
import { askedThrough } from '../../server/engine/asked-through.ts';
import type { CallOptions, Engine } from '../../server/engine/port.ts';
import { render } from '../../server/query/sql.ts';
import type { ParamValue } from '../../server/query/sql.ts';
import type { SqlQuery } from '../../server/query/statement.ts';

export interface Statement {
  readonly query: SqlQuery<unknown>;
  readonly options: CallOptions;
}

/** An engine that notes what it is asked. */
export interface Recorder {
  readonly engine: Engine;
  /** What was asked since the last call of this. */
  taken(): readonly Statement[];
}

export function record(engine: Engine): Recorder {
  let statements: Statement[] = [];
  const query: Engine['query'] = (query, options = {}) => {
    statements.push({ query, options });
    return engine.query(query, options);
  };
  return {
    engine: askedThrough(engine, query),
    taken() {
      const taken = statements;
      statements = [];
      return taken;
    },
  };
}

export interface BareAnswer {
  readonly text: string;
  /** The most the statement held at once, in bytes. */
  readonly peakBytes: number;
}

/** Runs a statement as ClickHouse's own HTTP clients would: text in, JSON out. */
export async function bare(
  { url, user, password, database }: Connection,
  { query, options }: Statement,
): Promise<BareAnswer> {
  const { text, params } = render(query.sql);
  const search = new URLSearchParams({ database, wait_end_of_query: '1' });
  for (const [name, value] of Object.entries(statementSettings(query.name, options)))
    search.set(name, String(value));
  for (const [name, value] of Object.entries(params)) search.set(`param_${name}`, parameter(value));
  const response = await fetch(`${url}/?${search.toString()}`, {
    method: 'POST',
    body: `${text}\nFORMAT JSON`,
    headers: { 'x-clickhouse-user': user, 'x-clickhouse-key': password },
  });
  const answer = await response.text();
  if (!response.ok) throw new Error(answer);
  const summary = JSON.parse(response.headers.get('x-clickhouse-summary') ?? '{}') as {
    memory_usage?: string;
  };
  return { text: answer, peakBytes: Number(summary.memory_usage ?? 0) };
}

/** As ClickHouse reads parameters: escaped once, and quoted inside lists. */
function parameter(value: ParamValue): string {
  if (!Array.isArray(value)) return typeof value === 'string' ? escaped(value) : String(Number(value));
  const items = (value as readonly (string | number | bigint)[]).map((item) =>
    typeof item === 'string' ? `'${escaped(item).replaceAll("'", "\\'")}'` : String(item),
  );
  return `[${items.join(',')}]`;
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\t', '\\t').replaceAll('\n', '\\n');
}
