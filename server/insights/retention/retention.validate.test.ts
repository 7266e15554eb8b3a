import { expect, it } from 'vitest';
import { InputError, problemsOf } from '../../query/problem.ts';
import { normaliseRetention } from './retention.query.ts';
import type { RetentionRequest } from './retention.query.ts';
import { retentionRules } from './retention.validate.ts';

const vocabulary = { stages: new Map([['buy', ['purchase']]]), orderEvents: [], returnEvents: [] };
const range = { from: new Date('2026-01-01T00:00:00Z'), to: new Date('2026-03-01T00:00:00Z') };

function problems(changes: Partial<RetentionRequest>): readonly string[] {
  try {
    const scope = { nowMs: Date.parse('2026-06-01T00:00:00Z'), vocabulary };
    const query = normaliseRetention({ start: {}, range, ...changes }, scope, ['new', 'lost']);
    return problemsOf(query, retentionRules).map(({ field, code }) => `${field} ${code}`);
  } catch (error) {
    if (error instanceof InputError) return error.problems.map(({ field, code }) => `${field} ${code}`);
    throw error;
  }
}

it('takes every default', () => {
  expect(problems({})).toEqual([]);
});

it.each<[string, Partial<RetentionRequest>, string]>([
  ['a negative number of periods', { periods: -1 }, 'periods BAD_PERIODS'],
  ['too many periods', { periods: 1001 }, 'periods BAD_PERIODS'],
  ['an empty bracket', { brackets: [2, 0] }, 'brackets BAD_BRACKETS'],
  ['brackets that reach too far', { brackets: [900, 900] }, 'brackets BAD_BRACKETS'],
  ['no occurrence', { minimumOccurrences: 0 }, 'minimumOccurrences BAD_MINIMUM_OCCURRENCES'],
  [
    'months counted from each start',
    { alignment: 'ROLLING', interval: 'MONTH' },
    'alignment NO_ROLLING_INTERVAL',
  ],
  ['too many cells', { interval: 'HOUR', periods: 200 }, 'interval TOO_MANY_CELLS'],
  ['an unknown journey stage', { start: { stage: 'nowhere' } }, 'start.stage UNKNOWN_STAGE'],
  [
    'an unknown lifecycle stage',
    { audience: { lifecycleStages: ['nowhere'] } },
    'audience.lifecycleStages UNKNOWN_STAGE',
  ],
  ['a breakdown by nothing', { breakdown: { properties: [] } }, 'breakdown.properties BAD_BREAKDOWN'],
  ['a breakdown of none', { breakdown: { properties: ['a'], limit: 0 } }, 'breakdown.limit BAD_BREAKDOWN'],
])('refuses %s', (_, changes, problem) => {
  expect(problems(changes)).toEqual([problem]);
});
