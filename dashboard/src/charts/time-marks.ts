// Where annotations stand on an axis of time: those of one place fold to one mark. Pure; draws nothing.

/** Something written at an instant. */
export interface Note {
  id: string;
  /** RFC 3339. */
  at: string;
  text: string;
}

/** The points of a chart along time; rows of its table, in the same order, one a point. */
export interface TimeAxis {
  /** Milliseconds since 1970, rising. */
  at: readonly number[];
  /** Intervals by their starts, or instants at which something was told. */
  points: 'starts' | 'instants';
  /** What the chart's axis goes by: the points' places, or time itself. */
  scale: 'places' | 'time';
}

export interface Mark {
  /** The place of the point that it belongs to. */
  index: number;
  /** On the chart's own axis. */
  value: number;
  notes: Note[];
}

export function timeAxis(
  at: readonly string[],
  points: TimeAxis['points'],
  scale: TimeAxis['scale'] = 'places',
): TimeAxis {
  return { at: at.map((text) => Date.parse(text)), points, scale };
}

const DAY_MS = 86_400_000;

/** How long the last interval may be: as long as the longest before it. */
function lastLength(at: readonly number[]): number {
  const gaps = at.slice(1).map((ms, i) => ms - (at[i] ?? ms));
  return gaps.length ? Math.max(...gaps) : DAY_MS;
}

/** The place that an instant belongs to; null outside the axis. An instant tells of the time up to it. */
export function placeOf(axis: TimeAxis, ms: number): number | null {
  const { at, points } = axis;
  const [first, last] = [at[0], at.at(-1)];
  if (first === undefined || last === undefined || ms < first) return null;
  if (points === 'instants') return ms > last ? null : at.findIndex((point) => point >= ms);
  return ms >= last + lastLength(at) ? null : at.findLastIndex((point) => point <= ms);
}

/** One mark a place, in the order of the axis; notes in the order of time. */
export function marksOn(axis: TimeAxis, notes: readonly Note[]): Mark[] {
  const byPlace = new Map<number, Note[]>();
  for (const note of [...notes].sort((a, b) => Date.parse(a.at) - Date.parse(b.at))) {
    const place = placeOf(axis, Date.parse(note.at));
    if (place !== null) byPlace.set(place, [...(byPlace.get(place) ?? []), note]);
  }
  return [...byPlace]
    .sort(([a], [b]) => a - b)
    .map(([index, list]) => {
      const value = axis.scale === 'places' ? index : Date.parse(list[0]?.at ?? '');
      return { index, value, notes: list };
    });
}

/** The instant that is meant by a value on the chart's axis; of the interval that holds now, now. */
export function instantAt(axis: TimeAxis, value: number, now: number): number | null {
  const { at, points, scale } = axis;
  const last = at.length - 1;
  if (last < 0) return null;
  if (scale === 'time') return Math.min(Math.max(value, at[0] ?? 0), at[last] ?? 0);
  const place = Math.min(Math.max(Math.round(value), 0), last);
  const ms = at[place] ?? 0;
  const isNow = points === 'starts' && ms <= now && now < (at[place + 1] ?? ms + lastLength(at));
  return isNow ? now : ms;
}
