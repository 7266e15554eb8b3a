/** GraphQL over HTTP, by Apollo Server: GET and POST, with limits, safe errors and cancellation. */
import { ApolloServer } from '@apollo/server';
import { fastifyApolloDrainPlugin, fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import type { Context } from './context.ts';
import { publicError } from './errors.ts';
import type { ErrorLog } from './errors.ts';

/** Longest document in tokens. */
export const MAX_TOKENS = 4000;

export interface GraphqlHttpDeps {
  readonly schema: GraphQLSchema;
  readonly createContext: (signal: AbortSignal) => Promise<Context>;
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
    context: (_request, reply) => createContext(abortWhenGone(reply)),
  });
  app.route({ url: '/graphql', method: ['GET', 'POST'], handler });
}

/** Aborts when the caller's connection closes before the answer was sent: nobody waits any more. */
function abortWhenGone(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort();
  });
  return gone.signal;
}
