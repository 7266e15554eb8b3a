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

/** Colours of maps that are ours, as they stand there, and the token that is the same colour in either theme. */
const TOKENS: Readonly<Record<string, string>> = {
  '#a3acb0': 'stage-prospect',
  '#4da9dc': 'stage-new',
  '#3f9d5d': 'stage-active',
  '#0f807b': 'stage-loyal',
  '#d9a520': 'stage-high_value',
  '#e57f2c': 'stage-at_risk',
  '#a383ae': 'stage-dormant',
  '#a8442f': 'stage-lost',
  '#98b928': 'stage-won_back',
  '#459187': 'cat-1',
  '#c9860f': 'cat-2',
  '#9f90f5': 'cat-3',
  '#b54c18': 'cat-4',
  '#81cae2': 'cat-5',
  '#824a97': 'cat-6',
  '#ccc071': 'cat-7',
  '#45484d': 'cat-8',
};

const isColor = (color: string): boolean => /^#[0-9a-f]{3,8}$/i.test(color);

/** The token of a stage's colour; null where the map has a colour of its own. */
export function stageToken({ key, color }: { key: string; color: string }): string | null {
  const known = TOKENS[color.toLowerCase()];
  if (known || isColor(color)) return known ?? null;
  return /^[a-z_]+$/.test(key) ? `stage-${key}` : null;
}

/** The colour of a lifecycle stage, for CSS. */
export function stageColor(stage: { key: string; color: string }): string {
  const fallback = isColor(stage.color) ? stage.color : 'var(--text-3)';
  const token = stageToken(stage);
  return token ? `var(--${token}, ${fallback})` : fallback;
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
