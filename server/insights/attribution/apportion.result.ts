/** A whole shared out in decimals so that the shares add up to it exactly: largest remainders. Pure. */

/**
 * Amounts cut to steps of `1 / steps` that together are exactly `total`, which must be a whole number of steps
 * and close to the amounts' own sum. What is missing goes, a step each, to those that lost most by the cut, the
 * first among equals. An amount of zero stays zero.
 */
export function apportion(total: number, amounts: readonly number[], steps: number): readonly number[] {
  const parts = amounts.map((amount, i) => {
    const exact = amount * steps;
    const floor = Math.floor(exact);
    return { i, share: BigInt(floor), lost: exact - floor, isNothing: amount === 0 };
  });
  let missing = parts.reduce((left, { share }) => left - share, BigInt(Math.round(total * steps)));
  const order = parts
    .filter(({ isNothing }) => !isNothing)
    .sort((a, b) => (missing < 0n ? a.lost - b.lost : b.lost - a.lost) || a.i - b.i);
  const step = missing < 0n ? -1n : 1n;
  for (let turn = 0; missing !== 0n && order.length > 0; turn += 1) {
    const part = order[turn % order.length];
    if (part) part.share += step;
    missing -= step;
  }
  return parts.map(({ share }) => Number(share) / steps);
}
