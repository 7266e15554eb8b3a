import { describe, expect, it } from 'vitest';
import { cursorOf, markOf, pageRequest } from './page.ts';
import { param, sql } from './sql.ts';

const list = { mark: 'a list', width: 2 };

describe('cursors', () => {
  it('carry their values, Chinese too', () => {
    const values = ['2026-01-01 00:00:00.000', '李雷/+='];
    expect(pageRequest(10, cursorOf(values, list), list)).toEqual({ first: 10, after: values });
  });

  it.each(['', 'x', 'e30', 'W10', 'WzFd', '../../etc/passwd', '\0', 'null', 'ÿ'])(
    'refuses %j with a clear sentence',
    (cursor) => {
      expect(() => pageRequest(10, cursor, list)).toThrow(/not one that an earlier page returned/);
    },
  );

  it('of another list, or of another shape, are refused', () => {
    for (const cursor of [cursorOf(['1', '2'], { mark: 'other' }), cursorOf(['1'], list)]) {
      expect(() => pageRequest(10, cursor, list)).toThrow(/belongs to another list/);
    }
  });

  it.each([-1, 1001, 1.5, 1e9, Number.NaN])('refuses a page of %d', (first) => {
    expect(() => pageRequest(first, null, list)).toThrow(/0 to 1000/);
  });
});

describe('marks', () => {
  const mark = (name: string, ms: number, count: number) =>
    markOf(
      sql`name = ${param.string(name)} AND time < ${param.time(ms)} AND at < ${param.int64(ms)} AND n > ${param.uint64(count)}`,
    );

  it('stay while the clock goes on', () => {
    expect(mark('a', 1_700_000_000_000, 2)).toBe(mark('a', 1_800_000_000_000, 2));
  });

  it('tell texts, numbers and statements apart', () => {
    const ms = 1_700_000_000_000;
    const marks = [mark('a', ms, 2), mark('b', ms, 2), mark('a', ms, 3), markOf(sql`1`), markOf(sql`0`)];
    expect(new Set(marks).size).toBe(marks.length);
  });
});
