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

/** Pages of the dashboard; anything else that is no file is 404. */
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
}
