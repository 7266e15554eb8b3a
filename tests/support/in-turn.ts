/** Many questions over one store: a few at a time, so that the engine is busy and nothing waits for its turn. */

/** Asks about each item, `atOnce` of them side by side; the first failure is thrown. */
export async function inTurn<T>(
  items: readonly T[],
  atOnce: number,
  ask: (item: T, index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const runner = async (): Promise<void> => {
    while (next < items.length) {
      const index = next;
      next += 1;
      await ask(items[index] as T, index);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, runner));
}
