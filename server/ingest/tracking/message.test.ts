import { describe, expect, it } from 'vitest';
import { channelOf, contextProperties } from './context.ts';
import { segmentMessage } from './message.ts';
import { salesWords } from './sales.ts';

const words = salesWords({ orderEvents: ['Order Completed'], returnEvents: ['Order Refunded'] });
const IPAD = 'Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148';
const PIXEL = 'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36';
const TAB = 'Mozilla/5.0 (Linux; Android 14; SM-X700) AppleWebKit/537.36 Chrome/126.0 Safari/537.36';

function eventOf(sent: object) {
  const message = segmentMessage({ type: 'track', event: 'Seen', userId: 'ann', ...sent }, 0, words);
  if (message.kind !== 'event') throw new Error(message.kind);
  return message.request;
}

describe('the context of a message', () => {
  it('becomes flat properties', () => {
    const context = {
      campaign: { name: 'spring', source: 'mail', medium: 'email', term: 't', content: 'c', id: 7 },
      page: { path: '/a', url: 'u', referrer: 'r', title: 'T', search: '?s' },
      device: { type: 'ios', model: 'iPhone15,2', manufacturer: 'Apple' },
      os: { name: 'iOS', version: '17.5' },
      app: { name: 'Shop', version: '2.1', build: '300' },
      location: { country: 'DE', region: 'BE', city: 'Berlin' },
      screen: { width: 390, height: 844, density: 3 },
      library: { name: 'analytics-swift', version: '1.6' },
      locale: 'de-DE',
      timezone: 'Europe/Berlin',
    };
    expect(contextProperties(context)).toEqual({
      ...{ campaign: 'spring', campaign_source: 'mail', campaign_medium: 'email', campaign_term: 't' },
      ...{ campaign_content: 'c', campaign_id: 7 },
      ...{ path: '/a', url: 'u', referrer: 'r', title: 'T', search: '?s' },
      ...{ device: 'ios', device_model: 'iPhone15,2', device_manufacturer: 'Apple' },
      ...{ os: 'iOS', os_version: '17.5', app: 'Shop', app_version: '2.1', app_build: '300' },
      ...{ country: 'DE', region: 'BE', city: 'Berlin' },
      ...{ screen_width: 390, screen_height: 844, screen_density: 3 },
      ...{ library: 'analytics-swift', library_version: '1.6', locale: 'de-DE', time_zone: 'Europe/Berlin' },
    });
  });

  it('leaves out what names a person or a device, and what is no plain value', () => {
    const context = {
      ip: '203.0.113.9',
      traits: { email: 'ann@example.com' },
      device: { id: 'B5372DB0', advertisingId: '7A3CBEA0', name: 'Ann’s phone', token: 'x' },
      location: { latitude: 52.5, longitude: 13.4, city: '' },
      page: { path: { deep: 1 }, title: ['x'] },
      campaign: 'spring',
    };
    expect(contextProperties(context)).toEqual({});
    for (const odd of [null, undefined, 'x', 5, []]) expect(contextProperties(odd)).toEqual({});
  });

  it.each([
    [PIXEL, 'mobile'],
    [TAB, 'tablet'],
    [IPAD, 'tablet'],
    ['Mozilla/5.0 (Windows NT 10.0; Win64; x64) Firefox/127.0', 'desktop'],
    ['analytics-node/3', undefined],
    [5, undefined],
  ])('tells the device from %j', (userAgent, device) => {
    expect(contextProperties({ userAgent })['device']).toBe(device);
  });
});

describe('the channel', () => {
  it.each([
    ['page', {}, undefined, 'web'],
    ['screen', {}, undefined, 'app'],
    ['track', { library: { name: 'analytics.js' } }, undefined, 'web'],
    ['track', { library: { name: 'RudderLabs JavaScript SDK' } }, 'web', 'web'],
    ['track', { library: { name: 'analytics-ios' } }, undefined, 'app'],
    ['track', { library: { name: 'com.rudderstack.android.sdk.core' } }, 'mobile', 'app'],
    ['track', { library: { name: '@segment/analytics-node' } }, 'server', ''],
    ['track', { library: { name: 'analytics-python' } }, undefined, ''],
    ['track', null, 'browser', 'web'],
    ['track', null, '__proto__', ''],
  ])('of %s by %j (%s) is %j', (type, context, channel, expected) => {
    expect(channelOf(type, context, channel)).toBe(expected);
  });

  it('is what the event says before all else', () => {
    expect(
      eventOf({ properties: { channel: 'store' }, context: { library: { name: 'analytics.js' } } }),
    ).toMatchObject({ channel: 'store', omit: ['channel'] });
  });
});

describe('a message', () => {
  it('keeps session and order in columns of their own, whichever way they are written', () => {
    expect(eventOf({ context: { sessionId: 1_690_000_000 } })).toMatchObject({ sessionId: '1690000000' });
    expect(eventOf({ properties: { session_id: 's', order_id: 5 } })).toMatchObject({
      ...{ sessionId: 's', orderId: '5', omit: ['order_id', 'session_id'] },
    });
    expect(eventOf({ properties: { orderId: { a: 1 } } })).toMatchObject({ orderId: undefined, omit: [] });
  });

  it.each([
    [
      {
        type: 'identify',
        userId: 'ann',
        anonymousId: '',
        traits: { a: 1 },
        context: { traits: { a: 0, b: 2 } },
      },
      'ann',
      undefined,
      { a: 1, b: 2 },
    ],
    [{ type: 'identify', userId: null, anonymousId: 'v', traits: { a: 1 } }, undefined, 'v', { a: 1 }],
    [{ type: 'alias', userId: 'ann', previousId: 'v' }, 'ann', 'v', null],
    [{ type: 'alias', to: 'ann', from: 'v' }, 'ann', 'v', null],
    [
      { type: 'group', userId: 'ann', anonymousId: 'v', groupId: 7, traits: { plan: 'x' } },
      'ann',
      undefined,
      { groupId: '7', group: { plan: 'x' } },
    ],
    [{ type: 'group', anonymousId: 'v', groupId: 'club' }, undefined, 'v', { groupId: 'club' }],
  ])('%j names who is meant', (sent, customerId, anonymousId, traits) => {
    expect(segmentMessage(sent, 0, words)).toMatchObject({
      kind: 'identity',
      customerId,
      anonymousId,
      traits,
    });
  });

  it.each([null, 'x', 5, [], {}, { type: 'sing' }, { type: '__proto__' }, { type: 'group', userId: 'a' }])(
    '%j is none',
    (sent) => expect(segmentMessage(sent, 0, words)).toMatchObject({ kind: 'problem', payload: sent }),
  );
});
