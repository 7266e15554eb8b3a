import { describe, expect, it } from 'vitest';
import { checkEvent, SENT_TIME } from './event.ts';
import type { EventRequest, IngestEvent } from './event.ts';

const NOW = Date.UTC(2026, 5, 1, 12);
const good: EventRequest = { customerId: 'ann', event: 'view', time: '2026-05-01T10:00:00Z' };

function stored(request: EventRequest): IngestEvent {
  const checked = checkEvent({ ...good, ...request }, NOW);
  if (!checked.ok) throw new Error(checked.reason);
  return checked.event;
}

function reason(request: EventRequest): string | null {
  const checked = checkEvent({ ...good, ...request }, NOW);
  return checked.ok ? null : checked.reason;
}

const nested = (depth: number): unknown => (depth === 0 ? 1 : { x: nested(depth - 1) });

describe('what is refused', () => {
  it.each<[string, EventRequest, string]>([
    ['no name', { event: undefined }, 'The event has no name.'],
    ['a blank name', { event: '  ' }, 'The event has no name.'],
    ['a name that is no text', { event: 5 }, 'event is not text.'],
    ['no customer', { customerId: undefined }, 'An event needs a customerId or an anonymousId.'],
    [
      'a time that does not exist',
      { time: '2026-02-30' },
      'time is not an instant such as 2026-01-31T23:59:59Z.',
    ],
    ['an empty time', { time: '' }, 'time is not an instant such as 2026-01-31T23:59:59Z.'],
    ['year zero', { time: '0000-00-00' }, 'time is not an instant such as 2026-01-31T23:59:59Z.'],
    ['time zero', { time: 0 }, 'time is not after 1970-01-01T00:00:00Z.'],
    ['1899', { time: '1899-12-31' }, 'time is not after 1970-01-01T00:00:00Z.'],
    ['no revenue', { revenue: Number.NaN }, 'revenue is not a number.'],
    ['endless revenue', { revenue: Infinity }, 'revenue is not a number.'],
    ['too much revenue', { revenue: 1e15 }, 'revenue is beyond 10,000,000,000,000.'],
    ['a list of properties', { properties: [1] }, 'properties is not an object.'],
    ['text as properties', { properties: 'x' }, 'properties is not an object.'],
    ['deep properties', { properties: nested(1001) }, 'properties are nested deeper than 20 levels.'],
    [
      'very deep properties',
      { properties: JSON.parse('{"x":'.repeat(9000) + '1' + '}'.repeat(9000)) as unknown },
      'properties are nested deeper than 20 levels.',
    ],
    [
      'many properties',
      { properties: Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`p${i}`, i])) },
      'properties have more than 1000 values.',
    ],
    ['a large event', { properties: { a: '值'.repeat(11_000) } }, 'The event is larger than 32 kB.'],
    [
      'a text of 1 MB',
      { properties: { a: 'x'.repeat(1_000_000) } },
      'properties have a text that is too long.',
    ],
    ['a long id', { customerId: 'x'.repeat(1025) }, 'customerId is longer than 1024 characters.'],
  ])('%s', (_, request, expected) => {
    expect(reason(request)).toBe(expected);
  });

  it.each(['', ' ', 'null', 'undefined', 'NaN', '[object Object]', '0'])('%j as an id', (id) => {
    expect(reason({ customerId: id })).toMatch(/^customerId/);
    expect(reason({ customerId: null, anonymousId: id })).toMatch(/^anonymousId/);
    if (id !== '') expect(reason({ id })).toMatch(/is not an id/);
  });

  it.each([null, 'x', 5, []])('%j as an event', (event) => {
    expect(checkEvent(event as unknown as EventRequest, NOW).ok).toBe(false);
  });
});

describe('what is stored', () => {
  it('is the customer, else the anonymous visitor', () => {
    expect(stored({ anonymousId: 'a1' }).customerId).toBe('ann');
    expect(stored({ customerId: null, anonymousId: 'a1' }).customerId).toBe('a1');
  });

  it.each<[unknown, string]>([
    [undefined, '2026-06-01T12:00:00.000Z'],
    ['2026-05-01', '2026-05-01T00:00:00.000Z'],
    ['2026-05-01T10:00:00.1239+02:00', '2026-05-01T08:00:00.123Z'],
    ['2024-02-29 10:00', '2024-02-29T10:00:00.000Z'],
    [1_767_225_600, '2026-01-01T00:00:00.000Z'],
    [1_767_225_600_123, '2026-01-01T00:00:00.123Z'],
    [new Date('2026-05-01'), '2026-05-01T00:00:00.000Z'],
  ])('time %j as %s', (time, expected) => {
    expect(new Date(stored({ time }).timeMs).toISOString()).toBe(expected);
  });

  it('has arrived now where it claims to come from the future, and says what it claimed', () => {
    const event = stored({ time: '9999-12-31T00:00:00Z' });
    expect(event.timeMs).toBe(NOW);
    expect(event.properties[SENT_TIME]).toBe('9999-12-31T00:00:00.000Z');
    expect(stored({ time: '2026-06-02T11:00:00Z' }).properties).toEqual(Object.create(null));
  });

  it('keeps whole numbers beyond 2^53 as text, drops nulls, mends lone surrogates', () => {
    const properties = { big: 2 ** 60, none: null, list: [1, null], text: 'a\ud800b', __proto__x: 1 };
    expect({ ...stored({ properties }).properties }).toEqual({
      __proto__x: 1,
      big: '1152921504606846976',
      list: [1, null],
      text: 'a\ufffdb',
    });
  });

  it('pollutes nothing by names of its own', () => {
    const { properties } = stored({
      properties: JSON.parse('{"__proto__":{"polluted":1},"toString":2}') as unknown,
    });
    expect(Object.keys(properties)).toEqual(['__proto__', 'toString']);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  it('rounds revenue to the four places that are kept', () => {
    expect(stored({ revenue: 0.1 + 0.2 }).revenue).toBe(0.3);
    expect(stored({ revenue: -12.34567 }).revenue).toBe(-12.3457);
  });
});

describe('the id', () => {
  it('is the one sent', () => expect(stored({ id: 'abc' }).eventId).toBe('abc'));

  it('follows from the content, whatever the order of names', () => {
    const one = stored({ properties: { a: 1, b: { c: 2, d: 3 } } });
    const same = stored({ properties: { b: { d: 3, c: 2 }, a: 1 } });
    expect(one.eventId).toMatch(/^[0-9a-f]{32}$/);
    expect(same.eventId).toBe(one.eventId);
  });

  it.each<[string, EventRequest]>([
    ['customer', { customerId: 'bob' }],
    ['event', { event: 'buy' }],
    ['time', { time: '2026-05-01T10:00:01Z' }],
    ['order', { orderId: '1' }],
    ['revenue', { revenue: 1 }],
    ['properties', { properties: { a: 1 } }],
  ])('differs by %s', (_, request) => {
    expect(stored(request).eventId).not.toBe(stored({}).eventId);
  });

  it('stays the same for a clamped time that is sent again later', () => {
    const request = { ...good, time: '9999-01-01' };
    const [first, later] = [checkEvent(request, NOW), checkEvent(request, NOW + 5000)];
    expect(first.ok && later.ok && first.event.eventId === later.event.eventId).toBe(true);
  });
});
