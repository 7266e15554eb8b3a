/** Answers an attribution question: normalise, validate, ask which values there are, compile, run, read. */
import type { QueryAnswer } from '../../engine/port.ts';
import { spanInWords } from '../../query/duration.ts';
import { rangeInWords, selectionInWords } from '../../query/in-words.ts';
import { assertValid } from '../../query/problem.ts';
import { answerMeta } from '../scope.ts';
import type { CustomerPage, InsightScope, Meta, PeoplePage } from '../scope.ts';
import { MAX_VALUES, NONE, normaliseAttribution, NOT_SET, OTHER } from './attribution.query.ts';
import type { AttributionModel, AttributionQuery, AttributionRequest } from './attribution.query.ts';
import { attributionAnswer } from './attribution.result.ts';
import type { AttributionAnswer } from './attribution.result.ts';
import { compileCredits, compileValueMembers } from './attribution.sql.ts';
import type { PathModel } from './attribution.sql.ts';
import { attributionRules } from './attribution.validate.ts';
import { removalEffects } from './markov.result.ts';
import { compileMoves, endsOf } from './markov.sql.ts';
import { compileValues } from './paths.sql.ts';
import type { ValueRow } from './paths.sql.ts';

export interface AttributionRun extends AttributionAnswer {
  readonly query: AttributionQuery;
  /** Values that stand apart. */
  readonly kept: readonly string[];
  readonly meta: Meta;
}

/** Reads a request with the scope's words and clock; throws InputError with every problem found. */
export function readAttribution(
  request: AttributionRequest,
  { compile, journeyMap }: InsightScope,
): AttributionQuery {
  const stages = journeyMap.lifecycle.map(({ key }) => key);
  const query = normaliseAttribution(request, compile, stages);
  assertValid(query, attributionRules);
  return query;
}

export async function runAttribution(
  request: AttributionRequest,
  scope: InsightScope,
): Promise<AttributionRun> {
  const { compile, engine, signal } = scope;
  const query = readAttribution(request, scope);
  const values = await engine.query(compileValues(query, compile), { signal });
  const kept = keptValues(values.rows);
  const pathModels = query.models.filter((model): model is PathModel => model !== 'MARKOV');
  const [credits, moves] = await Promise.all([
    engine.query(compileCredits(query, pathModels, kept, compile), { signal }),
    query.models.includes('MARKOV')
      ? engine.query(compileMoves(query, kept, compile), { signal })
      : Promise.resolve(null),
  ]);
  const effects = moves && removalEffects(moves.rows, kept.length + 1, endsOf(kept));
  return {
    ...attributionAnswer({ models: query.models, pathModels, kept, rows: credits.rows, effects }),
    query,
    kept,
    meta: answerMeta(together([values, credits, ...(moves ? [moves] : [])]), inWords(query), scope),
  };
}

/** Who converted with such a touchpoint. */
export function valueMembers(
  { query, kept, place }: Pick<AttributionRun, 'query' | 'kept'> & { readonly place: number },
  page: PeoplePage,
  scope: InsightScope,
): Promise<CustomerPage> {
  const keys = compileValueMembers(query, kept, place, scope.compile);
  return scope.people.connection(keys, page, scope);
}

/** In the order in which touchpoints of one instant are taken; always with those that are no value. */
function keptValues(rows: readonly ValueRow[]): readonly string[] {
  const apart = [NONE, NOT_SET, OTHER];
  const largest = rows.map(({ value }) => value).filter((value) => !apart.includes(value));
  return [NONE, NOT_SET, ...largest.slice(0, MAX_VALUES)].sort();
}

/** Several statements behind one answer. */
function together(answers: readonly QueryAnswer<unknown>[]): QueryAnswer<unknown> {
  const total = (of: keyof QueryAnswer<unknown>['stats']): number =>
    answers.reduce((sum, { stats }) => sum + stats[of], 0);
  return {
    rows: [],
    stats: { rowsRead: total('rowsRead'), bytesRead: total('bytesRead'), elapsedMs: total('elapsedMs') },
    text: answers.map(({ text }) => text).join(';\n'),
    isCached: answers.every(({ isCached }) => isCached ?? false),
  };
}

const MODEL_WORDS: Record<AttributionModel, string> = {
  FIRST_TOUCH: 'all to the first',
  LAST_TOUCH: 'all to the last',
  LINEAR: 'equal parts to each',
  POSITION_BASED: '40 % to the first, 40 % to the last, 20 % to those between',
  TIME_DECAY: 'by age with a half-life of 7 days',
  MARKOV: 'by removal effect in a first-order Markov chain',
};

function inWords(query: AttributionQuery): string {
  const { conversion, touchpoints, by, models, lookback } = query;
  return (
    `Credit for each event that matches ${conversion.label}, ${rangeInWords(query.range)}, and for its revenue, ` +
    `to the touchpoints (${touchpoints.label}) of the customer in the ${spanInWords(lookback)} before it, by ${by}: ` +
    `${models.map((model) => MODEL_WORDS[model]).join('; ')}${selectionInWords(query.where, query.audience)}; ` +
    `without touchpoints to ${NONE}.`
  );
}
