/** The statements as a reviewer reads them; that they are right is tested on the engine. */
import { expect, it } from 'vitest';
import { param, render, sql } from '../../query/sql.ts';
import type { CompileScope } from '../../query/events.ts';
import { normaliseRetention } from './retention.query.ts';
import type { RetentionRequest } from './retention.query.ts';
import { compileRetention, compileRetentionGroups, compileRetentionPeople } from './retention.sql.ts';
import { compileRetentionSets, setsSuffice } from './sets.sql.ts';

const scope: CompileScope = {
  nowMs: Date.parse('2026-03-01T00:00:00Z'),
  vocabulary: { stages: new Map(), orderEvents: ['purchase'], returnEvents: ['return'] },
  hasMergedIdentities: false,
  customersInLifecycleStages: (stages) =>
    sql`SELECT customer_key FROM stages WHERE stage IN ${param.strings(stages)}`,
};

const query = (changes: Partial<RetentionRequest> = {}) =>
  normaliseRetention(
    {
      start: { events: ['purchase'] },
      range: { from: new Date('2026-01-05T00:00:00Z'), to: new Date('2026-03-01T00:00:00Z') },
      ...changes,
    },
    scope,
    [],
  );

it('weekly cohorts of the first purchase', () => {
  expect(render(compileRetention(query(), scope).sql)).toMatchSnapshot();
});

it('customers alike in one row, with what they paid or without', () => {
  expect(render(compileRetentionSets(query(), false, scope).sql).text).toMatchSnapshot();
  const asked = query({ start: {}, entry: 'RECURRING', mode: 'EVERY', brackets: [1, 2] });
  expect(render(compileRetentionSets(asked, true, scope).sql).text).toMatchSnapshot();
});

it('sets say enough unless single visits matter', () => {
  const suffice = (changes: Partial<RetentionRequest>): boolean => setsSuffice(query(changes));
  expect(suffice({})).toBe(true);
  expect(suffice({ start: {}, measure: 'REVENUE' })).toBe(true);
  expect(suffice({ alignment: 'ROLLING' })).toBe(false);
  expect(suffice({ entry: 'FIRST_EVER' })).toBe(false);
  expect(suffice({ minimumOccurrences: 2 })).toBe(false);
  expect(suffice({ measure: 'EVENTS' })).toBe(false);
});

it('everybody who came back later, month by month, in brackets', () => {
  const asked = query({ entry: 'RECURRING', mode: 'ON_OR_AFTER', interval: 'MONTH', brackets: [1, 2] });
  expect(render(compileRetention(asked, scope).sql)).toMatchSnapshot();
});

it('24 hours after 24 hours from the first event of the name', () => {
  const asked = query({ entry: 'FIRST_EVER', mode: 'EVERY', interval: 'DAY', alignment: 'ROLLING' });
  expect(render(compileRetention(asked, scope).sql)).toMatchSnapshot();
});

it('the largest channels and the rest, and the people of one cell', () => {
  const breakdown = { properties: ['channel'], of: 'EVENT' as const, limit: 1 };
  const groups = [
    { values: ['web'], isOther: false, key: '["web"]' },
    { values: [], isOther: true, key: '' },
  ];
  const asked = query({ breakdown });
  expect(render(compileRetentionGroups(asked, { breakdown, groups }, scope).sql).text).toMatchSnapshot();
  const group = { breakdown, groups, key: '' };
  const people = compileRetentionPeople(asked, 'lost', { cohort: 0, period: 2, group }, scope);
  expect(render(people).text).toMatchSnapshot();
});
