/**
 * The way in over HTTP: every address is held against the table of rights before anything else is read, and who
 * was let in is kept with the request. Knows no GraphQL.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Admitted, Doors, Refusal } from '../access/doors.ts';
import { rightOfRoute } from '../access/rights.ts';
import { isTracking } from '../ingest/tracking/routes.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** A file of the dashboard: it holds no data. */
    readonly isFile?: boolean;
    /** For tools that can set no header of their own: basic auth is taken, and asked for. */
    readonly takesBasic?: boolean;
  }
}

const BASIC = 'Basic realm="Waymark", charset="UTF-8"';

const admissions = new WeakMap<FastifyRequest, Admitted>();

/** Adds the check to all routes of the app, present and future. */
export function addEntry(app: FastifyInstance, doors: Doors): void {
  app.addHook('onRequest', async (request, reply) => {
    const { url, config } = request.routeOptions;
    // Where there is nothing there is nothing to guard; the tracking API has ways of its own to bring a key.
    if (url === undefined || config.isFile || isTracking(url)) return;
    const right = rightOfRoute(url);
    if (right === 'open') return;
    const { authorization } = request.headers;
    const { takesBasic } = config;
    const credentials = { authorization, takesBasic, address: request.ip };
    const admission = await doors.admit(credentials, right ?? 'administer');
    if ('refusal' in admission) {
      // A page's own script has other ways to ask for a key than the browser's dialogue.
      const isScript = !['navigate', undefined].includes(request.headers['sec-fetch-mode']);
      const isAsked = takesBasic && !isScript && admission.refusal.status === 401;
      if (isAsked) void reply.header('www-authenticate', BASIC);
      return refuse(reply, admission.refusal);
    }
    admissions.set(request, admission.admitted);
  });
}

/** Who was let in. */
export function admittedOf(request: FastifyRequest): Admitted {
  const admitted = admissions.get(request);
  if (!admitted) throw new TypeError(`nobody was let in at ${request.url}`);
  return admitted;
}

/** Routes that are added to it serve the dashboard's files. */
export function markAsFiles(app: FastifyInstance): void {
  app.addHook('onRoute', (route) => {
    route.config = { ...route.config, isFile: true };
  });
}

function refuse(reply: FastifyReply, { status, code, message, retryAfterSeconds }: Refusal): FastifyReply {
  if (retryAfterSeconds !== undefined) void reply.header('retry-after', String(retryAfterSeconds));
  return reply.code(status).send({ errors: [{ message, extensions: { code } }] });
}
