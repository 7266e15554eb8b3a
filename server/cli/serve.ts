/**
 * Serves: opens the engine, brings the store up to date, listens, and stops on SIGTERM or SIGINT within 10 s.
 * What the demo adds (data before, traffic after) comes in as two functions.
 */
import { readFileSync } from 'node:fs';
import { hostname, networkInterfaces } from 'node:os';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { DoorSettings } from '../access/doors.ts';
import { KeyBook } from '../access/key-book.ts';
import { buildApp } from '../app.ts';
import type { PublicConfig } from '../app.ts';
import { ConfigError, isLoopback } from '../config.ts';
import type { Config } from '../config.ts';
import type { Engine } from '../engine/port.ts';
import { projectRoot } from '../engine/project.ts';
import { createServices } from '../services.ts';
import type { Services } from '../services.ts';
import { createLog } from './log.ts';
import { openEngine } from './open-engine.ts';
import { openJourneyMap } from './journey-map.ts';

export interface Extras {
  readonly demo: PublicConfig['demo'];
  /** Runs before the server listens. */
  prepare(engine: Engine, signal: AbortSignal): Promise<void>;
  /** Runs beside the server until aborted. */
  accompany(engine: Engine, services: Services, log: Logger, signal: AbortSignal): void;
}

const STOP_WITHIN_MS = 9_000;

/** Resolves once the server has stopped. */
export async function serve(config: Config, extras?: Extras): Promise<void> {
  const log = createLog(config.LOG_LEVEL);
  const journeyMap = openJourneyMap(config.JOURNEY_MAP);
  const stopping = stopSignal();
  const opened = await openEngine(config, log, stopping);
  try {
    await checkDoors(config, opened.engine, log);
    await extras?.prepare(opened.engine, stopping);
    if (stopping.aborted) return;
    const services = await createServices({
      engine: opened.engine,
      journeyMap,
      log,
      answering: {
        cacheBytes: config.CACHE_BYTES,
        heavyAtOnce: config.QUERIES_AT_ONCE,
        liveBytes: config.LIVE_BYTES,
      },
      journal: { folder: join(config.DATA_DIR, 'journal'), maxBytes: config.JOURNAL_BYTES },
      webhooks: { allowPrivate: config.WEBHOOK_ALLOW_PRIVATE },
      hasAdminKey: config.WAYMARK_ADMIN_KEY !== null,
    });
    const app = await buildApp({
      engine: opened.engine,
      arrivals: services.arrivals,
      ingestion: services.ingestion,
      journeyMap: services.journeyMap,
      createContext: services.createContext,
      keys: services.keys,
      imports: services.imports,
      uploads: { folder: join(config.DATA_DIR, 'uploads'), maxBytes: config.UPLOAD_BYTES },
      doors: doorSettings(config),
      embedOrigins: config.EMBED_ORIGINS,
      liveLimits: {
        connectionsPerAddress: config.LIVE_PER_ADDRESS,
        followedPerKey: config.LIVE_PER_KEY,
      },
      publicConfig: {
        version: version(),
        currency: config.CURRENCY,
        timeZone: config.TIME_ZONE,
        demo: extras?.demo ?? null,
      },
      dashboard: join(projectRoot(), 'dist/dashboard'),
      log,
    });
    const address = await app.listen({ host: config.HOST, port: config.PORT });
    services.landing.watch();
    services.automation.start();
    extras?.accompany(opened.engine, services, log, stopping);
    process.stdout.write(`waymark ready ${address}\n`);
    await aborted(stopping);
    const force = setTimeout(() => process.exit(1), STOP_WITHIN_MS);
    await app.close();
    await services.close();
    clearTimeout(force);
  } finally {
    await opened.close();
  }
}

function stopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop.abort());
  return stop.signal;
}

function aborted(signal: AbortSignal): Promise<void> {
  return signal.aborted
    ? Promise.resolve()
    : new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

/** Without any key the server is open to all who reach it: to nobody but this machine, then. */
async function checkDoors(config: Config, engine: Engine, log: Logger): Promise<void> {
  if (isLoopback(config.HOST) || config.WAYMARK_ADMIN_KEY !== null) return;
  const keys = await KeyBook.open({ engine, log, now: Date.now, hasAdminKey: false });
  if (!keys.isEmpty) return;
  throw new ConfigError(
    `HOST ${config.HOST} is open to other machines: make a key (waymark keys create), set WAYMARK_ADMIN_KEY, or listen on 127.0.0.1.`,
  );
}

function doorSettings(config: Config): DoorSettings {
  return {
    adminKey: config.WAYMARK_ADMIN_KEY,
    hosts: knownHosts(config),
    origins: config.CORS_ORIGINS,
    isLoopback: isLoopback(config.HOST),
  };
}

/** The names this server is known by: loopback, the machine's own when it listens to others, and those allowed. */
function knownHosts(config: Config): string[] {
  const loopback = ['localhost', '127.0.0.1', '[::1]'];
  if (isLoopback(config.HOST)) return [...loopback, ...config.ALLOWED_HOSTS];
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const own = addresses.map(({ address, family }) => (family === 'IPv6' ? `[${address}]` : address));
  return [...loopback, config.HOST, hostname(), ...own, ...config.ALLOWED_HOSTS];
}

function version(): string {
  const { version } = JSON.parse(readFileSync(join(projectRoot(), 'package.json'), 'utf8')) as {
    version: string;
  };
  return version;
}
