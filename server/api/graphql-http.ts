/** GraphQL over HTTP, by Apollo Server: GET and POST, with limits, safe errors and cancellation. */
import { ApolloServer } from '@apollo/server';
import type { ApolloServerOptionsWithGateway } from '@apollo/server';
import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled';
import { fastifyApolloDrainPlugin } from '@as-integrations/fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import type { Arrivals } from '../live/arrivals.ts';
import type { CreateContext } from './calls.ts';
import type { Context } from './context.ts';
import { MAX_TOKENS } from './documents.ts';
import { publicError } from './errors.ts';
import type { ErrorLog } from './errors.ts';
import type { Execute } from './execution/execute.ts';
import { abortWhenGone, asGraphQLRequest, callOf, sharedKeyOf } from './graphql-call.ts';
import { guarded } from './guard.ts';
import { HttpAnswer } from './http-answer.ts';
import { SharedCalls } from './shared-calls.ts';

export interface GraphqlHttpDeps {
  readonly schema: GraphQLSchema;
  readonly execute: Execute;
  readonly arrivals: Arrivals;
  readonly createContext: CreateContext;
  readonly log: ErrorLog;
}

/** Adds `/graphql` to the app. Resolves once Apollo has started. */
export async function addGraphqlHttp(
  app: FastifyInstance,
  { schema, execute, arrivals, createContext, log }: GraphqlHttpDeps,
): Promise<void> {
  const apollo = new ApolloServer<Context>({
    gateway: executedBy(guarded(execute), schema),
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
  const calls = new SharedCalls<HttpAnswer>(arrivals);
  const handler = async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    const gone = abortWhenGone(reply);
    const { viewer, caller } = callOf(request);
    const run = async (signal: AbortSignal): Promise<HttpAnswer> => {
      const response = await apollo.executeHTTPGraphQLRequest({
        httpGraphQLRequest: asGraphQLRequest(request),
        context: () => createContext(signal, caller, viewer),
      });
      return new HttpAnswer(response);
    };
    const key = sharedKeyOf(request);
    try {
      const answer = await (key === null ? run(gone) : calls.run(key, gone, run));
      return await answer.send(reply);
    } catch (error) {
      if (!gone.aborted) throw error;
      return reply.hijack();
    }
  };
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
