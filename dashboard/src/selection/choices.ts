// The list a match is chosen from: events by frequency, journey stages, channels, narrowed by what is typed. Pure.
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
  ];
}

const plain = (text: string) =>
  text
    .toLocaleLowerCase()
    .replaceAll(/[\s_-]+/g, ' ')
    .trim();

/** Choices whose name, or value as sent, holds what is typed; those that begin with it first. */
export function narrowed(choices: readonly Choice[], typed: string): Choice[] {
  const wanted = plain(typed);
  if (!wanted) return [...choices];
  const texts = (choice: Choice) => [plain(choice.name), plain(choice.value)];
  const found = choices.filter((choice) => texts(choice).some((text) => text.includes(wanted)));
  const begins = (choice: Choice) => texts(choice).some((text) => text.startsWith(wanted));
  return [...found.filter(begins), ...found.filter((choice) => !begins(choice))].sort(
    (a, b) => ORDER.indexOf(a.on) - ORDER.indexOf(b.on),
  );
}

const ORDER: MatchKind[] = ['event', 'stage', 'channel'];
