/** Keys of every role on a test server, and the ways to come in with one. */
import { once } from 'node:events';
import { ROLES } from '../../server/access/role.ts';
import type { Role } from '../../server/access/role.ts';
import { rawSocket } from './raw-socket.ts';
import type { RawSocket } from './raw-socket.ts';
import type { TestServer } from './server.ts';

export interface MadeKey {
  readonly id: string;
  readonly secret: string;
  /** The header that brings it. */
  readonly headers: { readonly authorization: string };
}

/** A key straight from the book, whoever else holds one. */
export async function makeKey(
  { services }: TestServer,
  role: Role,
  expiresMs: number | null = null,
): Promise<MadeKey> {
  const { key, secret } = await services.keys.create({ name: `${role} of a test`, role, expiresMs });
  return { id: key.id, secret, headers: { authorization: `Bearer ${secret}` } };
}

export async function keyOfEachRole(server: TestServer): Promise<Readonly<Record<Role, MadeKey>>> {
  const made: Partial<Record<Role, MadeKey>> = {};
  for (const role of [...ROLES].reverse()) made[role] = await makeKey(server, role);
  return made as Record<Role, MadeKey>;
}

/** A WebSocket that came in with the key. */
export async function socketWith(server: TestServer, { headers }: MadeKey): Promise<RawSocket> {
  const raw = await rawSocket(server);
  const acknowledgement = once(raw.socket, 'message');
  raw.send({ type: 'connection_init', payload: headers });
  await acknowledgement;
  return raw;
}

/** What comes back for one operation over an open WebSocket: its first result or error. */
export function askOver({ socket, send }: RawSocket, id: string, query: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const read = (data: Buffer): void => {
      const message = JSON.parse(data.toString()) as { id?: string; type: string; payload?: unknown };
      if (message.id !== id) return;
      socket.off('message', read).off('close', fail);
      if (message.type === 'next') send({ id, type: 'complete' });
      resolve(message.payload);
    };
    const fail = (): void => reject(new Error('closed'));
    socket.on('message', read).once('close', fail);
    send({ id, type: 'subscribe', payload: { query } });
  });
}

export interface EventReader {
  readonly status: number;
  /** The next data of an event; null: the stream has ended. */
  next(): Promise<unknown>;
  cancel(): Promise<void>;
}

/** A stream of server-sent events, opened with the key. */
export async function streamWith(
  { url }: TestServer,
  { headers }: MadeKey,
  query: string,
): Promise<EventReader> {
  const response = await fetch(`${url}/graphql/stream`, {
    method: 'POST',
    headers: { ...headers, accept: 'text/event-stream', 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  const reader = (response.body as ReadableStream<Uint8Array> | null)?.getReader();
  const decoder = new TextDecoder();
  let text = '';
  return {
    status: response.status,
    async next() {
      for (;;) {
        const found = /^event: (\w+)\ndata: (.*)\n\n/m.exec(text);
        if (found) {
          text = text.slice(found.index + found[0].length);
          return found[1] === 'complete' ? null : (JSON.parse(found[2] ?? 'null') as unknown);
        }
        const { value, done } = (await reader?.read()) ?? { value: undefined, done: true };
        if (done) return null;
        text += decoder.decode(value, { stream: true });
      }
    },
    async cancel() {
      await reader?.cancel();
    },
  };
}
