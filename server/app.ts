/**
 * The application without a process: GraphQL over HTTP and WebSocket, health, the dashboard's files. Listens
 * to nothing itself; what API tests start is this.
 */
import compress from '@fastify/compress';
import cors from '@fastify/cors';
import Fastify, { LogController } from 'fastify';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { createDoors } from './access/doors.ts';
import type { Doors, DoorSettings } from './access/doors.ts';
import type { KeyBook } from './access/key-book.ts';
import { Sessions } from './access/sessions.ts';
import { Visitors } from './access/visitors.ts';
import type { VisitorLimits } from './access/visitors.ts';
import { BROTLI_OPTIONS, COMPRESSION_THRESHOLD, ENCODINGS, GZIP_OPTIONS } from './api/compression.ts';
import { addDashboard, addSecurityHeaders } from './api/dashboard.ts';
import { addEntry, markAsFiles } from './api/entry.ts';
import { createExecute } from './api/execution/execute.ts';
import { addGraphqlHttp } from './api/graphql-http.ts';
import { createCalls } from './api/calls.ts';
import type { CreateContext } from './api/calls.ts';
import { addGraphqlSse } from './api/graphql-sse.ts';
import { createGraphqlWs } from './api/graphql-ws.ts';
import type { GraphqlWs } from './api/graphql-ws.ts';
import { addMetrics } from './api/metrics-route.ts';
import { addReportFiles } from './api/report-files.ts';
import { createReportTables } from './api/report-tables.ts';
import { createSchema } from './api/schema.ts';
import { limitSlowBodies } from './api/slow-bodies.ts';
import type { Engine } from './engine/port.ts';
import type { ImportDesk } from './ingest/import/import-desk.ts';
import { addUploads } from './ingest/import/upload-route.ts';
import type { UploadSettings } from './ingest/import/uploads.ts';
import type { Arrivals } from './live/arrivals.ts';
import type { Ingestion } from './ingest/ingest.service.ts';
import { addTracking, isTracking, refusalBody } from './ingest/tracking/routes.ts';
import type { JourneyMap } from './journey/map.ts';
import { LiveHub } from './live/hub.ts';
import type { SharedAnswer } from './live/shared-answer.ts';

/** What the dashboard is told of the deployment, at /config.json. */
export interface PublicConfig {
  readonly version: string;
  readonly currency: string;
  readonly timeZone: string;
  /** Null where the data are the retailer's own. */
  readonly demo: { readonly kind: string; readonly credit: string } | null;
}

export interface AppDeps {
  readonly engine: Engine;
  readonly arrivals: Arrivals;
  readonly ingestion: Ingestion;
  readonly journeyMap: () => Promise<JourneyMap>;
  readonly createContext: CreateContext;
  readonly keys: KeyBook;
  readonly imports: ImportDesk;
  readonly uploads: UploadSettings;
  readonly doors: DoorSettings;
  /** Origins whose pages may show a report in a frame. */
  readonly embedOrigins?: readonly string[] | undefined;
  readonly liveLimits?: VisitorLimits | undefined;
  readonly publicConfig: PublicConfig;
  /** Folder of the built dashboard. */
  readonly dashboard: string;
  readonly log: Logger;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

const MAX_BODY_BYTES = 10 * 1024 * 1024;
/** How long a browser need not ask again whether it may call; no browser keeps it longer. */
const PREFLIGHT_SECONDS = 86_400;
/** What calls under way may still take when the server stops. */
const DRAIN_MS = 3_000;

/** Ready to listen; `close()` ends sockets and live queries, not the engine. */
export async function buildApp(deps: AppDeps): Promise<FastifyInstance> {
  const { log, createContext } = deps;
  const loggerInstance: FastifyBaseLogger = log;
  const app = Fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: MAX_BODY_BYTES,
    forceCloseConnections: 'idle',
  });
  const doors = createDoors(deps.doors, deps.keys);
  const sessions = new Sessions(doors, deps.keys);
  const schema = await createSchema();
  const execute = createExecute(schema);
  const hub = new LiveHub<SharedAnswer>(deps.arrivals);
  const calls = createCalls({ schema, execute, createContext, log });
  const visitors = new Visitors(deps.liveLimits);
  const live = createGraphqlWs({ calls, doors, sessions, hub, visitors, log });
  let endStreams = (): void => {};

  addNameCheck(app, doors);
  limitSlowBodies(app, ['/imports']);
  addSecurityHeaders(app, deps.embedOrigins ?? []);
  await app.register(cors, {
    origin: [...deps.doors.origins],
    credentials: false,
    maxAge: PREFLIGHT_SECONDS,
  });
  await app.register(compress, {
    threshold: COMPRESSION_THRESHOLD,
    encodings: [...ENCODINGS],
    brotliOptions: BROTLI_OPTIONS,
    zlibOptions: GZIP_OPTIONS,
  });

  addEntry(app, doors);
  await app.register((uploading) => addUploads(uploading, deps));
  await app.register(async (asking) => {
    endStreams = addGraphqlSse(asking, { calls, hub, sessions, visitors });
    addMetrics(asking, { hub, visitors, ingestion: deps.ingestion });
    addReportFiles(asking, createReportTables({ schema, calls, createContext, log }));
    await addGraphqlHttp(asking, { schema, execute, arrivals: deps.arrivals, createContext, log });
  });
  const { now = Date.now } = deps;
  await app.register(async (tracking) => addTracking(tracking, { ...deps, doors, now }));
  addState(app, deps);
  await app.register(async (files) => {
    markAsFiles(files);
    addDashboard(files, deps.dashboard);
  });

  addUpgrades(app, live);
  app.addHook('preClose', async () => {
    // Browsers keep connections open on which they never asked anything; those are not idle to Node.
    setTimeout(() => app.server.closeAllConnections(), DRAIN_MS).unref();
    // Connections first: who is told that its question is done does not ask it again.
    endStreams();
    const closed = live.close();
    hub.close();
    await closed;
  });
  return app;
}

function addUpgrades(app: FastifyInstance, live: GraphqlWs): void {
  app.server.on('upgrade', (request, socket, head) => {
    if (new URL(request.url ?? '/', 'http://local').pathname === '/graphql')
      live.handleUpgrade(request, socket, head);
    else socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
  });
}

/** Whether it lives, whether it can answer, and what the dashboard is told of it. */
function addState(app: FastifyInstance, { engine, ingestion, publicConfig }: AppDeps): void {
  app.get('/healthz', () => ({ status: 'alive' }));
  app.get('/readyz', async (_request, reply) => {
    const ready = await engine.ping();
    const { waiting } = ingestion.status();
    const status = ready ? 'ready' : 'the engine does not answer';
    // No question is answered while the engine is away; how many events are safe on disk meanwhile stands here.
    return reply.code(ready ? 200 : 503).send({ status, waiting });
  });
  app.get('/config.json', () => publicConfig);
}

/** Whoever comes by another name, or from a page not known, is refused on every address. */
function addNameCheck(app: FastifyInstance, doors: Doors): void {
  app.addHook('onRequest', async (request, reply) => {
    const { host, origin } = request.headers;
    const refusal = doors.checkNames(host, origin);
    if (!refusal) return;
    const { status, code, message } = refusal;
    return reply
      .code(status)
      .send(isTracking(request.url) ? refusalBody(message) : { errors: [{ message, extensions: { code } }] });
  });
}
