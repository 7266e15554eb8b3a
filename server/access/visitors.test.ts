import { describe, expect, it } from 'vitest';
import { FOLLOWED_PER_CONNECTION, Visitors } from './visitors.ts';

describe('one address', () => {
  it('holds so many connections and no more, whatever others hold', () => {
    const visitors = new Visitors(2);
    const first = visitors.enter('a');
    visitors.enter('a');
    expect(visitors.enter('a')).toBeNull();
    expect(visitors.enter('b')).not.toBeNull();
    first?.leave();
    first?.leave();
    expect(visitors.enter('a')).not.toBeNull();
    expect(visitors.enter('a')).toBeNull();
  });

  it('follows so much over one connection, and so much over all', () => {
    const one = new Visitors(1).enter('a');
    const many = new Visitors(1000).enter('a');
    const begun = (visit: typeof one): number =>
      Array.from({ length: 200 }).filter(() => visit?.begin()).length;
    expect(begun(one)).toBe(10);
    expect(begun(many)).toBe(FOLLOWED_PER_CONNECTION);
    many?.end();
    expect(begun(many)).toBe(1);
  });

  it('leaves nothing behind', () => {
    const visitors = new Visitors(0);
    for (let i = 0; i < 100; i += 1) {
      const visit = visitors.enter(`a${i % 7}`);
      visit?.begin();
      visit?.begin();
      visit?.end();
      visit?.leave();
      visit?.end();
      expect(visit?.begin()).toBe(false);
    }
    expect(visitors.size).toEqual({ connections: 0, followed: 0 });
  });
});
