import { expect, test } from 'vitest';
import { problemOf } from './problem.ts';

test('what is wrong with a question is told field by field; what is no such thing is left out', () => {
  const wrong = { field: 'steps[1].match', code: 'UNKNOWN_STAGE', message: 'There is no such stage.' };
  const extensions = { code: 'BAD_USER_INPUT', problems: [wrong, 7, { field: 'x' }] };
  const problem = problemOf([{ message: 'steps[1].match: There is no such stage.', extensions }]);
  expect([problem.kind, problem.fields]).toEqual(['refused', [wrong]]);
  expect(problemOf([{ message: 'Internal server error' }]).fields).toEqual([]);
});
