// What a television shows, in which order and for how long, as its address says; and where its picture stands. Pure.

/** Something that takes part. */
export interface Stop {
  /** As an address names it: a page's key, or `reports/ID`. */
  readonly key: string;
  readonly path: string;
  /** How long it stays. */
  readonly dwellMs: number;
}

/** What there is to show: in the order of the navigation, and of the overview. */
interface Choices {
  readonly pages: readonly { key: string; path: string; onTelevision?: boolean }[];
  /** Null while they are not known. */
  readonly reports: readonly { id: string; place: number | null }[] | null;
}

/** One name of a round, and how many seconds it stays where that is said. */
interface Turn {
  readonly key: string;
  readonly seconds: number | null;
}

/** All reports that stand on the overview. */
const PINNED = 'reports';
const DWELL_SECONDS = { usual: 20, least: 5, most: 3600 };

/**
 * What `?tv=overview,lifecycle:45,reports/ID` names, in that order; `reports` alone is every report on the overview.
 * Where none, or none known, is named: the pages marked for it, then those reports.
 */
export function stopsOf(asked: string | null, dwell: string | null, { pages, reports }: Choices): Stop[] {
  const usual = dwellMs(dwell);
  const ofReport = ({ id }: { id: string }): Omit<Stop, 'dwellMs'> => {
    const key = reportKey(id);
    return { key, path: `/${key}` };
  };
  const pinned = [...(reports ?? [])]
    .filter(({ place }) => place !== null)
    .sort((a, b) => (a.place ?? 0) - (b.place ?? 0))
    .map(ofReport);
  const ofPage = ({ key, path }: { key: string; path: string }) => ({ key, path });
  const named = turnsOf(asked).flatMap(({ key, seconds }): Stop[] => {
    const page = pages.find((one) => one.key === key.toLowerCase());
    const report = (reports ?? []).find(({ id }) => reportKey(id) === key);
    const stops = key === PINNED ? pinned : report ? [ofReport(report)] : page ? [ofPage(page)] : [];
    return stops.map((stop) => ({ ...stop, dwellMs: seconds === null ? usual : dwellMs(String(seconds)) }));
  });
  const once = named.filter((stop, i) => named.findIndex(({ key }) => key === stop.key) === i);
  if (once.length > 0 || (reports === null && turnsOf(asked).length > 0)) return once;
  const marked = pages.filter((page) => page.onTelevision).map(ofPage);
  return [...marked, ...pinned].map((stop) => ({ ...stop, dwellMs: usual }));
}

/** The names of a round with their seconds. */
function turnsOf(asked: string | null): Turn[] {
  return (asked ?? '').split(',').flatMap((part) => {
    const [, key = '', seconds] = /^\s*([^:]+?)\s*(?::\s*(\d+)\s*)?$/.exec(part) ?? [];
    return key ? [{ key, seconds: seconds === undefined ? null : Number(seconds) }] : [];
  });
}

/** A round as an address says it, for `?tv=`. */
export function roundText(turns: readonly Turn[]): string {
  return turns
    .map(({ key, seconds }) => (seconds === null ? key : `${key}:${dwellMs(String(seconds)) / 1000}`))
    .join(',');
}

export const reportKey = (id: string): string => `reports/${id}`;

/** How long each stays, in milliseconds: `?dwell=45` is seconds; 20 where nothing sensible is said. */
export function dwellMs(asked: string | null): number {
  const seconds = Number(asked);
  if (!asked || !Number.isFinite(seconds) || seconds <= 0) return DWELL_SECONDS.usual * 1000;
  return Math.min(DWELL_SECONDS.most, Math.max(DWELL_SECONDS.least, seconds)) * 1000;
}

/** The stop that an address shows: the very one, else the page that the address belongs to. */
export function stopAt(stops: readonly Stop[], path: string, page: string | undefined): Stop | undefined {
  return stops.find((stop) => stop.path === path) ?? stops.find((stop) => stop.key === page);
}

/** The stop after this one; the first where this one is none of them; null where there is nothing else. */
export function stopAfter(stops: readonly Stop[], key: string | undefined): Stop | null {
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
