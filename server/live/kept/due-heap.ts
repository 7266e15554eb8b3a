/**
 * Who is to be looked at again when: the next due moment first, in typed arrays. Knows nothing of what is due; who is
 * pushed twice comes twice.
 */
import { grown } from './grown.ts';

export class DueHeap {
  private moments = new Float64Array(16);
  private slots = new Uint32Array(16);
  private count = 0;

  get size(): number {
    return this.count;
  }

  get bytes(): number {
    return this.moments.byteLength + this.slots.byteLength;
  }

  /** Of equal moments any comes first. What is due at Infinity is never due, and not kept. */
  push(moment: number, slot: number): void {
    if (moment === Infinity) return;
    this.append(moment, slot);
    this.rise(this.count - 1);
  }

  /** These instead of what was kept: faster than pushing one by one. */
  load(moments: ArrayLike<number>, slots: ArrayLike<number>): void {
    this.count = 0;
    this.moments = new Float64Array(Math.max(16, moments.length));
    this.slots = new Uint32Array(this.moments.length);
    for (let i = 0; i < moments.length; i += 1) {
      const moment = moments[i] ?? Infinity;
      if (moment !== Infinity) this.append(moment, slots[i] ?? 0);
    }
    for (let at = (this.count >> 1) - 1; at >= 0; at -= 1) this.sink(at);
  }

  /** The next due moment; Infinity when nothing is. */
  peek(): number {
    return this.count === 0 ? Infinity : (this.moments[0] ?? Infinity);
  }

  /** Takes out who is due next; -1 when nobody is. */
  pop(): number {
    if (this.count === 0) return -1;
    const slot = this.slots[0] ?? -1;
    this.count -= 1;
    this.moments[0] = this.moments[this.count] ?? 0;
    this.slots[0] = this.slots[this.count] ?? 0;
    this.sink(0);
    return slot;
  }

  private append(moment: number, slot: number): void {
    this.moments = grown(this.moments, this.count + 1);
    this.slots = grown(this.slots, this.count + 1);
    this.moments[this.count] = moment;
    this.slots[this.count] = slot;
    this.count += 1;
  }

  private rise(at: number): void {
    const { moments, slots } = this;
    const moment = moments[at] ?? 0;
    const slot = slots[at] ?? 0;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if ((moments[above] ?? 0) <= moment) break;
      moments[at] = moments[above] ?? 0;
      slots[at] = slots[above] ?? 0;
      at = above;
    }
    moments[at] = moment;
    slots[at] = slot;
  }

  private sink(at: number): void {
    const { moments, slots, count } = this;
    const moment = moments[at] ?? 0;
    const slot = slots[at] ?? 0;
    for (let below = at * 2 + 1; below < count; below = at * 2 + 1) {
      const right = below + 1;
      if (right < count && (moments[right] ?? 0) < (moments[below] ?? 0)) below = right;
      if ((moments[below] ?? 0) >= moment) break;
      moments[at] = moments[below] ?? 0;
      slots[at] = slots[below] ?? 0;
      at = below;
    }
    moments[at] = moment;
    slots[at] = slot;
  }
}
