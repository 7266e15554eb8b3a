/** The dashboard's files, with the headers that keep a page to itself; every page's address serves the app. */
import { existsSync } from 'node:fs';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';

const SECURITY_HEADERS = {
  'content-security-policy':
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' ws: wss:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
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
  '/cohorts',
  '/customers',
  '/customers/*',
  '/data',
];

export function addSecurityHeaders(app: FastifyInstance): void {
  app.addHook('onSend', (_request, reply, _payload, done) => {
    reply.headers(SECURITY_HEADERS);
    done();
  });
}

export function addDashboard(app: FastifyInstance, folder: string): void {
  if (!existsSync(folder)) return;
  void app.register(fastifyStatic, {
    root: folder,
    index: false,
    wildcard: false,
    setHeaders(reply, path) {
      const isHashed = /\/assets\//.test(path);
      reply.setHeader('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  const page = (_request: unknown, reply: FastifyReply): FastifyReply => reply.sendFile('index.html');
  for (const url of PAGES) app.get(url, page);
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
