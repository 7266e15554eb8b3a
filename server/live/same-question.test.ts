import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { sameQuestion } from './same-question.ts';

const key = (source: string, variableValues?: Record<string, unknown>, operationName?: string): string =>
  sameQuestion({ document: parse(source), variableValues, operationName });

const ASKED = `subscription Wall($input: FunnelInput!, $every: Duration) {
  funnel(input: $input, every: $every) { steps { customers label } }
}`;
const variables = { input: { window: 'P1D', range: { last: 'P7D' } }, every: 'PT1S' };

describe('the same question', () => {
  it.each([
    ['white space and comments', ASKED.replaceAll('\n', ' \n # a comment\n')],
    ['the name of the operation', ASKED.replace('Wall', 'Other')],
    ['no name', ASKED.replace('Wall', '')],
    [
      'the order of variables and arguments',
      `subscription ($every: Duration, $input: FunnelInput!) { funnel(every: $every, input: $input) { steps { customers label } } }`,
    ],
    ['what is not used', `${ASKED} query Unused { __typename } fragment Rest on Funnel { steps { label } }`],
  ])('%s make no difference', (_what, source) => {
    const name = /subscription (\w+)/.exec(source)?.[1];
    expect(key(source, variables, name)).toBe(key(ASKED, variables, 'Wall'));
  });

  it('the order of the values in variables makes no difference, nor do values nobody asks for', () => {
    const other = { every: 'PT1S', rest: 1, input: { range: { last: 'P7D' }, window: 'P1D' } };
    expect(key(ASKED, other)).toBe(key(ASKED, variables));
  });
});

describe('another question', () => {
  it.each([
    ['another value', ASKED, { ...variables, every: 'PT2S' }],
    ['null instead of nothing', ASKED, { ...variables, every: null }],
    ['other fields', ASKED.replace('customers label', 'customers'), variables],
    ['fields in another order', ASKED.replace('customers label', 'label customers'), variables],
    ['an alias', ASKED.replace('customers', 'people: customers'), variables],
  ])('%s', (_what, source, values) => {
    const { every: _every, ...without } = variables;
    expect(key(source, values)).not.toBe(key(ASKED, variables));
    expect(key(source, values)).not.toBe(key(ASKED, without));
  });

  it('a list in another order', () => {
    expect(key(ASKED, { input: [1, 2] })).not.toBe(key(ASKED, { input: [2, 1] }));
  });
});
