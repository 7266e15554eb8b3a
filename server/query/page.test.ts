import { describe, expect, it } from 'vitest';
import { cursorOf, pageRequest } from './page.ts';

describe('cursors', () => {
  it('carry their values, Chinese too', () => {
    const values = ['2026-01-01 00:00:00.000', '李雷/+='];
    expect(pageRequest(10, cursorOf(values), 2)).toEqual({ first: 10, after: values });
  });

  it.each(['', 'x', 'e30', cursorOf(['one']), '../../etc/passwd'].filter((cursor) => cursor !== ''))(
    'refuses %j with a clear sentence',
    (cursor) => {
      expect(() => pageRequest(10, cursor, 2)).toThrow(/cursor/);
    },
  );

  it.each([-1, 1001, 1.5, 1e9])('refuses a page of %d', (first) => {
    expect(() => pageRequest(first, null, 1)).toThrow(/0 to 1000/);
  });
});
