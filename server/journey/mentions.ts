/** What a journey map's rules name of events and customers: properties, traits, events. Pure. */
import type { PropertyScope } from '../query/filter.ts';
import type { JourneyMap } from './map.ts';

/** A property that a rule names, and where. */
export interface Mention {
  readonly field: string;
  readonly name: string;
  readonly of: PropertyScope;
}

type Found = (mention: Mention) => void;

/** The properties and traits of all rules, in the map's order; a name stands there as often as it is named. */
export function mentionedProperties(map: JourneyMap): readonly Mention[] {
  const mentions: Mention[] = [];
  map.lifecycle.forEach(({ rule }, i) =>
    visit(rule, `lifecycle[${i}].rule`, 'EVENT', (mention) => mentions.push(mention)),
  );
  return mentions;
}

/** Of anything in a rule; `of` is whose properties are meant where it is not said. */
function visit(value: unknown, field: string, of: PropertyScope, found: Found): void {
  if (Array.isArray(value)) return value.forEach((part, i) => visit(part, `${field}[${i}]`, of, found));
  if (typeof value !== 'object' || value === null) return;
  const { property, of: said } = value as { readonly property?: unknown; readonly of?: unknown };
  if (typeof property === 'string') {
    // A trait rule speaks of the customer throughout.
    const whose = of === 'CUSTOMER' || said === 'CUSTOMER' ? 'CUSTOMER' : 'EVENT';
    return found({ field: `${field}.property`, name: property, of: whose });
  }
  for (const [key, part] of Object.entries(value))
    visit(part, `${field}.${key}`, key === 'trait' ? 'CUSTOMER' : of, found);
}

export interface EventMention {
  readonly field: string;
  readonly name: string;
}

/** The events that rules name, by name. */
export function mentionedEvents(map: JourneyMap): readonly EventMention[] {
  const mentions: EventMention[] = [];
  const look = (value: unknown, field: string): void => {
    if (Array.isArray(value)) return value.forEach((part, i) => look(part, `${field}[${i}]`));
    if (typeof value !== 'object' || value === null) return;
    for (const [key, part] of Object.entries(value)) {
      const at = `${field}.${key}`;
      if (key !== 'events' || !Array.isArray(part)) look(part, at);
      else
        part.forEach((name, i) => typeof name === 'string' && mentions.push({ field: `${at}[${i}]`, name }));
    }
  };
  map.lifecycle.forEach(({ rule }, i) => look(rule, `lifecycle[${i}].rule`));
  return mentions;
}
