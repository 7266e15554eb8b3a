/**
 * The environment as one frozen, typed Config; reports every problem at once. Nobody else reads process.env.
 * The table below is what `waymark start --help` prints.
 */
import { z } from 'zod';
import { LIVE_PER_ADDRESS, LIVE_PER_KEY } from './access/visitors.ts';
import { DEFAULT_LIMITS } from './answers/answers.ts';
import { LIVE_BYTES } from './live/kept/keeper.ts';

const text = z.string().trim();
const optional = text.transform((value) => (value === '' ? null : value));
const list = text.transform((value) => value.split(/[\s,]+/).filter((part) => part !== ''));

const isTimeZone = (zone: string): boolean => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
};

/** A scheme, a host (`*.` for any name below it) and perhaps a port: nothing that could end the header it stands in. */
const isOrigin = (origin: string): boolean =>
  /^https?:\/\/(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?$/i.test(origin);

interface Setting<T> {
  readonly default: string;
  readonly meaning: string;
  readonly schema: z.ZodType<T, string>;
}

function setting<T>(fallback: string, meaning: string, schema: z.ZodType<T, string>): Setting<T> {
  return { default: fallback, meaning, schema };
}

const SETTINGS = {
  HOST: setting(
    '127.0.0.1',
    'where to listen; anything but loopback needs a key (WAYMARK_ADMIN_KEY, waymark keys)',
    text.min(1),
  ),
  PORT: setting(
    '4000',
    '0: any free port',
    text
      .regex(/^\d{1,5}$/, 'is 0 to 65535')
      .transform(Number)
      .refine((port) => port <= 65_535, 'is 0 to 65535'),
  ),
  ALLOWED_HOSTS: setting(
    '',
    'further names that callers may use in the Host header, for a reverse proxy',
    list,
  ),
  DATA_DIR: setting('.waymark', 'the embedded store, and the journal', text.min(1)),
  JOURNAL_BYTES: setting(
    '1000000000',
    'most that is kept on disk of what comes while the store is away; past it calls are refused',
    text.regex(/^\d{1,13}$/, 'is a number of bytes').transform(Number),
  ),
  CLICKHOUSE_URL: setting(
    '',
    'an existing ClickHouse server or cluster; none: embedded',
    optional.refine((url) => url === null || /^https?:\/\//.test(url), 'is an http:// or https:// address'),
  ),
  CLICKHOUSE_USER: setting('default', 'for CLICKHOUSE_URL', text),
  CLICKHOUSE_PASSWORD: setting('', 'for CLICKHOUSE_URL', z.string()),
  CLICKHOUSE_DATABASE: setting(
    'waymark',
    'made when missing',
    text.regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/, 'is letters, digits and _'),
  ),
  WAYMARK_ADMIN_KEY: setting(
    '',
    'an ADMIN key that always works; with it, or once a key was made, every call needs one',
    optional.refine((key) => key === null || key.length >= 16, 'has at least 16 characters'),
  ),
  JOURNEY_MAP: setting(
    '',
    'a YAML file with stages and lifecycle rules; none: the built-in retail map',
    optional,
  ),
  CURRENCY: setting(
    'USD',
    'ISO 4217 code, for display',
    text.regex(/^[A-Z]{3}$/, 'is an ISO 4217 code such as USD'),
  ),
  TIME_ZONE: setting(
    'UTC',
    'IANA name, for display',
    text.refine(isTimeZone, 'is an IANA time zone such as Europe/Berlin'),
  ),
  CORS_ORIGINS: setting('', 'origins that may call from a browser, WebSocket included', list),
  EMBED_ORIGINS: setting(
    '',
    'origins whose pages may show reports in a frame (/embed/REPORT), such as https://intranet.example.com',
    list.refine((origins) => origins.every(isOrigin), 'is origins such as https://intranet.example.com'),
  ),
  CACHE_BYTES: setting(
    String(DEFAULT_LIMITS.cacheBytes),
    'memory for answers that still hold; 0: every question is computed',
    text.regex(/^\d{1,12}$/, 'is a number of bytes').transform(Number),
  ),
  LIVE_BYTES: setting(
    String(LIVE_BYTES),
    "memory for what live answers are kept up to date from, unless told an eighth of the machine's; beyond it they are computed anew",
    text.regex(/^\d{1,13}$/, 'is a number of bytes').transform(Number),
  ),
  QUERIES_AT_ONCE: setting(
    String(DEFAULT_LIMITS.heavyAtOnce),
    'statements over many events that run at once; the others wait, callers in turn',
    text.regex(/^[1-9]\d{0,2}$/, 'is 1 to 999').transform(Number),
  ),
  LIVE_PER_ADDRESS: setting(
    String(LIVE_PER_ADDRESS),
    'live connections (WebSocket, server-sent events) that one address may hold; 0: any number',
    text.regex(/^\d{1,7}$/, 'is 0 to 9999999').transform(Number),
  ),
  LIVE_PER_KEY: setting(
    String(LIVE_PER_KEY),
    'subscriptions that all live connections of one key may follow, in this process; 0: any number',
    text.regex(/^\d{1,7}$/, 'is 0 to 9999999').transform(Number),
  ),
  UPLOAD_BYTES: setting(
    String(2 * 1024 ** 3),
    'room for files that are uploaded to be imported, all together',
    text.regex(/^\d{1,15}$/, 'is a number of bytes').transform(Number),
  ),
  WEBHOOK_ALLOW_PRIVATE: setting(
    'false',
    'true: webhooks may go to private addresses, and by http',
    z.enum(['true', 'false']).transform((value) => value === 'true'),
  ),
  LOG_LEVEL: setting(
    'info',
    'fatal, error, warn, info, debug, trace or silent',
    z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']),
  ),
} as const;

type Values = {
  readonly [K in keyof typeof SETTINGS]: (typeof SETTINGS)[K] extends Setting<infer T> ? T : never;
};

export type Config = Values;

export class ConfigError extends Error {}

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '::1', '[::1]']);

export function isLoopback(host: string): boolean {
  return LOOPBACK.has(host) || /^127(\.\d{1,3}){3}$/.test(host);
}

/** Throws ConfigError with one line for each problem. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const problems: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, { default: fallback, schema }] of Object.entries(SETTINGS)) {
    const result = schema.safeParse(env[name] ?? fallback);
    if (result.success) values[name] = result.data;
    else problems.push(`${name} ${result.error.issues[0]?.message ?? 'is not valid'}.`);
  }
  const config = Object.freeze(values) as unknown as Config;
  if (problems.length > 0) throw new ConfigError(problems.join('\n'));
  return config;
}

/** The settings as lines of help. */
export function settingsHelp(): string {
  const lines = Object.entries(SETTINGS).map(
    ([name, { default: fallback, meaning }]) =>
      `  ${name.padEnd(20)} ${meaning}${fallback === '' ? '' : ` (default ${fallback})`}`,
  );
  return `\nSettings (environment):\n${lines.join('\n')}\n`;
}
