// Names at the right edge of a stacked area, instead of a legend. Pure.

/**
 * Where the names stand at the right edge: the middle of each band at the last point, as a share of the
 * plot's height from its top, pushed apart to at least `gap`. In the order of the bands.
 */
export function labelPlaces(lastShares: number[], gap: number): number[] {
  let below = 0;
  const places = lastShares.map((share) => {
    const middle = 1 - (below + share / 2);
    below += share;
    return middle;
  });
  let limit = 1 - gap / 2;
  const fromBottom = places.map((place) => {
    const put = Math.min(place, limit);
    limit = put - gap;
    return put;
  });
  let floor = gap / 2;
  return fromBottom
    .reverse()
    .map((place) => {
      const put = Math.max(place, floor);
      floor = put + gap;
      return put;
    })
    .reverse();
}
