/** The heap of due moments gives them back in order, however they were put in. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DueHeap } from './due-heap.ts';

const due = fc.record({ moment: fc.oneof(fc.nat({ max: 30 }), fc.constant(Infinity)), slot: fc.nat() });

/** All there is, as `moment slot`, checked to come in order. */
function drained(heap: DueHeap): string[] {
  const all: string[] = [];
  let last = -Infinity;
  while (heap.size > 0) {
    const moment = heap.peek();
    expect(moment).toBeGreaterThanOrEqual(last);
    last = moment;
    all.push(`${moment} ${heap.pop()}`);
  }
  return all.sort();
}

const asTold = (told: { moment: number; slot: number }[]): string[] =>
  told
    .filter(({ moment }) => moment !== Infinity)
    .map(({ moment, slot }) => `${moment} ${slot}`)
    .sort();

it('gives back what was pushed and loaded, the earliest first', () => {
  const property = fc.property(fc.array(due), fc.array(due), (loaded, pushed) => {
    const heap = new DueHeap();
    heap.push(1, 1);
    heap.load(
      loaded.map(({ moment }) => moment),
      loaded.map(({ slot }) => slot),
    );
    for (const { moment, slot } of pushed) heap.push(moment, slot);
    expect(drained(heap)).toEqual(asTold([...loaded, ...pushed]));
  });
  fc.assert(property, { numRuns: 300 });
});

it('stays in order while some come and some go', () => {
  const property = fc.property(fc.array(fc.option(due)), (steps) => {
    const heap = new DueHeap();
    const model: number[] = [];
    for (const step of steps) {
      if (step) heap.push(step.moment, step.slot);
      else expect(heap.pop() === -1).toBe(model.length === 0);
      if (step && step.moment !== Infinity) model.push(step.moment);
      else if (!step) model.sort((a, b) => a - b).shift();
      expect(heap.peek()).toBe(Math.min(...model));
      expect(heap.size).toBe(model.length);
    }
  });
  fc.assert(property, { numRuns: 300 });
});

it('has nothing due when empty', () => {
  const heap = new DueHeap();
  expect([heap.peek(), heap.pop(), heap.size]).toEqual([Infinity, -1, 0]);
  expect(heap.bytes).toBeGreaterThan(0);
});
