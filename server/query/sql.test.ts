import { describe, expect, it } from 'vitest';
import { and, int, join, name, or, param, render, sql } from './sql.ts';

describe('sql', () => {
  it('numbers parameters in reading order, whatever order they were made in', () => {
    const late = sql`b = ${param.string('second')}`;
    const early = sql`a = ${param.uint8(1)}`;
    expect(render(sql`SELECT 1 WHERE ${early} AND ${late}`)).toEqual({
      text: 'SELECT 1 WHERE a = {p1:UInt8} AND b = {p2:String}',
      params: { p1: 1, p2: 'second' },
    });
  });

  it('refuses a bare string, so that nothing a user wrote becomes SQL', () => {
    expect(() => sql`SELECT ${'1; DROP TABLE events' as never}`).toThrow(TypeError);
  });

  it('binds times as UTC text with milliseconds', () => {
    expect(render(sql`${param.time(Date.UTC(2026, 0, 31, 23, 59, 59, 999))}`).params).toEqual({
      p1: '2026-01-31 23:59:59.999',
    });
  });

  it('takes only whole numbers and generated names into the text', () => {
    expect(render(sql`${int(3)} ${name('step', 2)}`).text).toBe('3 step_2');
    expect(() => int(1.5)).toThrow(TypeError);
    expect(() => name('Robert`); --')).toThrow(TypeError);
  });

  it('joins conditions; none hold for `or`, all for `and`', () => {
    expect(render(and([])).text).toBe('1');
    expect(render(or([])).text).toBe('0');
    expect(render(and([sql`a`, sql`b`])).text).toBe('(a) AND (b)');
    expect(render(join([sql`a`, sql`b`, sql`c`], sql`, `)).text).toBe('a, b, c');
  });
});
