/** Runs correlations: which properties there are, then how each value goes with converting. */
import type { PropertyScope } from '../../query/filter.ts';
import { inputError } from '../../query/problem.ts';
import type { InsightScope } from '../scope.ts';
import { correlationsResult } from './correlations.result.ts';
import type { CorrelationResult } from './correlations.result.ts';
import {
  compileCandidates,
  compileCorrelations,
  compileDifferent,
  MOST_PROPERTIES,
  MOST_VALUES,
} from './correlations.sql.ts';
import type { FunnelQuery } from './funnel.query.ts';

const MAX_LIMIT = 100;

export interface CorrelationsRequest {
  readonly of?: PropertyScope | null;
  readonly limit?: number | null;
}

/** Known of every event, whatever its properties. */
const BUILT_INS: readonly string[] = ['channel', 'event'];

export async function runCorrelations(
  query: FunnelQuery,
  request: CorrelationsRequest,
  scope: InsightScope,
): Promise<readonly CorrelationResult[]> {
  const of = request.of ?? 'EVENT';
  const limit = request.limit ?? 10;
  if (limit < 1 || limit > MAX_LIMIT) {
    throw inputError('limit', 'BAD_LIMIT', `\`limit\` is 1 to ${MAX_LIMIT}, not ${limit}.`);
  }
  const options = { signal: scope.signal };
  const found = await candidates(query, of, scope);
  const own = of === 'EVENT' ? found.filter((property) => !BUILT_INS.includes(property)) : found;
  const properties = of === 'EVENT' ? [...BUILT_INS, ...own] : own;
  if (properties.length === 0) return [];
  const statement = compileCorrelations(query, of, properties, scope.compile);
  const { rows } = await scope.engine.query(statement, options);
  return correlationsResult(properties, rows, limit);
}

/** Properties looked at together. */
const AT_ONCE = 60;

/** The properties that most carry, without those that tell things apart. */
async function candidates(
  query: FunnelQuery,
  of: PropertyScope,
  { engine, compile, signal }: InsightScope,
): Promise<readonly string[]> {
  const { rows } = await engine.query(compileCandidates(query, of, compile), { signal });
  const names = rows.map(({ property }) => property);
  const found: string[] = [];
  for (let at = 0; at < names.length && found.length < MOST_PROPERTIES; at += AT_ONCE) {
    const some = names.slice(at, at + AT_ONCE);
    const answer = await engine.query(compileDifferent(query, of, some, compile), { signal });
    const different = answer.rows[0]?.different ?? [];
    found.push(...some.filter((_, i) => Number(different[i]) <= MOST_VALUES));
  }
  return found.slice(0, MOST_PROPERTIES);
}
