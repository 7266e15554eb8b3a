/**
 * Segment's context of a message as flat properties: where the visit came from, what it was made with, where.
 * What names a person or a device (ip, ids, name of the device, position) is not taken over.
 */
import { isPlainObject } from '../json.ts';

/** The property for each key, by section of the context. The table of docs/semantics.md. */
const SECTIONS: readonly (readonly [section: string, keys: readonly (readonly [string, string])[]])[] = [
  [
    'campaign',
    [
      ['name', 'campaign'],
      ['source', 'campaign_source'],
      ['medium', 'campaign_medium'],
      ['term', 'campaign_term'],
      ['content', 'campaign_content'],
      ['id', 'campaign_id'],
    ],
  ],
  ['page', ['path', 'url', 'referrer', 'title', 'search'].map((key) => [key, key] as const)],
  [
    'device',
    [
      ['type', 'device'],
      ['model', 'device_model'],
      ['manufacturer', 'device_manufacturer'],
    ],
  ],
  ['location', ['country', 'region', 'city'].map((key) => [key, key] as const)],
  ['os', named('os', ['version'])],
  ['app', named('app', ['version', 'build'])],
  ['library', named('library', ['version'])],
  ['screen', ['width', 'height', 'density'].map((key) => [key, `screen_${key}`] as const)],
];

function named(section: string, others: readonly string[]): (readonly [string, string])[] {
  return [['name', section], ...others.map((key) => [key, `${section}_${key}`] as const)];
}

/** What the context says, by property. */
export function contextProperties(context: unknown): Record<string, unknown> {
  const properties: Record<string, unknown> = {};
  if (!isPlainObject(context)) return properties;
  for (const [section, keys] of SECTIONS) {
    const values = context[section];
    if (!isPlainObject(values)) continue;
    for (const [key, property] of keys) {
      const value = values[key];
      if (isScalar(value)) properties[property] = value;
    }
  }
  if (isScalar(context['locale'])) properties['locale'] = context['locale'];
  if (isScalar(context['timezone'])) properties['time_zone'] = context['timezone'];
  if (properties['device'] === undefined) {
    const device = deviceOf(context['userAgent']);
    if (device !== null) properties['device'] = device;
  }
  return properties;
}

function isScalar(value: unknown): boolean {
  return typeof value === 'string' ? value !== '' : typeof value === 'number' || typeof value === 'boolean';
}

const TABLET = /iPad|Tablet|Android(?!.*Mobile)/;
const MOBILE = /Mobi|iPhone|iPod/;
const DESKTOP = /Windows NT|Macintosh|X11|CrOS/;

/** What kind of device a browser says it runs on. */
function deviceOf(userAgent: unknown): string | null {
  if (typeof userAgent !== 'string' || userAgent.length > 1024) return null;
  if (TABLET.test(userAgent)) return 'tablet';
  if (MOBILE.test(userAgent)) return 'mobile';
  return DESKTOP.test(userAgent) ? 'desktop' : null;
}

const BY_LIBRARY: readonly (readonly [RegExp, string])[] = [
  [/analytics\.js|javascript sdk|analytics-next|\bamp\b/i, 'web'],
  [/ios|android|kotlin|swift|react-native|flutter|unity|xamarin|maui|cordova|mobile/i, 'app'],
];
/** What SDKs say of themselves beside the message. */
const BY_CHANNEL: Readonly<Record<string, string>> = { web: 'web', browser: 'web', mobile: 'app' };

/**
 * The channel of a message that does not name one: of a page view the web, of a screen the app, else by the
 * library that sent it. Empty for servers, which send of any channel.
 */
export function channelOf(type: string, context: unknown, channel: unknown): string {
  if (type === 'page') return 'web';
  if (type === 'screen') return 'app';
  const library =
    isPlainObject(context) && isPlainObject(context['library']) ? context['library']['name'] : null;
  if (typeof library === 'string') {
    const known = libraryChannel(library);
    if (known !== '') return known;
  }
  return typeof channel === 'string' && Object.hasOwn(BY_CHANNEL, channel) ? (BY_CHANNEL[channel] ?? '') : '';
}

const MAX_LIBRARIES = 100;
const libraries = new Map<string, string>();

/** A handful of names come again and again. */
function libraryChannel(library: string): string {
  let channel = libraries.get(library);
  if (channel === undefined) {
    channel = BY_LIBRARY.find(([pattern]) => pattern.test(library.slice(0, 100)))?.[1] ?? '';
    if (libraries.size < MAX_LIBRARIES) libraries.set(library.slice(0, 100), channel);
  }
  return channel;
}
