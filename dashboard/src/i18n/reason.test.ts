import { describe, expect, it } from 'vitest';
import { reasonIn } from './reason.ts';
import { names } from './zh/names.ts';

const said = (reason: string): string => reasonIn(names.reasons, reason);

describe('why an event was refused', () => {
  it('is said with the values, fields and counts of this one', () => {
    expect(said('customerId "null" is not an id.')).toBe('customerId“null”不是有效标识。');
    expect(said('channel is longer than 1024 characters.')).toBe('channel 超过 1024 个字符。');
    expect(said('anonymousId is empty.')).toBe('anonymousId 为空。');
    expect(said('The event is larger than 32 kB.')).toBe('事件大于 32 kB。');
    expect(said('time is not an instant such as 2026-01-31T23:59:59Z.')).toMatch(/^time 不是时间/);
  });

  it('is said of a whole kind', () => {
    expect(said('customerId "…" is not an id.')).toBe('customerId“…”不是有效标识。');
  });

  it('stands as the server says it where nobody knows it', () => {
    expect(said('Something "new" is odd.')).toBe('Something "new" is odd.');
    expect(said('constructor')).toBe('constructor');
    expect(reasonIn({}, 'The event has no name.')).toBe('The event has no name.');
  });
});
