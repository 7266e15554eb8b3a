/**
 * GraphQL over WebSocket (graphql-transport-ws). Subscriptions of analytic fields go to the live hub, whose
 * finished answers all viewers of one query share; everything else is executed as usual.
 */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { GraphQLError, parse, subscribe, validate } from 'graphql';
import type { ExecutionArgs, ExecutionResult, GraphQLSchema } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import type { Doors } from '../access/doors.ts';
import type { LiveHub } from '../live/hub.ts';
import { liveOperation } from '../live/operation.ts';
import type { FormattedResult } from '../live/operation.ts';
import type { Context } from './context.ts';
import { isCallersFault, publicError } from './errors.ts';
import type { ErrorLog } from './errors.ts';
import { MAX_TOKENS } from './graphql-http.ts';
import { LIVE_FIELDS } from './schema.ts';

export interface GraphqlWsDeps {
  readonly schema: GraphQLSchema;
  readonly doors: Doors;
  readonly hub: LiveHub<FormattedResult>;
  readonly createContext: (signal?: AbortSignal) => Context;
  readonly log: ErrorLog;
}

export interface GraphqlWs {
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  close(): Promise<void>;
}

const MAX_MESSAGE_BYTES = 64 * 1024;
const KEEP_ALIVE_MS = 12_000;
const liveFields: ReadonlySet<string> = new Set(LIVE_FIELDS);

export function createGraphqlWs(deps: GraphqlWsDeps): GraphqlWs {
  const { schema, doors, hub, createContext, log } = deps;
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES });
  const formatError = (error: unknown) => publicError(error, log);

  const start = (
    args: ExecutionArgs,
  ): ReturnType<typeof subscribe> | AsyncIterableIterator<ExecutionResult> => {
    const live = liveOperation(args, {
      liveFields,
      createContext,
      rights: 'ADMIN',
      formatError,
      isCallersFault,
    });
    return live ? (hub.subscribe(live) as AsyncIterableIterator<ExecutionResult>) : subscribe(args);
  };

  const server = useServer(
    {
      schema,
      context: () => createContext(),
      onConnect: ({ connectionParams }) => doors.checkKey(authorizationOf(connectionParams)) === null,
      onSubscribe: (_context, _id, payload) => {
        try {
          const document = parse(payload.query, { maxTokens: MAX_TOKENS });
          const errors = validate(schema, document, undefined, { maxErrors: 1 });
          if (errors.length > 0) return errors;
          const { operationName, variables } = payload;
          return {
            schema,
            document,
            operationName,
            variableValues: variables,
            contextValue: createContext(),
          };
        } catch (error) {
          return [error instanceof GraphQLError ? error : new GraphQLError('The query cannot be read.')];
        }
      },
      subscribe: (args) => {
        try {
          return start(args);
        } catch (error) {
          return { errors: [asGraphQLError(formatError(error))] };
        }
      },
      onError: (_context, _id, _payload, errors) => errors,
      onNext: (_context, _id, _payload, _args, result) =>
        result.errors
          ? {
              ...result,
              errors: result.errors.map((e) => ('originalError' in e ? asGraphQLError(formatError(e)) : e)),
            }
          : undefined,
    },
    sockets,
    KEEP_ALIVE_MS,
  );

  return {
    handleUpgrade(request, socket, head) {
      const refusal = doors.checkNames(request.headers.host, request.headers.origin);
      if (refusal) {
        socket.end(`HTTP/1.1 ${refusal.status} Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
        return;
      }
      sockets.handleUpgrade(request, socket, head, (opened) => sockets.emit('connection', opened, request));
    },
    close: async () => {
      await server.dispose();
    },
  };
}

function authorizationOf(params: Readonly<Record<string, unknown>> | undefined): string | undefined {
  const value = params?.['authorization'];
  return typeof value === 'string' ? value : undefined;
}

function asGraphQLError(formatted: ReturnType<typeof publicError>): GraphQLError {
  const { message, path, extensions } = formatted;
  return new GraphQLError(message, { path, extensions });
}
