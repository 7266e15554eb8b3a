import { expect, it } from 'vitest';
import { compileScope } from '../../../tests/support/compile-scope.ts';
import { render } from '../../query/sql.ts';
import { normalisePaths } from './paths.query.ts';
import type { PathsQuery, PathsRequest } from './paths.query.ts';
import { compileCounts, compileLargest, compileMembers } from './paths.sql.ts';

const scope = compileScope();
const query = (changes: Partial<PathsRequest> = {}): PathsQuery =>
  normalisePaths(
    {
      range: { from: new Date('2026-01-01T00:00:00Z'), to: new Date('2026-02-01T00:00:00Z') },
      ...changes,
    },
    scope,
    [],
  );
const shown = { nodes: [{ step: 1, key: '4' }], edges: [{ step: 1, source: '4', target: '5' }] };

it('the largest edges between touchpoints', () => {
  expect(render(compileLargest(query(), 'UNKNOWN', scope).sql)).toMatchSnapshot();
});

it('the largest edges between grouped stages, from one up to another, in calendar months', () => {
  const asked = query({
    node: 'STAGE',
    startAt: 'discover',
    endAt: 'b*',
    groups: ['b*'],
    exclude: ['x'],
    sessionGap: 'P1MT1H',
    minPaths: 2,
    maxPaths: 9,
  });
  expect(render(compileLargest(asked, 'SOME', scope).sql)).toMatchSnapshot();
});

it('everything counted with only some of it shown, and the people of an edge', () => {
  const asked = query({ node: 'CHANNEL', endAt: 'store' });
  expect(render(compileCounts({ query: asked, shown, ties: 'UNKNOWN' }, scope).sql).text).toMatchSnapshot();
  const people = compileMembers(
    { query: asked, shown, ties: 'SOME' },
    { step: 2, from: 'web', to: '' },
    scope,
  );
  expect(render(people).text).toMatchSnapshot();
});

it('takes signs of patterns for what they are, but for the asterisk', () => {
  const { params } = render(
    compileLargest(query({ node: 'EVENT', groups: ['50%_*\\'] }), 'UNKNOWN', scope).sql,
  );
  expect(Object.values(params)).toContain('%50\\%\\_%\\\\%');
});
