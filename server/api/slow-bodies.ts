/** Bodies arrive within two minutes, so that nobody holds a connection by sending slowly; files may take longer. */
import type { FastifyInstance } from 'fastify';

const MAX_MS = 120_000;

/** `except`: addresses that look after their bodies themselves. */
export function limitSlowBodies(app: FastifyInstance, except: readonly string[]): void {
  app.addHook('onRequest', (request, _reply, done) => {
    const { raw } = request;
    if (!raw.complete && !except.includes(request.routeOptions.url ?? '')) {
      const timer = setTimeout(() => raw.socket.destroy(), MAX_MS).unref();
      raw.once('end', () => clearTimeout(timer)).once('close', () => clearTimeout(timer));
    }
    done();
  });
}
