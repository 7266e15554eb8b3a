/**
 * GraphQL over WebSocket (graphql-transport-ws). Subscriptions of analytic fields go to the live hub, whose
 * finished messages all viewers of one query share; everything else is executed as usual.
 */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ExecutionArgs, ExecutionResult } from 'graphql';
import { makeServer, handleProtocols } from 'graphql-ws';
import type { Context as SocketContext, OperationResult, Server, SubscribePayload } from 'graphql-ws';
import { WebSocketServer } from 'ws';
import type { RawData, WebSocket } from 'ws';
import type { Doors } from '../access/doors.ts';
import type { Sessions } from '../access/sessions.ts';
import type { Visitors } from '../access/visitors.ts';
import type { LiveHub } from '../live/hub.ts';
import { metrics } from '../live/metrics.ts';
import type { SharedAnswer } from '../live/shared-answer.ts';
import { limitError } from './calls.ts';
import type { Call, Calls } from './calls.ts';
import { KeepAlive } from './keep-alive.ts';
import { LiveSubscription } from './live-subscription.ts';
import { OneAnswer } from './one-answer.ts';
import { CLOSE, SocketConnection } from './socket-connection.ts';

export interface GraphqlWsDeps {
  readonly calls: Calls;
  readonly doors: Doors;
  readonly sessions: Sessions;
  readonly hub: LiveHub<SharedAnswer>;
  readonly visitors: Visitors;
  readonly log: { warn(details: object, message: string): void };
}

export interface GraphqlWs {
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  close(): Promise<void>;
}

interface Extra {
  readonly connection: SocketConnection;
}

/** What was asked, from its reading to its execution. */
interface Pending {
  readonly call: Exclude<Call, { kind: 'unreadable' }>;
  readonly connection: SocketConnection;
  readonly id: string;
}

type Params = Record<string, unknown> | undefined;

/**
 * No compression: it would be done once a viewer for what all share, and keep its windows for each socket. Signs of
 * life are answered by the connection, which knows whether anybody reads them.
 */
const SOCKETS = {
  noServer: true,
  maxPayload: 64 * 1024,
  perMessageDeflate: false,
  autoPong: false,
  handleProtocols,
};
/** As clients send it to keep their connection; any other form of it goes the usual way. */
const PING = Buffer.from('{"type":"ping"}');
/** How long sockets may take to say goodbye when the server stops. */
const GOODBYE_MS = 500;

export function createGraphqlWs(deps: GraphqlWsDeps): GraphqlWs {
  const { doors, visitors, log } = deps;
  const sockets = new WebSocketServer(SOCKETS);
  const keepAlive = new KeepAlive<SocketConnection>();
  const protocol = speak(deps);
  let isClosing = false;

  const open = (socket: WebSocket, { socket: wire }: IncomingMessage): void => {
    const address = wire.remoteAddress ?? '';
    const visit = visitors.enter(address);
    socket.on('error', (err) => log.warn({ err }, 'a WebSocket broke'));
    if (!visit) return socket.close(CLOSE.tryAgainLater, 'Too many connections from one address');
    const connection = new SocketConnection(socket, wire, visit, { address, port: wire.remotePort });
    socket.once('close', keepAlive.add(connection));
    converse(protocol, socket, connection, log);
  };

  return {
    handleUpgrade(request, socket, head) {
      // Who comes back while the doors close would keep the server from ever closing.
      if (isClosing) return void socket.destroy();
      const refusal = doors.checkNames(request.headers.host, request.headers.origin);
      if (refusal) {
        socket.end(`HTTP/1.1 ${refusal.status} Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
        return;
      }
      sockets.handleUpgrade(request, socket, head, open);
    },
    async close() {
      isClosing = true;
      const { clients } = sockets;
      for (const socket of clients) socket.close(CLOSE.goingAway, 'Going away');
      const gone = new Promise((resolve) => sockets.close(resolve));
      const force = setTimeout(() => clients.forEach((socket) => socket.terminate()), GOODBYE_MS);
      await gone;
      clearTimeout(force);
    },
  };
}

/** The protocol, with what is done for each kind of call. */
function speak({ calls, doors, sessions, hub, visitors }: GraphqlWsDeps): Server<Extra> {
  const pending = new WeakMap<ExecutionArgs, Pending>();
  const onSubscribe = (
    { extra: { connection } }: SocketContext<Params, Extra>,
    id: string,
    { query, operationName, variables }: SubscribePayload,
  ) => {
    const { role } = connection.from.viewer;
    const call = calls.read({ query, operationName, variables }, role);
    if (call.kind === 'unreadable') return call.errors;
    const full = connection.visit.begin();
    if (full) return [limitError('TOO_MANY_SUBSCRIPTIONS', visitors.sayFull(full))];
    pending.set(call.args, { call, connection, id });
    return call.args;
  };
  const perform = (args: ExecutionArgs): OperationResult => {
    const found = pending.get(args);
    if (!found) throw new TypeError('a call that was never read');
    const { call, connection, id } = found;
    if (call.kind === 'wrong') return { errors: call.errors };
    if (call.kind === 'live') {
      metrics.subscriptions.inc({ way: 'websocket' });
      return new LiveSubscription(id, connection, hub, call.query) as OperationResult;
    }
    if (call.kind === 'feed') return calls.perform(call, connection.gone, connection.from) as OperationResult;
    const end = new AbortController();
    const answer = calls.perform(call, end.signal, connection.from) as Promise<ExecutionResult>;
    return new OneAnswer(answer, () => end.abort()) as OperationResult;
  };
  return makeServer<Params, Extra>({
    onConnect: async ({ connectionParams, extra: { connection } }) => {
      const authorization = authorizationOf(connectionParams);
      const admission = await doors.admit({ authorization, address: connection.peer.address }, 'enter');
      if ('refusal' in admission) return false;
      if (!connection.gone.aborted) connection.enter(admission.admitted, sessions);
      return true;
    },
    onSubscribe,
    subscribe: perform,
    execute: perform,
    onNext: (_context, _id, _payload, _args, result) => calls.publicly(result),
    onComplete: ({ extra: { connection } }) => connection.visit.end(),
  });
}

/** One socket's messages to the protocol, and the protocol's to the socket. */
function converse(
  protocol: Server<Extra>,
  socket: WebSocket,
  connection: SocketConnection,
  log: GraphqlWsDeps['log'],
): void {
  const fail = (err: unknown): void => {
    log.warn({ err }, 'a message over a WebSocket could not be handled');
    connection.close(CLOSE.internal, 'Internal server error');
  };
  const closed = protocol.opened(
    {
      protocol: socket.protocol,
      send: (text) => connection.send(text),
      close: (code, reason) => connection.close(code ?? CLOSE.internal, reason ?? ''),
      onMessage: (take) => {
        socket.on('message', (data: RawData, isBinary: boolean) => {
          if (isBinary) return connection.close(CLOSE.badRequest, 'Messages are text');
          // In one piece, as ws gives it unless told otherwise.
          const message = data as Buffer;
          if (message.equals(PING)) return connection.pong();
          take(message.toString()).catch(fail);
        });
      },
    },
    { connection },
  );
  socket.once('close', (code: number, reason: Buffer) => {
    closed(code, reason.toString()).catch(fail);
  });
}

function authorizationOf(params: Params): string | undefined {
  const value = params?.['authorization'];
  return typeof value === 'string' ? value : undefined;
}
