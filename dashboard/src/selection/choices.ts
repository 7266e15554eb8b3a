// The list a match is chosen from: events by frequency, journey stages, channels, narrowed by what is typed. Pure.
import { found } from '../ui/search.ts';
import { ANY_EVENT, MATCH_KINDS } from './match.ts';
import type { Match, MatchKind } from './match.ts';

export interface Choice {
  on: MatchKind;
  value: string;
  /** As the viewer reads it. */
  name: string;
  /** Events that were counted; null where there is no count. */
  count: number | null;
}

export interface Named {
  events: readonly { name: string; count: number; stage?: string | null }[];
  stages: readonly { key: string; name: string }[];
  channels: readonly string[];
}

/** Every choice, in the order of the list; `nameOf` translates. */
export function allChoices(from: Named, nameOf: (match: Match) => string): Choice[] {
  const inStage = (key: string) =>
    from.events.filter((event) => event.stage === key).reduce((sum, event) => sum + event.count, 0);
  const events = [...from.events].sort((a, b) => b.count - a.count);
  const choice = (on: MatchKind, value: string, count: number | null): Choice => ({
    on,
    value,
    count,
    name: nameOf({ on, value }),
  });
  return [
    ...events.map((event) => choice('event', event.name, event.count)),
    ...from.stages.map((stage) => choice('stage', stage.key, inStage(stage.key))),
    ...from.channels.map((channel) => choice('channel', channel, null)),
    choice(ANY_EVENT.on, ANY_EVENT.value, null),
  ];
}

/**
 * Choices whose name, or value as sent, answers what is typed: those of one kind together, best first, the kind with
 * the best answer before the others.
 */
export function narrowed(choices: readonly Choice[], typed: string): Choice[] {
  const answers = found(choices, typed, ({ name, value }) => [name, value]);
  const best = (kind: MatchKind) =>
    Math.min(...answers.flatMap(({ item, rank }) => (item.on === kind ? [rank] : [])));
  const kinds = [...MATCH_KINDS].sort((a, b) => rankOf(best(a)) - rankOf(best(b)));
  return kinds.flatMap((kind) => answers.flatMap(({ item }) => (item.on === kind ? [item] : [])));
}

/** A name exactly as typed is worth another place than one that only begins with it; lesser differences are not. */
const rankOf = (rank: number): number => (rank === 0 ? 0 : Number.isFinite(rank) ? 1 : 2);
