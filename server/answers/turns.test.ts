import { describe, expect, it } from 'vitest';
import { Turns } from './turns.ts';

function order(turns: Turns<string>): string[] {
  const taken: string[] = [];
  for (let next = turns.take(); next !== undefined; next = turns.take()) taken.push(next);
  return taken;
}

describe('turns', () => {
  it('go round the callers, whoever asked for how much', () => {
    const turns = new Turns<string>();
    for (const n of [1, 2, 3, 4]) turns.add(['greedy'], `g${n}`);
    turns.add(['ann'], 'a1');
    turns.add(['bob'], 'b1');
    turns.add(['ann'], 'a2');
    expect(order(turns)).toEqual(['g1', 'a1', 'b1', 'g2', 'a2', 'g3', 'g4']);
  });

  it('of one address are shared by its connections', () => {
    const turns = new Turns<string>();
    for (const n of [1, 2, 3]) turns.add(['office', `${n}`], `o${n}`);
    turns.add(['office', '1'], 'o1 again');
    for (const n of [1, 2]) turns.add(['home', '9'], `h${n}`);
    expect(order(turns)).toEqual(['o1', 'h1', 'o2', 'h2', 'o3', 'o1 again']);
  });

  it('pass by what was taken out', () => {
    const turns = new Turns<string>();
    turns.add(['ann', '1'], 'a1');
    turns.add(['bob', '1'], 'b1');
    turns.remove(['ann', '1'], 'a1');
    expect(order(turns)).toEqual(['b1']);
    expect(turns.isEmpty).toBe(true);
  });
});
