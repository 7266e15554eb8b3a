/** A WebSocket that says what it likes: for what no proper client would send. */
import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { ClientOptions } from 'ws';
import type { TestServer } from './server.ts';

export interface RawSocket {
  readonly socket: WebSocket;
  /** Everything received so far. */
  readonly received: readonly Record<string, unknown>[];
  readonly send: (message: object | string | Buffer) => void;
  /** Resolves once the socket has closed. */
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
}

export async function rawSocket(
  server: TestServer,
  { protocol = 'graphql-transport-ws', ...options }: ClientOptions & { protocol?: string } = {},
): Promise<RawSocket> {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, protocol, options);
  const received: Record<string, unknown>[] = [];
  socket.on('message', (data) =>
    received.push(JSON.parse((data as Buffer).toString()) as Record<string, unknown>),
  );
  const closed = once(socket, 'close').then(([code, reason]) => ({
    code: code as number,
    reason: String(reason),
  }));
  closed.catch(() => {});
  await once(socket, 'open');
  return {
    socket,
    received,
    closed,
    send: (message) =>
      socket.send(
        typeof message === 'string' || Buffer.isBuffer(message) ? message : JSON.stringify(message),
      ),
  };
}

/** One that the server has let in. */
export async function acknowledged(server: TestServer, options: ClientOptions = {}): Promise<RawSocket> {
  const raw = await rawSocket(server, options);
  const acknowledgement = once(raw.socket, 'message');
  raw.send({ type: 'connection_init' });
  await acknowledgement;
  return raw;
}
