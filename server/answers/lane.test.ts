import { describe, expect, it } from 'vitest';
import { Lane } from './lane.ts';
import type { Standing } from './lane.ts';

const from = (caller: string, hasBegun = false): Standing => ({ caller: [caller], hasBegun });

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

  it('ends calls that have begun before it begins others', async () => {
    const line = lineOf(new Lane({ atOnce: 1, mostWaiting: 10 }));
    const call = from('ann');
    line.enter('bob', from('bob'));
    line.enter('ann, at first', call);
    line.enter('cem', from('cem'));
    line.enter('dan, later', from('dan', true));
    expect(call.hasBegun).toBe(false);
    expect(await line.order()).toEqual(['dan, later', 'bob', 'ann, at first', 'cem']);
    expect(call.hasBegun).toBe(true);
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
