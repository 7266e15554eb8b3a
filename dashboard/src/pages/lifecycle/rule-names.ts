// How rules name things in the viewer's language; reactive through the dictionary and the formats.
import { fmt } from '../../format/fmt.svelte.ts';
import { channelName, eventName, stageName } from '../../i18n/named.ts';
import { isoSeconds } from '../../selection/iso-duration.ts';
import type { RuleNames } from './rule-words.ts';

interface Named {
  key: string;
  name: string;
}

/** `lifecycle` and `journey` are the stages that rules may name. */
export function ruleNames(lifecycle: readonly Named[], journey: readonly Named[] = []): RuleNames {
  const nameIn = (stages: readonly Named[]) => (key: string) =>
    stageName(stages.find((stage) => stage.key === key) ?? { key, name: key });
  return {
    event: eventName,
    channel: channelName,
    stage: nameIn(journey),
    lifecycleStage: nameIn(lifecycle),
    duration: (iso) => {
      const seconds = isoSeconds(iso);
      return seconds === null ? iso : fmt().duration(seconds);
    },
    count: (n) => fmt().count(n),
    money: (n) => fmt().money(n),
  };
}
