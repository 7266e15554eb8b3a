/** GraphQL over HTTP, by Apollo Server: GET and POST, with limits, safe errors and cancellation. */
import { Readable } from 'node:stream';
import { ApolloServer, HeaderMap } from '@apollo/server';
import type { HTTPGraphQLRequest, HTTPGraphQLResponse } from '@apollo/server';
import { fastifyApolloDrainPlugin } from '@as-integrations/fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import type { Caller } from '../answers/turns.ts';
import type { Arrivals } from '../live/arrivals.ts';
import type { Context } from './context.ts';
import { publicError } from './errors.ts';
import type { ErrorLog } from './errors.ts';
import { SharedCalls } from './shared-calls.ts';

/** Longest document in tokens. */
export const MAX_TOKENS = 4000;

export interface GraphqlHttpDeps {
  readonly schema: GraphQLSchema;
  readonly arrivals: Arrivals;
  readonly createContext: (signal: AbortSignal, caller: Caller) => Promise<Context>;
  readonly log: ErrorLog;
}

/** Adds `/graphql` to the app. Resolves once Apollo has started. */
export async function addGraphqlHttp(
  app: FastifyInstance,
  { schema, arrivals, createContext, log }: GraphqlHttpDeps,
): Promise<void> {
  const apollo = new ApolloServer<Context>({
    schema,
    introspection: true,
    includeStacktraceInErrorResponses: false,
    hideSchemaDetailsFromClientErrors: false,
    parseOptions: { maxTokens: MAX_TOKENS },
    stopOnTerminationSignals: false,
    formatError: (_formatted, error) => publicError(error, log),
    plugins: [fastifyApolloDrainPlugin(app)],
  });
  await apollo.start();
  const calls = new SharedCalls<HTTPGraphQLResponse>(arrivals);
  const handler = async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    const gone = abortWhenGone(reply);
    const run = (signal: AbortSignal): Promise<HTTPGraphQLResponse> =>
      apollo.executeHTTPGraphQLRequest({
        httpGraphQLRequest: asGraphQLRequest(request),
        context: () => createContext(signal, callerOf(request)),
      });
    const key = sharedKeyOf(request);
    try {
      const answer = key === null ? await run(gone) : await calls.run(key, gone, run);
      return send(answer, reply);
    } catch (error) {
      if (!gone.aborted) throw error;
      return reply.hijack();
    }
  };
  app.route({ url: '/graphql', method: ['GET', 'POST'], handler });
}

function asGraphQLRequest({ body, method, headers, url }: FastifyRequest): HTTPGraphQLRequest {
  const all = new HeaderMap();
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) all.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return { body, method: method.toUpperCase(), headers: all, search: new URL(url, 'http://local').search };
}

function send({ headers, body, status }: HTTPGraphQLResponse, reply: FastifyReply): FastifyReply {
  for (const [name, value] of headers) void reply.header(name, value);
  void reply.code(status ?? 200);
  return reply.send(body.kind === 'complete' ? body.string : Readable.from(body.asyncIterator));
}

/** Equal for calls with the same rights that get the same answer; null for what may change something. */
function sharedKeyOf({ body, method, headers }: FastifyRequest): string | null {
  if (method !== 'POST' || typeof body !== 'object' || body === null || !('query' in body)) return null;
  if (typeof body.query !== 'string' || /\bmutation\b/.test(body.query)) return null;
  return JSON.stringify([headers.authorization, headers.accept, headers['content-type'], body]);
}

/** Connections of one address share its turns. */
function callerOf({ ip, socket }: FastifyRequest): Caller {
  return [ip, String(socket.remotePort)];
}

/** Aborts when the caller's connection closes before the answer was sent: nobody waits any more. */
function abortWhenGone(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort();
  });
  return gone.signal;
}
