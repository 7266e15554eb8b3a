import { describe, expect, it } from 'vitest';
import { mentionedEvents, mentionedProperties } from './mentions.ts';
import { retailMap } from './retail.ts';
import type { LifecycleRule } from './rule.ts';

const [first] = retailMap.lifecycle;
const mapOf = (rule: LifecycleRule) => ({ ...retailMap, lifecycle: first ? [{ ...first, rule }] : [] });
const where = { all: [{ property: 'price' }, { not: { property: 'tier', of: 'CUSTOMER' as const } }] };

describe('what rules name', () => {
  it('are properties of events and customers, each with its place', () => {
    const map = mapOf({ any: [{ orders: { atLeast: 1, where } }, { trait: { property: 'city' } }] });
    expect(mentionedProperties(map)).toEqual([
      { field: 'lifecycle[0].rule.any[0].orders.where.all[0].property', name: 'price', of: 'EVENT' },
      { field: 'lifecycle[0].rule.any[0].orders.where.all[1].not.property', name: 'tier', of: 'CUSTOMER' },
      { field: 'lifecycle[0].rule.any[1].trait.property', name: 'city', of: 'CUSTOMER' },
    ]);
  });

  it('are events, however deep', () => {
    const match = { anyOf: [{ events: ['view'] }, { stage: 'purchase' }] };
    expect(mentionedEvents(mapOf({ not: { did: { match } } }))).toEqual([
      { field: 'lifecycle[0].rule.not.did.match.anyOf[0].events[0]', name: 'view' },
    ]);
  });
});
