// Names from the store as the viewer should read them: known ones in the viewer's language, others as sent.
import { names as english } from './en/names.ts';
import { reasonIn } from './reason.ts';
import { t } from './text.svelte.ts';

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
