/**
 * A customer's moments as the matcher walks them: facts from an edge on, in the order of moments.sql.ts. At one instant
 * barriers come before steps, and steps in the funnel's order; what is both stands there twice. One object is filled
 * anew for each customer, so that nothing is allocated for most. Pure.
 */
import { KINDS, kindOfFact, timeOfFact } from '../../../query/kept.ts';
import type { CustomerFacts } from '../../../query/kept.ts';
import type { FactForm } from './form.ts';

export class Moments {
  count = 0;
  /** Milliseconds since 1970 plus one: zero means none. */
  times = new Float64Array(64);
  /** Of a step `stepBit` and its mask; of a barrier its bits; zero of any other event. */
  codes = new Int32Array(64);
  private readonly form: FactForm;
  /** True where an event that stands in the way can take no step. */
  private readonly stopsAlone: boolean;

  constructor(form: FactForm, stopsAlone: boolean) {
    this.form = form;
    this.stopsAlone = stopsAlone;
  }

  /** The steps that the moment may serve; zero for what is no step. */
  mask(at: number): number {
    const code = this.codes[at] ?? 0;
    return code >= this.form.stepBit ? code - this.form.stepBit : 0;
  }

  /** The bits of the barrier; zero for what is none. */
  barrier(at: number): number {
    const code = this.codes[at] ?? 0;
    return code < this.form.stepBit ? code : 0;
  }

  /** Those of the facts from the edge (milliseconds) on. */
  load(facts: CustomerFacts, edgeMs: number): void {
    const { stepBit, width, closed } = this.form;
    this.count = 0;
    let isInOrder = true;
    for (let at = firstFrom(facts, edgeMs, width); at < facts.end; at += width) {
      const fact = facts.values[at] ?? 0;
      const bits = width === 1 ? kindOfFact(fact) : (facts.values[at + 1] ?? 0);
      const barrier = closed.length === 0 ? 0 : Math.floor(bits / stepBit);
      const mask = bits - barrier * stepBit;
      const time = timeOfFact(fact) + 1;
      const isTied = this.count > 0 && this.times[this.count - 1] === time;
      if (isTied && (width > 1 || closed.length > 0)) isInOrder = false;
      if (barrier > 0) this.push(time, barrier);
      const isStep = mask > 0 && !(barrier > 0 && this.stopsAlone);
      if (isStep || bits === 0) this.push(time, isStep ? stepBit + mask : 0);
    }
    if (!isInOrder) this.orderInstants();
  }

  push(time: number, code: number): void {
    if (this.count === this.times.length) {
      const times = new Float64Array(this.count * 2);
      times.set(this.times);
      this.times = times;
      const codes = new Int32Array(this.count * 2);
      codes.set(this.codes);
      this.codes = codes;
    }
    this.times[this.count] = time;
    this.codes[this.count] = code;
    this.count += 1;
  }

  /** One after the last moment of the instant that begins at `from`. */
  endOfInstant(from: number): number {
    let end = from + 1;
    while (end < this.count && this.times[end] === this.times[from]) end += 1;
    return end;
  }

  private orderInstants(): void {
    for (let from = 0; from < this.count;) {
      const end = this.endOfInstant(from);
      if (end - from > 1) this.codes.subarray(from, end).sort();
      from = end;
    }
  }
}

/** Where the first fact from the edge on begins. */
export function firstFrom({ values, begin, end }: CustomerFacts, edgeMs: number, width: number): number {
  const least = edgeMs * KINDS;
  if (begin === end || (values[begin] ?? 0) >= least) return begin;
  let low = 0;
  let high = (end - begin) / width;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[begin + middle * width] ?? 0) < least) low = middle + 1;
    else high = middle;
  }
  return begin + low * width;
}
