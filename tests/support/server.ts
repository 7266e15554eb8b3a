/**
 * The real server on a port of its own, over HTTP and WebSocket, on a fresh database: what API tests, browser
 * tests and the conformance run speak to. Owns no test runner.
 */
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { Logger } from 'pino';
import { buildApp } from '../../server/app.ts';
import type { AppDeps } from '../../server/app.ts';
import type { Engine } from '../../server/engine/port.ts';
import { projectRoot } from '../../server/engine/project.ts';
import type { JourneyMap } from '../../server/journey/map.ts';
import { retailMap } from '../../server/journey/retail.ts';
import { createServices } from '../../server/services.ts';
import type { Answering, ServiceDeps, Services } from '../../server/services.ts';

export interface TestServer {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly engine: Engine;
  readonly services: Services;
  /** All addresses that it answers at. */
  readonly routes: readonly { readonly method: string; readonly url: string }[];
  /** Runs an operation over HTTP; throws with the messages when there are errors. */
  query<T = Record<string, never>>(document: string, variables?: object): Promise<T>;
  /** Runs an operation over HTTP and returns the answer as it came. */
  ask(document: string, variables?: object, headers?: Record<string, string>): Promise<Answer>;
  close(): Promise<void>;
}

export interface Answer {
  readonly status: number;
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly { readonly message: string; readonly extensions?: Record<string, unknown> }[];
}

export interface TestServerOptions {
  readonly journeyMap?: JourneyMap;
  readonly adminKey?: string;
  readonly origins?: readonly string[];
  /** Origins whose pages may show a report in a frame. */
  readonly embedOrigins?: readonly string[];
  readonly demo?: AppDeps['publicConfig']['demo'];
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** How answers are kept and shared; `{ cacheBytes: 0 }` computes every answer. */
  readonly answering?: Answering;
  /** Where and how much may be uploaded; default: a folder of its own. */
  readonly uploads?: AppDeps['uploads'];
  readonly log?: Logger;
  readonly liveLimits?: AppDeps['liveLimits'];
  /** Where calls are kept while the store is away. */
  readonly journal?: ServiceDeps['journal'];
  readonly webhooks?: ServiceDeps['webhooks'];
}

/** Serves on the engine given; closing the server leaves the engine open. */
export async function serveTest(engine: Engine, options: TestServerOptions = {}): Promise<TestServer> {
  const log = options.log ?? pino({ level: process.env['TEST_LOG'] ?? 'silent' });
  const journeyMap = options.journeyMap ?? retailMap;
  const services = await createServices({
    engine,
    journeyMap,
    log,
    now: options.now,
    answering: options.answering,
    journal: options.journal,
    webhooks: options.webhooks,
    hasAdminKey: options.adminKey !== undefined,
  });
  const app = await buildApp({
    engine,
    arrivals: services.arrivals,
    ingestion: services.ingestion,
    journeyMap: services.journeyMap,
    now: options.now,
    createContext: services.createContext,
    keys: services.keys,
    imports: services.imports,
    uploads: options.uploads ?? {
      folder: join(tmpdir(), `waymark-uploads-${randomUUID()}`),
      maxBytes: 100_000_000,
    },
    doors: {
      adminKey: options.adminKey ?? null,
      hosts: ['127.0.0.1', 'localhost'],
      origins: options.origins ?? [],
    },
    liveLimits: options.liveLimits,
    embedOrigins: options.embedOrigins,
    publicConfig: { version: 'test', currency: 'USD', timeZone: 'UTC', demo: options.demo ?? null },
    dashboard: join(projectRoot(), 'dist/dashboard'),
    log,
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });

  const ask: TestServer['ask'] = async (query, variables = {}, headers = {}) => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query, variables }),
    });
    return { status: response.status, ...((await response.json()) as Omit<Answer, 'status'>) };
  };
  return {
    url,
    engine,
    services,
    routes: routesOf(app.printRoutes({ commonPrefix: false })),
    ask,
    async query<T>(document: string, variables?: object) {
      const { data, errors } = await ask(document, variables);
      if (errors) throw new Error(errors.map((error) => error.message).join('\n'));
      return data as T;
    },
    async close() {
      await app.close();
      await services.close();
    },
  };
}

/** `├── /metrics (GET, HEAD)`, nested where one begins with another. */
function routesOf(printed: string): TestServer['routes'] {
  const above: string[] = [];
  return printed.split('\n').flatMap((line) => {
    const found = /^([│ ]*)[├└]── (.*?)(?: \(([A-Z, ]+)\))?$/.exec(line);
    if (!found) return [];
    const [, indent = '', part = '', methods = ''] = found;
    above.length = indent.length / 4;
    above.push(part);
    const url = above.join('');
    return methods === '' ? [] : methods.split(', ').map((method) => ({ method, url }));
  });
}
