// Names from the store as the viewer should read them: known ones in the viewer's language, others as sent.
import type { Problem } from '../api/problem.ts';
import { names as english } from './en/names.ts';
import { problemText } from './problem-text.ts';
import { reasonIn } from './reason.ts';
import { saidIn } from './said.ts';
import { isEnglish, t } from './text.svelte.ts';

/**
 * `product_viewed`, and `Product Viewed` as Segment's SDKs send it -> "Product viewed" / "浏览商品"; an unknown name is
 * shown as it was sent.
 */
export function eventName(name: string): string {
  const { events } = t().names;
  return own(events, name) ?? own(events, name.toLowerCase().replaceAll(' ', '_')) ?? name;
}

export function channelName(name: string): string {
  return own(t().names.channels, name) ?? (name || t().common.notSet);
}

/** `channel` -> "channel" / "渠道"; others as sent. */
export function propertyName(name: string): string {
  return own(t().names.properties, name) ?? name;
}

/** Why an event was refused: in the viewer's language where the dictionary knows the sentence. */
export function reasonText(reason: string): string {
  return reasonIn(t().names.reasons, reason);
}

/**
 * What an answer counted, as the server says it; in another language than its own where the dictionary knows how,
 * else nothing: the sentence under the title says it in short.
 */
export function definitionText(definition: string | undefined): string | undefined {
  // Words of the dashboard's own are in the viewer's language; the server's sentences begin in English.
  if (definition === undefined || isEnglish() || !/^[A-Z]/.test(definition)) return definition;
  return saidIn(t().said, definition, eventName) ?? undefined;
}

/** Why the server refused: `isForeign` where it can only be shown as it was said, in English. */
export function refusalText(problem: Problem): { text: string; isForeign: boolean } {
  const known = problemText(problem);
  if (isEnglish() || known !== problem.detail) return { text: known, isForeign: false };
  const text = saidIn(t().said, problem.detail);
  return { text: text ?? problem.detail, isForeign: text === null };
}

/** Why a customer is in a stage, without the stage's name. */
export function stageReason(reason: string): string {
  return isEnglish() ? reason : (saidIn(t().saidReasons, reason, eventName) ?? reason);
}

/** What a stage is: the built-in map's own words in the viewer's language, others as the retailer wrote them. */
export function stageDescription(description: string | null | undefined): string | undefined {
  return description ? (saidIn(t().said, description) ?? description) : undefined;
}

/** A stage of the journey map; a name the retailer gave it stands, a built-in one is translated. */
export function stageName(stage: { key: string; name: string }): string {
  const builtIn = own(english.stages, stage.key);
  const isBuiltIn = builtIn?.toLowerCase() === stage.name.toLowerCase();
  return (isBuiltIn && own(t().names.stages, stage.key)) || stage.name || stage.key;
}

/** Never reads what every object inherits: a customer may send an event named `constructor`. */
function own(table: Record<string, string>, key: string): string | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
