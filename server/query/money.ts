/** Money as answers show it. Statements sum decimals exactly; what leaves is rounded once, at the end. */

/** A sum of revenue to the cent: line prices can be finer than any amount that is paid. */
export function money(amount: string | number): number {
  return Math.round(Number(amount) * 100) / 100;
}
