// Names at the right edge of a stacked area, instead of a legend. Pure.
import type { ChartTheme } from './theme.ts';

/** A name takes so much of the height, in pixels. */
export const nameHeight = (theme: ChartTheme): number => theme.rem * 1.5;
/** What a plot beside names leaves free above and below, in pixels. */
export const plotTop = (theme: ChartTheme): number => theme.rem * 0.5;
export const plotBottom = (theme: ChartTheme): number => theme.rem * 1.5;

/**
 * Where the names stand at the right edge: the middle of each band at the last point, as a share of the
 * plot's height from its top, pushed apart to at least `gap`. In the order of the bands; where there is not room for
 * all, the widest bands have names, and null stands for the others.
 */
export function labelPlaces(lastShares: readonly number[], gap: number): (number | null)[] {
  const room = Math.max(1, Math.floor(1 / gap + 1e-9));
  const widest = [...lastShares.keys()].sort((a, b) => (lastShares[b] ?? 0) - (lastShares[a] ?? 0));
  const named = new Set(widest.slice(0, room));
  const middles: { band: number; place: number }[] = [];
  let below = 0;
  for (const [band, share] of lastShares.entries()) {
    if (named.has(band)) middles.push({ band, place: 1 - (below + share / 2) });
    below += share;
  }
  const places: (number | null)[] = lastShares.map(() => null);
  for (const { band, place } of pushedApart(middles, gap)) places[band] = place;
  return places;
}

/** From the bottom up; then down again from the top. */
function pushedApart<Name extends { readonly place: number }>(names: readonly Name[], gap: number): Name[] {
  let limit = 1 - gap / 2;
  const fromBottom = names.map((name) => {
    const place = Math.min(name.place, limit);
    limit = place - gap;
    return { ...name, place };
  });
  let floor = gap / 2;
  return fromBottom.reverse().map((name) => {
    const place = Math.max(name.place, floor);
    floor = place + gap;
    return { ...name, place };
  });
}
