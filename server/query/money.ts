/** Money as answers show it. Statements sum decimals exactly; what leaves is rounded once, at the end. */

/** A sum of revenue to the cent: line prices can be finer than any amount that is paid. */
export function money(amount: string | number): number {
  return Math.round(Number(amount) * 100) / 100;
}

/** A sum kept in whole ten-thousandths, in the form in which rows of statements carry decimals: `-12.5`. */
export function decimalText(tenThousandths: number): string {
  const size = Math.abs(tenThousandths);
  const fraction = String(size % 10_000)
    .padStart(4, '0')
    .replace(/0+$/, '');
  return `${tenThousandths < 0 ? '-' : ''}${Math.floor(size / 10_000)}${fraction && `.${fraction}`}`;
}
