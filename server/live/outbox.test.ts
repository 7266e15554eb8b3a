import { describe, expect, it } from 'vitest';
import { Outbox } from './outbox.ts';

/** A connection that takes what it was given when told to. */
function connection() {
  let unsent = 0;
  const sent: string[] = [];
  const outbox = new Outbox(() => unsent);
  return {
    outbox,
    sent,
    sender: (name: string) => ({
      newest: '',
      send() {
        sent.push(`${name} ${this.newest}`);
        unsent += 20_000;
      },
    }),
    take() {
      unsent = 0;
      outbox.taken();
    },
  };
}

describe('a connection that does not keep up', () => {
  it('is sent the newest once it took what came before, not a queue', () => {
    const { outbox, sent, sender, take } = connection();
    const funnel = sender('funnel');
    for (const newest of ['1', '2', '3', '4']) {
      funnel.newest = newest;
      outbox.post(funnel);
    }
    expect(sent).toEqual(['funnel 1']);
    take();
    expect(sent).toEqual(['funnel 1', 'funnel 4']);
    take();
    expect(sent).toHaveLength(2);
  });

  it('is sent the newest of each thing it follows, in turn', () => {
    const { outbox, sent, sender, take } = connection();
    const [a, b] = [sender('a'), sender('b')];
    for (const newest of ['1', '2']) {
      a.newest = b.newest = newest;
      outbox.post(a);
      outbox.post(b);
    }
    for (let i = 0; i < 3; i += 1) take();
    expect(sent).toEqual(['a 1', 'b 2', 'a 2']);
  });

  it('is told nothing of what it left', () => {
    const { outbox, sent, sender, take } = connection();
    const funnel = sender('funnel');
    outbox.post(funnel);
    outbox.post(funnel);
    outbox.withdraw(funnel);
    take();
    expect(sent).toHaveLength(1);
    expect(outbox.stuckMs()).toBe(0);
  });
});
