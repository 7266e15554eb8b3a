// The fixed colour of a value across pages: a channel has the same colour everywhere. Pure.

/** The channels in the order of the categorical colours. */
const CHANNELS = ['web', 'app', 'store', 'wechat', 'email', 'chat', 'call_center', 'referral'];

/** The place of a value among the eight colours: known channels have their own, others one by their name. */
export function categoryIndex(value: string): number {
  const known = CHANNELS.indexOf(value);
  if (known >= 0) return known;
  let hash = 0;
  for (const char of value) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) >>> 0;
  return hash % 8;
}

/**
 * The places of several values of one picture among the eight colours: known channels keep theirs, others take
 * the next that is free from the one of their name; -1 for the rest (`null`), which is grey.
 */
export function categoryPlaces(values: readonly (string | null)[]): number[] {
  const taken = new Set(values.flatMap((value) => (isChannel(value) ? [categoryIndex(value)] : [])));
  return values.map((value) => {
    if (value === null) return -1;
    let place = categoryIndex(value);
    if (isChannel(value)) return place;
    if (taken.size < 8) while (taken.has(place)) place = (place + 1) % 8;
    taken.add(place);
    return place;
  });
}

const isChannel = (value: string | null): value is string => value !== null && CHANNELS.includes(value);

/** The colour of a place, for CSS. */
export const placeColor = (place: number): string =>
  place < 0 ? 'var(--text-3)' : `var(--cat-${place + 1})`;

/** The colour token of a channel, for CSS. */
export function channelColor(channel: string): string {
  return `var(--cat-${categoryIndex(channel) + 1})`;
}

/** The colour of a lifecycle stage, for CSS: a built-in stage's token, else the colour of the map. */
export function stageColor(stage: { key: string; color: string }): string {
  const fallback = /^#[0-9a-f]{3,8}$/i.test(stage.color) ? stage.color : 'var(--text-3)';
  return /^[a-z_]+$/.test(stage.key) ? `var(--stage-${stage.key}, ${fallback})` : fallback;
}

/** From the best customers over those drifting off to the lost, then those who never bought. */
const STAGES = ['high_value', 'loyal', 'active', 'won_back', 'new', 'at_risk', 'dormant', 'lost', 'prospect'];

/** Stages in the order charts stack them, from the bottom; the retailer's own stand where the map has them. */
export function inStackOrder<T>(list: readonly T[], key: (item: T) => string): T[] {
  const rank = (item: T, index: number) => {
    const at = STAGES.indexOf(key(item));
    return at < 0 ? 4.5 + index / 1000 : at;
  };
  return list
    .map((item, index) => ({ item, rank: rank(item, index) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
}
