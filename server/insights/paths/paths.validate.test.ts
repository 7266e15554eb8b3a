import { expect, it } from 'vitest';
import { InputError, problemsOf } from '../../query/problem.ts';
import { normalisePaths } from './paths.query.ts';
import type { PathsRequest } from './paths.query.ts';
import { pathsRules } from './paths.validate.ts';

const vocabulary = { stages: new Map([['buy', ['purchase']]]), orderEvents: [], returnEvents: [] };
const range = { from: new Date('2026-01-01T00:00:00Z'), to: new Date('2026-03-01T00:00:00Z') };

function problems(changes: Partial<PathsRequest>): readonly string[] {
  try {
    const scope = { nowMs: Date.parse('2026-06-01T00:00:00Z'), vocabulary };
    const query = normalisePaths({ range, ...changes }, scope, ['new', 'lost']);
    return problemsOf(query, pathsRules(vocabulary)).map(({ field, code }) => `${field} ${code}`);
  } catch (error) {
    if (error instanceof InputError) return error.problems.map(({ field, code }) => `${field} ${code}`);
    throw error;
  }
}

it('takes every default', () => {
  expect(problems({})).toEqual([]);
});

it.each<[string, Partial<PathsRequest>]>([
  ['the longest paths', { maxSteps: 50 }],
  ['the most edges', { maxEdges: 1000 }],
  ['as many paths as at least', { minPaths: 3, maxPaths: 3 }],
  ['a property', { node: 'PROPERTY', property: 'color' }],
  ['a group of stages as the start', { node: 'STAGE', groups: ['b*'], startAt: 'b*', endAt: 'buy' }],
])('takes %s', (_, changes) => {
  expect(problems(changes)).toEqual([]);
});

const long = 'x'.repeat(1025);

it.each<[string, Partial<PathsRequest>, string]>([
  ['PROPERTY without a property', { node: 'PROPERTY' }, 'property NODE_PROPERTY'],
  ['PROPERTY of no name', { node: 'PROPERTY', property: '' }, 'property NODE_PROPERTY'],
  ['a property for other nodes', { node: 'EVENT', property: 'color' }, 'property NODE_PROPERTY'],
  ['no step', { maxSteps: 0 }, 'maxSteps BAD_MAX_STEPS'],
  ['51 steps', { maxSteps: 51 }, 'maxSteps BAD_MAX_STEPS'],
  ['one step from a node to another', { maxSteps: 1, startAt: 'a', endAt: 'b' }, 'maxSteps BAD_MAX_STEPS'],
  ['no edge', { maxEdges: 0 }, 'maxEdges BAD_MAX_EDGES'],
  ['too many edges', { maxEdges: 1001 }, 'maxEdges BAD_MAX_EDGES'],
  ['edges of no path', { minPaths: 0 }, 'minPaths BAD_PATH_COUNT'],
  ['edges of less than one path', { minPaths: 2, maxPaths: -1 }, 'maxPaths BAD_PATH_COUNT'],
  ['more paths at least than at most', { minPaths: 3, maxPaths: 2 }, 'minPaths BAD_PATH_COUNT'],
  ['too many groups', { groups: new Array<string>(51).fill('a') }, 'groups BAD_GROUPS'],
  ['an empty group', { groups: ['a', ''] }, 'groups[1] BAD_GROUPS'],
  ['an over-long group', { groups: [long, long] }, 'groups[0] BAD_GROUPS'],
  ['too many exclusions', { exclude: new Array<string>(201).fill('a') }, 'exclude BAD_EXCLUDE'],
  ['an over-long exclusion', { exclude: [long] }, 'exclude[0] BAD_EXCLUDE'],
  ['a start of no name', { startAt: '' }, 'startAt BAD_NODE'],
  ['an over-long end', { endAt: long }, 'endAt BAD_NODE'],
  ['a gap of nothing', { sessionGap: 'PT0S' }, 'sessionGap BAD_DURATION'],
  ['a negative gap', { sessionGap: '-PT30M' }, 'sessionGap BAD_DURATION'],
  ['an unknown stage to start at', { node: 'STAGE', startAt: 'nowhere' }, 'startAt UNKNOWN_STAGE'],
  ['an unknown stage to leave out', { node: 'STAGE', exclude: ['nowhere'] }, 'exclude[0] UNKNOWN_STAGE'],
  ['events of an unknown stage', { match: { stage: 'nowhere' } }, 'match.stage UNKNOWN_STAGE'],
  ['a filter on nothing', { where: {} }, 'where BAD_FILTER'],
  ['a range that ends before it starts', { range: { from: range.to, to: range.from } }, 'range BAD_RANGE'],
])('refuses %s', (_, changes, problem) => {
  expect(problems(changes)).toEqual([problem]);
});
