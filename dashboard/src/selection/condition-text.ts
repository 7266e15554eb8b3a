// A condition in the viewer's words: "channel is Web or App".
import { channelName, eventName, propertyName } from '../i18n/named.ts';
import { t } from '../i18n/text.svelte.ts';
import type { Condition } from './match.ts';

/** A value as the viewer reads it: channels and events have names, an unset value says so. */
export function valueName(property: string, value: string): string {
  if (property === 'event' && value) return eventName(value);
  return property === 'channel' ? channelName(value) : value || t().common.notSet;
}

/** "channel is Web or App"; reactive through the dictionary. */
export function conditionText({ property, op, values }: Condition): string {
  const words = t().selection;
  const named = values.filter((value) => value !== '').map((value) => valueName(property, value));
  const list = named.join(op === 'BETWEEN' ? words.and : words.or);
  return [propertyName(property), words.ops[op], list].filter(Boolean).join(' ');
}
