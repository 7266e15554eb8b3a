/** The dashboard's files, with the headers that keep a page to itself; every page's address serves the app. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** The content security policy of a page that may stand in frames of `ancestors`. */
const policy = (ancestors: string): string =>
  `default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' ws: wss:; frame-ancestors ${ancestors}; base-uri 'none'; form-action 'self'`;

const SECURITY_HEADERS = {
  'content-security-policy': policy("'none'"),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
} as const;

/** Pages of the dashboard; anything else that is no file is 404: a browser is shown the dashboard's own words for it. */
const PAGES = [
  '/',
  '/overview',
  '/journey',
  '/funnels',
  '/lifecycle',
  '/lifecycle/rules',
  '/cohorts',
  '/customers',
  '/customers/*',
  '/data',
  '/reports',
  '/reports/:id',
];
/** One report by itself; the only page that may stand in a frame. */
const EMBED = '/embed/:id';

/** `embedOrigins`: whose pages may show a report in a frame, beside our own. */
export function addSecurityHeaders(app: FastifyInstance, embedOrigins: readonly string[]): void {
  const framed = {
    ...SECURITY_HEADERS,
    'content-security-policy': policy(["'self'", ...embedOrigins].join(' ')),
  };
  app.addHook('onSend', (request, reply, _payload, done) => {
    reply.headers(request.routeOptions.url === EMBED ? framed : SECURITY_HEADERS);
    done();
  });
}

export function addDashboard(app: FastifyInstance, folder: string): void {
  if (!existsSync(folder)) return;
  app.addHook('onSend', (_request, reply, _payload, done) => {
    // Caches on the way must not hand it to those who cannot read it.
    const vary = String(reply.getHeader('vary') ?? '');
    if (reply.hasHeader('content-encoding') && !/accept-encoding/i.test(vary))
      reply.header('vary', [vary, 'accept-encoding'].filter(Boolean).join(', '));
    done();
  });
  void app.register(fastifyStatic, {
    root: folder,
    index: false,
    wildcard: false,
    // The build lays the smallest form of each text beside it.
    preCompressed: true,
    // Its own header would take the place of the one below.
    cacheControl: false,
    setHeaders(reply, path) {
      const isHashed = /\/assets\//.test(path);
      reply.setHeader('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  const ready = join(folder, 'pages');
  const ownFiles = new Set(existsSync(ready) ? readdirSync(ready) : []);
  /** The build lays a file of its own beside for each page, which names the files that the page takes. */
  const page = (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const file = `${request.routeOptions.url?.split('/')[1] || 'overview'}.html`;
    return reply.sendFile(ownFiles.has(file) ? `pages/${file}` : 'index.html');
  };
  for (const url of [...PAGES, EMBED]) app.get(url, page);
  app.setNotFoundHandler(async (request, reply) => {
    if (request.method === 'GET' && request.headers.accept?.includes('text/html')) {
      return reply.code(404).sendFile('index.html');
    }
    const { pathname } = new URL(request.url, 'http://local');
    return reply
      .code(404)
      .send({ message: `There is nothing at ${pathname}.`, error: 'Not Found', statusCode: 404 });
  });
}
