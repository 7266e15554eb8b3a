/**
 * Numbers in order, to which some are added and from which some are taken: the exact quantiles of a million values at
 * a few microseconds a change. Knows nothing of what the numbers mean.
 */

/** Most values in one block. */
const BLOCK = 1024;

interface Block {
  readonly values: Float64Array;
  count: number;
}

/** What quantiles are taken of: `at(0)` is the smallest of `size`. */
export interface InOrder {
  readonly size: number;
  at(rank: number): number;
}

/** As many equal values as were added are kept. What is added is put in order once somebody reads. */
export class SortedValues implements InOrder {
  /** None is empty; every value of one is at most the first of the next. */
  private blocks: Block[] = [];
  private inBlocks = 0;
  /** Added since somebody last read. */
  private added = new Float64Array(16);
  private addedCount = 0;

  get size(): number {
    return this.inBlocks + this.addedCount;
  }

  /** A number, not NaN. */
  add(value: number): void {
    if (Number.isNaN(value)) throw new TypeError('SortedValues: not a number');
    if (this.addedCount === this.added.length) {
      const larger = new Float64Array(this.added.length * 2);
      larger.set(this.added);
      this.added = larger;
    }
    this.added[this.addedCount] = value;
    this.addedCount += 1;
  }

  /** Takes one of those equal to the value out; throws where there is none. */
  remove(value: number): void {
    this.settle();
    const at = this.blockOf(value);
    const block = this.blocks[at];
    const place = block === undefined ? 0 : placeOf(block, value, false);
    if (block === undefined || place === block.count || block.values[place] !== value) {
      throw new RangeError(`SortedValues: ${value} was never added`);
    }
    block.values.copyWithin(place, place + 1, block.count);
    block.count -= 1;
    this.inBlocks -= 1;
    this.narrow(at, block);
  }

  /** The value before which `rank` others stand; throws beyond the last. */
  at(rank: number): number {
    this.settle();
    let before = rank;
    for (const block of this.blocks) {
      if (before < block.count) return block.values[before] ?? NaN;
      before -= block.count;
    }
    throw new RangeError(`SortedValues: no rank ${rank} of ${this.size}`);
  }

  private settle(): void {
    if (this.addedCount === 0) return;
    const added = this.added.subarray(0, this.addedCount);
    // Beyond some share, all in order at once is cheaper than one after the other.
    if (this.addedCount * 16 > this.inBlocks) this.build(added);
    else for (const value of added) this.put(value);
    this.inBlocks += this.addedCount;
    this.addedCount = 0;
    if (this.added.length > BLOCK) this.added = new Float64Array(16);
  }

  private build(added: Float64Array): void {
    const all = new Float64Array(this.inBlocks + added.length);
    let end = 0;
    for (const { values, count } of this.blocks) {
      all.set(values.subarray(0, count), end);
      end += count;
    }
    all.set(added, end);
    all.sort();
    this.blocks = [];
    // Filled to three quarters, so that what comes next has room.
    for (let from = 0; from < all.length; from += (BLOCK * 3) / 4) {
      this.blocks.push(blockWith(all.subarray(from, from + (BLOCK * 3) / 4)));
    }
  }

  private put(value: number): void {
    let at = Math.min(this.blockOf(value), this.blocks.length - 1);
    let block = this.blocks[at];
    if (block && block.count === BLOCK) {
      this.blocks.splice(at + 1, 0, blockWith(block.values.subarray(BLOCK / 2)));
      block.count = BLOCK / 2;
      at = Math.min(this.blockOf(value), this.blocks.length - 1);
      block = this.blocks[at];
    }
    if (!block) return;
    const place = placeOf(block, value, true);
    block.values.copyWithin(place + 1, place, block.count);
    block.values[place] = value;
    block.count += 1;
  }

  /** Joins a block that has become small with the next, so that few blocks hold few values. */
  private narrow(at: number, block: Block): void {
    const next = this.blocks[at + 1];
    if (block.count === 0) this.blocks.splice(at, 1);
    else if (next && block.count + next.count <= BLOCK / 2) {
      block.values.set(next.values.subarray(0, next.count), block.count);
      block.count += next.count;
      this.blocks.splice(at + 1, 1);
    }
  }

  /** The first block whose last value is not less; the number of blocks where there is none. */
  private blockOf(value: number): number {
    let low = 0;
    let high = this.blocks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const block = this.blocks[middle];
      if (block && (block.values[block.count - 1] ?? 0) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function blockWith(values: Float64Array): Block {
  const block = { values: new Float64Array(BLOCK), count: values.length };
  block.values.set(values);
  return block;
}

/** How many values of the block are less than this one; `afterEqual`: less or equal. */
function placeOf({ values, count }: Block, value: number, afterEqual: boolean): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = values[middle] ?? 0;
    if (other < value || (afterEqual && other === value)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * ClickHouse's `quantileExactInclusive(share)` over these values, to the digit: linear between neighbours, as Excel's
 * PERCENTILE.INC. NaN of nothing, which a statement's row says as `nan` (and as null of a Nullable column).
 */
export function quantileExactInclusive(values: InOrder, share: number): number {
  const { size } = values;
  if (size === 0) return NaN;
  const place = share * (size - 1) + 1;
  const rank = Math.floor(place);
  if (rank < 1) return values.at(0);
  if (rank >= size) return values.at(size - 1);
  const below = values.at(rank - 1);
  return below + (place - rank) * (values.at(rank) - below);
}
