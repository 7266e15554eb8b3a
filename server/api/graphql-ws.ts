/**
 * GraphQL over WebSocket (graphql-transport-ws). Subscriptions of analytic fields go to the live hub, whose
 * finished answers all viewers of one query share; everything else is executed as usual.
 */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { getOperationAST, GraphQLError, OperationTypeNode, subscribe } from 'graphql';
import type {
  DocumentNode,
  ExecutionArgs,
  ExecutionResult,
  GraphQLFormattedError,
  GraphQLSchema,
} from 'graphql';
import type { OperationResult } from 'graphql-ws';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import type { Doors } from '../access/doors.ts';
import type { Caller } from '../answers/turns.ts';
import type { LiveHub } from '../live/hub.ts';
import { liveOperation } from '../live/operation.ts';
import type { FormattedResult } from '../live/operation.ts';
import type { Context } from './context.ts';
import { createDocuments } from './documents.ts';
import { isCallersFault, publicError } from './errors.ts';
import type { ErrorLog } from './errors.ts';
import type { Execute } from './execution/execute.ts';
import { OneAnswer } from './one-answer.ts';
import { CLOCK_FIELDS, LIVE_FIELDS } from './schema.ts';

export interface GraphqlWsDeps {
  readonly schema: GraphQLSchema;
  readonly execute: Execute;
  readonly doors: Doors;
  readonly hub: LiveHub<FormattedResult>;
  readonly createContext: (signal?: AbortSignal, caller?: Caller) => Promise<Context>;
  readonly log: ErrorLog;
}

export interface GraphqlWs {
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  close(): Promise<void>;
}

/** No compression: it would be done once a viewer for what all share, and keep its windows for each socket. */
const SOCKETS = { noServer: true, maxPayload: 64 * 1024, perMessageDeflate: false };
const KEEP_ALIVE_MS = 12_000;
const FIELDS = { liveFields: new Set(LIVE_FIELDS), clockFields: new Set(CLOCK_FIELDS) };

export function createGraphqlWs(deps: GraphqlWsDeps): GraphqlWs {
  const { schema, execute, doors, hub, createContext, log } = deps;
  const sockets = new WebSocketServer(SOCKETS);
  const formatError = (error: unknown): GraphQLFormattedError => publicError(error, log);
  const read = createDocuments(schema);
  /** Ends a call that is executed once. */
  const calls = new WeakMap<ExecutionArgs, AbortController>();
  const live = { ...FIELDS, execute, createContext, rights: 'ADMIN', formatError, isCallersFault };

  const server = useServer(
    {
      schema,
      execute: (args) => {
        const answer = Promise.resolve(execute(args));
        const call = calls.get(args);
        return (call ? new OneAnswer(answer, () => call.abort()) : answer) as OperationResult;
      },
      onConnect: ({ connectionParams }) => doors.checkKey(authorizationOf(connectionParams)) === null,
      onSubscribe: async ({ extra }, _id, { query, operationName, variables }) => {
        const document = read(query);
        if (!('kind' in document)) return document;
        const call = isSubscription(document, operationName) ? null : new AbortController();
        const signal = call?.signal ?? goneSignal(extra.socket);
        const contextValue = await createContext(signal, callerOf(extra.request));
        const args = { schema, document, operationName, variableValues: variables, contextValue };
        if (call) calls.set(args, call);
        return args;
      },
      subscribe: (args) => {
        try {
          const query = liveOperation(args, live);
          return query ? (hub.subscribe(query) as AsyncIterableIterator<ExecutionResult>) : subscribe(args);
        } catch (error) {
          return { errors: [asGraphQLError(formatError(error))] };
        }
      },
      onNext: (_context, _id, _payload, _args, result) => withPublicErrors(result, formatError),
    },
    sockets,
    KEEP_ALIVE_MS,
  );

  let isClosing = false;
  return {
    handleUpgrade(request, socket, head) {
      // Who comes back while the doors close would keep the server from ever closing.
      if (isClosing) return void socket.destroy();
      const refusal = doors.checkNames(request.headers.host, request.headers.origin);
      if (refusal) {
        socket.end(`HTTP/1.1 ${refusal.status} Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
        return;
      }
      sockets.handleUpgrade(request, socket, head, (opened) => sockets.emit('connection', opened, request));
    },
    async close() {
      isClosing = true;
      await server.dispose();
      for (const socket of sockets.clients) socket.terminate();
    },
  };
}

/** Aborts when the caller's socket closes: nobody waits any more for what it asked. */
function goneSignal(socket: Pick<WebSocket, 'once'>): AbortSignal {
  const known = gone.get(socket);
  if (known) return known;
  const controller = new AbortController();
  gone.set(socket, controller.signal);
  socket.once('close', () => controller.abort());
  return controller.signal;
}

const gone = new WeakMap<object, AbortSignal>();

/** Connections of one address share its turns. */
function callerOf({ socket }: IncomingMessage): Caller {
  return [socket.remoteAddress ?? '', String(socket.remotePort)];
}

function isSubscription(document: DocumentNode, operationName: string | null | undefined): boolean {
  return getOperationAST(document, operationName)?.operation === OperationTypeNode.SUBSCRIPTION;
}

/** Errors of live answers are public already; those of single executions are made so. */
function withPublicErrors(
  result: ExecutionResult,
  formatError: (error: unknown) => GraphQLFormattedError,
): ExecutionResult | undefined {
  if (!result.errors) return undefined;
  const errors = result.errors.map((error) =>
    'originalError' in error ? asGraphQLError(formatError(error)) : error,
  );
  return { ...result, errors };
}

function authorizationOf(params: Readonly<Record<string, unknown>> | undefined): string | undefined {
  const value = params?.['authorization'];
  return typeof value === 'string' ? value : undefined;
}

function asGraphQLError(formatted: GraphQLFormattedError): GraphQLError {
  const { message, path, extensions } = formatted;
  return new GraphQLError(message, { path, extensions });
}
