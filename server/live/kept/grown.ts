/** Typed arrays that grow by a part of themselves, so that adding one by one costs the same each. */

type Growable = Float64Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;

/** Small ones by half; large ones by less, since what is not used yet is memory too. */
const GROWTH = 1.5;
const GROWTH_OF_LARGE = 1.125;
const LARGE = 2 ** 20;

/** The array itself where it has that much room, else a larger one with its values. */
export function grown<T extends Growable>(array: T, length: number): T {
  if (length <= array.length) return array;
  const growth = array.length < LARGE ? GROWTH : GROWTH_OF_LARGE;
  const larger = new (array.constructor as new (length: number) => T)(
    Math.max(length, Math.ceil(array.length * growth), 16),
  );
  (larger as Float64Array).set(array);
  return larger;
}
