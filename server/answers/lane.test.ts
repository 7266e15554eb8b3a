import { describe, expect, it } from 'vitest';
import { Lane } from './lane.ts';
import type { Standing } from './lane.ts';

const from = (caller: string): Standing => ({ caller: [caller] });

/** One place that is taken, and the order in which those behind it come up once it is free. */
function lineOf(lane: Lane) {
  const first = lane.enter(from('first'));
  const admitted: string[] = [];
  return {
    enter(name: string, standing: Standing) {
      const place = lane.enter(standing);
      void place.admitted.then(() => admitted.push(name)).then(() => place.leave());
      return place;
    },
    async order(): Promise<string[]> {
      first.leave();
      await new Promise((resolve) => setImmediate(resolve));
      expect(lane.size).toEqual({ running: 0, waiting: 0 });
      return admitted;
    },
  };
}

describe('a lane', () => {
  it('admits a place with the first turn of any who wait for it', async () => {
    const line = lineOf(new Lane({ atOnce: 1, mostWaiting: 10 }));
    line.enter('one', from('greedy'));
    line.enter('two', from('greedy'));
    line.enter('shared', from('greedy')).alsoFor(from('ann'));
    expect(await line.order()).toEqual(['one', 'shared', 'two']);
  });

  it('ends calls that have begun, the first first, before it begins others', async () => {
    const line = lineOf(new Lane({ atOnce: 1, mostWaiting: 10 }));
    const [ann, bob] = [from('ann'), from('bob')];
    for (const n of [1, 2, 3]) line.enter(`ann ${n}`, ann);
    for (const n of [1, 2]) line.enter(`bob ${n}`, bob);
    line.enter('cem', from('cem'));
    expect(await line.order()).toEqual(['ann 1', 'ann 2', 'ann 3', 'bob 1', 'bob 2', 'cem']);
  });

  it('lets a call go on that asks for the next once it has the first', async () => {
    const lane = new Lane({ atOnce: 1, mostWaiting: 10 });
    const line = lineOf(lane);
    const ann = from('ann');
    const first = line.enter('ann 1', ann);
    line.enter('bob', from('bob'));
    void first.admitted.then(() => line.enter('ann 2', ann));
    expect(await line.order()).toEqual(['ann 1', 'ann 2', 'bob']);
  });

  it('gives a call with very many statements several turns', async () => {
    const line = lineOf(new Lane({ atOnce: 1, mostWaiting: 100 }));
    const greedy = from('greedy');
    for (let n = 1; n <= 40; n += 1) line.enter('greedy', greedy);
    line.enter('ann', from('ann'));
    line.enter('bob', from('bob'));
    const order = await line.order();
    expect([order.indexOf('ann'), order.indexOf('bob'), order.length]).toEqual([16, 17, 42]);
  });

  it('begins another call of a caller only after the others had their turn', async () => {
    const line = lineOf(new Lane({ atOnce: 1, mostWaiting: 10 }));
    const calls = [from('greedy'), from('greedy')];
    for (const call of calls) for (const n of [1, 2]) line.enter(`greedy ${calls.indexOf(call)} ${n}`, call);
    line.enter('ann', from('ann'));
    expect(await line.order()).toEqual(['greedy 0 1', 'greedy 0 2', 'ann', 'greedy 1 1', 'greedy 1 2']);
  });

  it('counts what a call shares with another as begun by both', async () => {
    const line = lineOf(new Lane({ atOnce: 1, mostWaiting: 10 }));
    const [ann, bob] = [from('ann'), from('bob')];
    line.enter('shared', ann).alsoFor(bob);
    line.enter('cem', from('cem'));
    line.enter('bob 2', bob);
    line.enter('ann 2', ann);
    expect(await line.order()).toEqual(['shared', 'ann 2', 'bob 2', 'cem']);
  });

  it('passes by those who left', async () => {
    const line = lineOf(new Lane({ atOnce: 1, mostWaiting: 10 }));
    line.enter('ann', from('ann')).leave();
    line.enter('bob', from('bob'));
    expect(await line.order()).toEqual(['bob']);
  });

  it('takes no more than may wait', () => {
    const lane = new Lane({ atOnce: 2, mostWaiting: 1 });
    for (const caller of ['ann', 'bob', 'cem']) lane.enter(from(caller));
    expect(() => lane.enter(from('dan'))).toThrow(expect.objectContaining({ code: 'BUSY' }));
  });
});
