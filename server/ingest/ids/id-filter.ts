/**
 * A set that may say yes of what is not in it, never no of what is: a Bloom filter that grows by layers (Almeida and
 * others, 2007), each hash's bits in one line of the processor's cache (Putze and others, 2009). Of a hash it takes
 * all 64 bits to be as good as random.
 */

/** So many times more than one in ten thousand are taken for known that are not, when a layer is full. */
const BITS_PER_HASH = 24;
const FIRST_HASHES = 1_000_000;
/** Past it no layer is added, and more and more are taken for known: at a hundred million ids two of a hundred. */
export const MOST_BYTES = 96 * 1024 * 1024;
/** 32-bit words of a line. */
const LINE = 16;

interface Layer {
  readonly words: Uint32Array;
  readonly lines: number;
  readonly takes: number;
  holds: number;
}

export class IdFilter {
  readonly #layers: Layer[];

  /** `expected`: how many hashes there are already. */
  constructor(expected: number) {
    this.#layers = [layerFor(Math.max(FIRST_HASHES, expected * 2), MOST_BYTES)];
  }

  get bytes(): number {
    return this.#layers.reduce((sum, { words }) => sum + words.byteLength, 0);
  }

  add(high: number, low: number): void {
    let layer = this.#layers.at(-1) as Layer;
    const left = MOST_BYTES - this.bytes;
    if (layer.holds >= layer.takes && left >= FIRST_HASHES) {
      layer = layerFor(layer.takes * 2, left);
      this.#layers.push(layer);
    }
    layer.holds += 1;
    const { words } = layer;
    const line = lineOf(layer, high);
    let bits = low;
    for (let i = 0; i < 6; i += 1) {
      const bit = bitOf(bits, i);
      const at = line + (bit >>> 5);
      words[at] = (words[at] as number) | (1 << (bit & 31));
      if (i === 2) bits = mixed(high, low);
    }
  }

  has(high: number, low: number): boolean {
    return this.#layers.some((layer) => isIn(layer, high, low));
  }
}

function layerFor(hashes: number, mostBytes: number): Layer {
  const bytes = Math.min(mostBytes, Math.ceil((hashes * BITS_PER_HASH) / 8));
  const lines = Math.max(1, Math.floor(bytes / (LINE * 4)));
  return { words: new Uint32Array(lines * LINE), lines, takes: hashes, holds: 0 };
}

function isIn(layer: Layer, high: number, low: number): boolean {
  const line = lineOf(layer, high);
  let bits = low;
  for (let i = 0; i < 6; i += 1) {
    const bit = bitOf(bits, i);
    if (((layer.words[line + (bit >>> 5)] as number) & (1 << (bit & 31))) === 0) return false;
    if (i === 2) bits = mixed(high, low);
  }
  return true;
}

/** The first word of the line that a hash's bits are in. */
const lineOf = ({ lines }: Layer, high: number): number => Math.floor((high / 0x1_0000_0000) * lines) * LINE;

/** The `i`th place in a line, of 512: three in 32 bits. */
const bitOf = (bits: number, i: number): number => (bits >>> ((i % 3) * 9)) & 511;

/** 32 more bits, for the last three places. */
const mixed = (high: number, low: number): number => Math.imul(high ^ (low >>> 15), 0x9e3779b1) ^ (low >>> 5);
