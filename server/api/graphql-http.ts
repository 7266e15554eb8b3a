/** GraphQL over HTTP, by Apollo Server: GET and POST, with limits, safe errors and cancellation. */
import { ApolloServer } from '@apollo/server';
import { fastifyApolloDrainPlugin, fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import type { Caller } from '../answers/turns.ts';
import type { Context } from './context.ts';
import { publicError } from './errors.ts';
import type { ErrorLog } from './errors.ts';

/** Longest document in tokens. */
export const MAX_TOKENS = 4000;

export interface GraphqlHttpDeps {
  readonly schema: GraphQLSchema;
  readonly createContext: (signal: AbortSignal, caller: Caller) => Promise<Context>;
  readonly log: ErrorLog;
}

/** Adds `/graphql` to the app. Resolves once Apollo has started. */
export async function addGraphqlHttp(
  app: FastifyInstance,
  { schema, createContext, log }: GraphqlHttpDeps,
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
  const handler = fastifyApolloHandler(apollo, {
    context: (request, reply) => createContext(abortWhenGone(reply), callerOf(request)),
  });
  app.route({ url: '/graphql', method: ['GET', 'POST'], handler });
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
