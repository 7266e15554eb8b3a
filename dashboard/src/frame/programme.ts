// What a television shows, in which order and for how long, as its address says; and where its picture stands. Pure.

/** A page that takes part. */
export interface Stop {
  readonly key: string;
  readonly path: string;
}

const DWELL_SECONDS = { usual: 20, least: 5, most: 3600 };

/** The pages of `?tv=overview,lifecycle` in that order; those marked for it where none, or none known, is named. */
export function stopsOf<T extends Stop>(
  asked: string | null,
  pages: readonly (T & { onTelevision?: boolean })[],
): T[] {
  const named = (asked ?? '')
    .split(',')
    .flatMap((key) => pages.find((page) => page.key === key.trim().toLowerCase()) ?? []);
  return named.length ? [...new Set(named)] : pages.filter((page) => page.onTelevision);
}

/** How long each stays, in milliseconds: `?dwell=45` is seconds; 20 where nothing sensible is said. */
export function dwellMs(asked: string | null): number {
  const seconds = Number(asked);
  if (!asked || !Number.isFinite(seconds) || seconds <= 0) return DWELL_SECONDS.usual * 1000;
  return Math.min(DWELL_SECONDS.most, Math.max(DWELL_SECONDS.least, seconds)) * 1000;
}

/** The stop after this one; the first where this one is none of them; null where there is nothing else. */
export function stopAfter<T extends Stop>(stops: readonly T[], key: string | undefined): T | null {
  const next = stops[(stops.findIndex((stop) => stop.key === key) + 1) % stops.length];
  return next && next.key !== key ? next : null;
}

/** Milliseconds between two small moves of the picture. */
export const SHIFT_MS = 30_000;

/**
 * How far the whole picture stands from its place, -1..1 each way, so that no edge burns in: a slow way over a small
 * field that comes by every place of it (29 and 31 have no common measure).
 */
export function shiftAt(ms: number): { x: number; y: number } {
  const step = Math.floor(ms / SHIFT_MS);
  const there = (period: number): number => 1 - 4 * Math.abs(((step / period) % 1) - 0.5);
  return { x: there(29), y: there(31) };
}
