import { describe, expect, it } from 'vitest';
import { FOLLOWED_PER_CONNECTION, Visitors } from './visitors.ts';

describe('one address', () => {
  it('holds so many connections and no more, whatever others hold', () => {
    const visitors = new Visitors({ connectionsPerAddress: 2 });
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
    const one = new Visitors({ connectionsPerAddress: 1 }).enter('a');
    const many = new Visitors({ connectionsPerAddress: 1000 }).enter('a');
    const begun = (visit: typeof one): number =>
      Array.from({ length: 200 }).filter(() => visit?.begin() === null).length;
    expect(begun(one)).toBe(10);
    expect(begun(many)).toBe(FOLLOWED_PER_CONNECTION);
    many?.end();
    expect(begun(many)).toBe(1);
  });

  it('leaves nothing behind', () => {
    const visitors = new Visitors({ connectionsPerAddress: 0 });
    for (let i = 0; i < 100; i += 1) {
      const visit = visitors.enter(`a${i % 7}`);
      visit?.bear('key');
      visit?.begin();
      visit?.begin();
      visit?.end();
      visit?.leave();
      visit?.end();
      expect(visit?.begin()).toBe('connection');
    }
    expect(visitors.size).toEqual({ connections: 0, followed: 0 });
    expect(visitors.followedBy('key')).toBe(0);
  });
});

describe('one key', () => {
  it('follows so much over all its connections, from wherever; others go on', () => {
    const visitors = new Visitors({ followedPerKey: 3 });
    const enter = (address: string, key?: string) => {
      const visit = visitors.enter(address)!;
      if (key !== undefined) visit.bear(key);
      return visit;
    };
    const [here, there] = [enter('a', 'k'), enter('b', 'k')];
    expect([here.begin(), there.begin(), here.begin(), there.begin()]).toEqual([null, null, null, 'key']);
    expect(visitors.sayFull('key')).toContain('At most 3 a key');
    expect(enter('b', 'other').begin()).toBeNull();
    expect(enter('b').begin()).toBeNull();
    here.end();
    expect([there.begin(), there.begin()]).toEqual([null, 'key']);
    there.leave();
    expect([here.begin(), here.begin(), here.begin()]).toEqual([null, null, 'key']);
  });
});
