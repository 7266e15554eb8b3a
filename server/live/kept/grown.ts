/** Typed arrays that grow by half, so that adding one by one costs the same each. */

type Growable = Float64Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;

const GROWTH = 1.5;

/** The array itself where it has that much room, else a larger one with its values. */
export function grown<T extends Growable>(array: T, length: number): T {
  if (length <= array.length) return array;
  const larger = new (array.constructor as new (length: number) => T)(
    Math.max(length, Math.ceil(array.length * GROWTH), 16),
  );
  (larger as Float64Array).set(array);
  return larger;
}
