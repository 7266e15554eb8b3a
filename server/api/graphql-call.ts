/** A GraphQL call as it comes over HTTP: who calls, what is asked, and that nobody waits any more. */
import { HeaderMap } from '@apollo/server';
import type { HTTPGraphQLRequest } from '@apollo/server';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Admitted } from '../access/doors.ts';
import type { CallerWithRights } from './calls.ts';
import { admittedOf } from './entry.ts';

/** Addresses share the turns of their key, connections those of their address. */
export function callerOf(
  { viewer, keyId }: Admitted,
  address: string,
  port: number | undefined,
): CallerWithRights {
  return { viewer, caller: [keyId, address, String(port)] };
}

/** Who makes a call that was let in. */
export function callOf(request: FastifyRequest): CallerWithRights {
  return callerOf(admittedOf(request), request.ip, request.socket.remotePort);
}

export function asGraphQLRequest({ body, method, headers, url }: FastifyRequest): HTTPGraphQLRequest {
  const all = new HeaderMap();
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) all.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return { body, method: method.toUpperCase(), headers: all, search: new URL(url, 'http://local').search };
}

/** Equal for calls with the same key that get the same answer; null for what may change something. */
export function sharedKeyOf({ body, method, headers }: FastifyRequest): string | null {
  if (method !== 'POST' || typeof body !== 'object' || body === null || !('query' in body)) return null;
  if (typeof body.query !== 'string' || /\bmutation\b/.test(body.query)) return null;
  const rest = { ...body, query: undefined };
  // The document, the longest part, as it is.
  return `${JSON.stringify([headers.authorization, headers.accept, headers['content-type'], rest])}${body.query}`;
}

/** Aborts when the caller's connection closes before the answer was sent: nobody waits any more. */
export function abortWhenGone(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort();
  });
  return gone.signal;
}
