/** GraphQL over HTTP, by Apollo Server: GET and POST, with limits, safe errors and cancellation. */
import { ApolloServer } from '@apollo/server';
import type { ApolloServerOptionsWithGateway } from '@apollo/server';
import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled';
import { fastifyApolloDrainPlugin, fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import type { Context } from './context.ts';
import { MAX_TOKENS } from './documents.ts';
import { publicError } from './errors.ts';
import type { ErrorLog } from './errors.ts';
import type { Execute } from './execution/execute.ts';

export interface GraphqlHttpDeps {
  readonly schema: GraphQLSchema;
  readonly execute: Execute;
  readonly createContext: (signal: AbortSignal) => Promise<Context>;
  readonly log: ErrorLog;
}

/** Adds `/graphql` to the app. Resolves once Apollo has started. */
export async function addGraphqlHttp(
  app: FastifyInstance,
  { schema, execute, createContext, log }: GraphqlHttpDeps,
): Promise<void> {
  const apollo = new ApolloServer<Context>({
    gateway: executedBy(execute, schema),
    introspection: true,
    includeStacktraceInErrorResponses: false,
    hideSchemaDetailsFromClientErrors: false,
    parseOptions: { maxTokens: MAX_TOKENS },
    stopOnTerminationSignals: false,
    formatError: (_formatted, error) => publicError(error, log),
    // Apollo's own plugin would stand before every field of every row.
    plugins: [fastifyApolloDrainPlugin(app), ApolloServerPluginCacheControlDisabled()],
  });
  await apollo.start();
  const handler = fastifyApolloHandler(apollo, {
    context: (_request, reply) => {
      void reply.header('cache-control', 'no-store');
      return createContext(abortWhenGone(reply));
    },
  });
  app.route({ url: '/graphql', method: ['GET', 'POST'], handler });
}

/** Apollo's way to be given an executor: a "gateway", though all stands in this process. */
function executedBy(
  execute: Execute,
  schema: GraphQLSchema,
): ApolloServerOptionsWithGateway<Context>['gateway'] {
  return {
    onSchemaLoadOrUpdate(tell) {
      tell({ apiSchema: schema, coreSupergraphSdl: '' });
      return () => {};
    },
    load: async () => ({
      executor: async ({ document, request, context }) =>
        execute({
          schema,
          document,
          contextValue: context,
          variableValues: request.variables,
          operationName: request.operationName,
        }),
    }),
    stop: async () => {},
  };
}

/** Aborts when the caller's connection closes before the answer was sent: nobody waits any more. */
function abortWhenGone(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort();
  });
  return gone.signal;
}
