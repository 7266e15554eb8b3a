/**
 * Stretches of numbers by slot, side by side in one array: each has some room to grow, what is given up is used again,
 * and when most of the array is given up it is packed. Knows nothing of what the numbers mean.
 */
import { grown } from './grown.ts';

/** Rooms are these many numbers: small ones exact, since most are small; larger ones in steps of a third to a half. */
const ROOMS: readonly number[] = [
  ...Array.from({ length: 37 }, (_, n) => n),
  ...[42, 48, 54, 60, 72, 84],
  ...Array.from({ length: 23 }, (_, i) => [96, 128].map((n) => n * 2 ** i)).flat(),
];

export class Stretches {
  values = new Float64Array(64);
  private begins = new Uint32Array(16);
  private lengths = new Uint32Array(16);
  /** Places in ROOMS. */
  private rooms = new Uint8Array(16);
  /** Where stretches of each room stand that nobody uses, the newest last. */
  private readonly free: number[][] = ROOMS.map(() => []);
  /** Up to here the array has been handed out. */
  private used = 0;
  /** Numbers of rooms handed out and not given up. */
  private held = 0;

  get bytes(): number {
    const free = this.free.reduce((sum, places) => sum + places.length, 0) * 8;
    return (
      this.values.byteLength + this.begins.byteLength + this.lengths.byteLength + this.rooms.byteLength + free
    );
  }

  begin(slot: number): number {
    return this.begins[slot] ?? 0;
  }

  length(slot: number): number {
    return this.lengths[slot] ?? 0;
  }

  /** Makes the stretch so long, its first `kept` numbers as they were; what comes after them is to be written. */
  resize(slot: number, length: number, kept: number): void {
    this.reach(slot);
    const room = this.rooms[slot] ?? 0;
    // A stretch that has become far too large for what is left moves to a smaller one.
    if (length > (ROOMS[room] ?? 0) || length < (ROOMS[room] ?? 0) / 4) this.move(slot, length, kept);
    this.lengths[slot] = length;
  }

  private move(slot: number, length: number, kept: number): void {
    const before = this.begin(slot);
    const left = this.rooms[slot] ?? 0;
    const room = roomOf(length);
    let begin = room === 0 ? 0 : this.free[room]?.pop();
    if (begin === undefined) {
      if (this.used + (ROOMS[room] ?? 0) > this.values.length && this.held * 2 < this.used) {
        this.pack();
        return this.move(slot, length, kept);
      }
      begin = this.used;
      this.used += ROOMS[room] ?? 0;
      this.values = grown(this.values, this.used);
    }
    this.values.copyWithin(begin, before, before + kept);
    if (left > 0) this.free[left]?.push(before);
    this.held += (ROOMS[room] ?? 0) - (ROOMS[left] ?? 0);
    this.begins[slot] = begin;
    this.rooms[slot] = room;
  }

  /** Everything side by side again, in order of slots. */
  private pack(): void {
    const packed = new Float64Array(Math.max(64, Math.ceil(this.held * 1.25)));
    let used = 0;
    for (let slot = 0; slot < this.begins.length; slot += 1) {
      const begin = this.begin(slot);
      packed.set(this.values.subarray(begin, begin + this.length(slot)), used);
      this.begins[slot] = used;
      used += ROOMS[this.rooms[slot] ?? 0] ?? 0;
    }
    for (const places of this.free) places.length = 0;
    this.values = packed;
    this.used = used;
    this.held = used;
  }

  private reach(slot: number): void {
    if (slot < this.begins.length) return;
    this.begins = grown(this.begins, slot + 1);
    this.lengths = grown(this.lengths, this.begins.length);
    const rooms = new Uint8Array(this.begins.length);
    rooms.set(this.rooms);
    this.rooms = rooms;
  }
}

/** The place in ROOMS of the smallest that takes so many numbers. */
function roomOf(length: number): number {
  let low = 0;
  let high = ROOMS.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ROOMS[middle] ?? 0) < length) low = middle + 1;
    else high = middle;
  }
  return low;
}
