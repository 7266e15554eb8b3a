import { expect, it } from 'vitest';
import type { Turns } from './turns.ts';
import { TurnWithin } from './turn-within.ts';

/** Other programs never write. */
const anyTime = { during: <T>(work: () => Promise<T>) => work(), onReturned: () => {} } as unknown as Turns;

/** Work that ends when told, and what had begun and ended until then. */
function gates() {
  const said: string[] = [];
  const open = new Map<string, () => void>();
  const work = (name: string) => async (): Promise<void> => {
    said.push(`${name} begins`);
    await new Promise<void>((resolve) => open.set(name, resolve));
    said.push(`${name} ends`);
  };
  const settle = async (): Promise<void> => {
    for (let i = 0; i < 20; i += 1) await Promise.resolve();
  };
  return { said, work, end: (name: string) => (open.get(name)?.(), settle()), settle };
}

it('lets work overlap, but for who wants to be alone', async () => {
  const turn = new TurnWithin(anyTime);
  const { said, work, end, settle } = gates();
  void turn.during(work('a'));
  void turn.during(work('b'));
  await settle();
  void turn.alone(work('x'));
  void turn.during(work('c'));
  await settle();
  expect(said).toEqual(['a begins', 'b begins']);
  await end('a');
  await end('b');
  expect(said.slice(4)).toEqual(['x begins']);
  await end('x');
  expect(said.slice(5)).toEqual(['x ends', 'c begins']);
});

it('goes on after work that failed', async () => {
  const turn = new TurnWithin(anyTime);
  await expect(turn.alone(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await turn.alone(() => Promise.resolve(1))).toBe(1);
  expect(await turn.during(() => Promise.resolve(2))).toBe(2);
});

it('lets those who came meanwhile write between two who want to be alone', async () => {
  const turn = new TurnWithin(anyTime);
  const { said, work, end, settle } = gates();
  const slices = (async () => {
    await turn.alone(work('first'));
    await turn.alone(work('second'));
  })();
  await settle();
  void turn.during(work('event'));
  await end('first');
  expect(said).toEqual(['first begins', 'first ends', 'event begins']);
  await end('event');
  expect(said.at(-1)).toBe('second begins');
  await end('second');
  await slices;
});

it('lets go of who no longer waits', async () => {
  const turn = new TurnWithin(anyTime);
  const { said, work, end, settle } = gates();
  void turn.alone(work('x'));
  const gone = new AbortController();
  const waiting = turn.during(work('a'), gone.signal);
  await settle();
  gone.abort();
  await expect(waiting).rejects.toMatchObject({ code: 'CANCELLED' });
  void turn.during(work('b'));
  await end('x');
  expect(said).toEqual(['x begins', 'x ends', 'b begins']);
});

it('says when work alone has ended, well or not, before any other begins', async () => {
  const turn = new TurnWithin(anyTime);
  const { said, work, end, settle } = gates();
  turn.onReturned(() => said.push('returned'));
  await turn.during(() => Promise.resolve());
  expect(said).toEqual([]);
  void turn.alone(work('x'));
  void turn.during(work('a'));
  await settle();
  await end('x');
  expect(said).toEqual(['x begins', 'x ends', 'returned', 'a begins']);
  await end('a');
  await expect(turn.alone(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(said.at(-1)).toBe('returned');
});
