// The one WebSocket of the page (graphql-transport-ws): opened at once, kept alive by pings, found dead
// within ten seconds when half open, opened again with jittered backoff; graphql-ws resubscribes.
import { createClient } from 'graphql-ws';
import type { Client, FormattedExecutionResult } from 'graphql-ws';
import type { TypedDocumentString } from './generated.ts';
import { connection } from './connection.svelte.ts';
import { isCloseLike, problemFrom, problemOf } from './problem.ts';
import type { Problem } from './problem.ts';
import { session } from './session.svelte.ts';

const KEEP_ALIVE_MS = 5_000;
const LONGEST_WAIT_MS = 20_000;

export interface Sink<T> {
  next(data: T): void;
  failed(problem: Problem): void;
  /** The server ended the subscription. */
  ended(): void;
}

let client: Client | null = null;
let failures = 0;
let keyOfClient: string | null = null;

/** Starts a subscription; the function it returns ends it. */
export function subscribe<T, V>(
  document: TypedDocumentString<T, V>,
  variables: V,
  sink: Sink<T>,
): () => void {
  return open().subscribe<T>(
    { query: document.toString(), variables: variables as Record<string, unknown> },
    {
      next: (result: FormattedExecutionResult<T>) => {
        if (result.errors?.length) sink.failed(problemOf(result.errors));
        else if (result.data) sink.next(result.data);
      },
      error: (error) => sink.failed(problemFrom(error)),
      complete: () => sink.ended(),
    },
  );
}

/** The client for the present key, connecting at once; a new key closes the old connection. */
export function open(): Client {
  if (client && keyOfClient === session.key) return client;
  client?.terminate();
  keyOfClient = session.key;
  client = connect();
  return client;
}

function connect(): Client {
  const url = new URL('/graphql', location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  let overdue: ReturnType<typeof setTimeout> | undefined;
  let socket: WebSocket | null = null;
  return createClient({
    url: url.href,
    lazy: false,
    keepAlive: KEEP_ALIVE_MS,
    retryAttempts: Infinity,
    shouldRetry: () => true,
    connectionAckWaitTimeout: 10_000,
    connectionParams: () => (session.authorization ? { authorization: session.authorization } : {}),
    retryWait: () => backoff(++failures),
    onNonLazyError: () => connection.lost(failures),
    on: {
      opened: (opened) => (socket = opened as WebSocket),
      connected: () => {
        failures = 0;
        connection.opened();
      },
      message: () => connection.heard(),
      ping: (isReceived) => {
        if (isReceived) return;
        clearTimeout(overdue);
        overdue = setTimeout(() => socket?.close(4408, 'No answer to a ping'), KEEP_ALIVE_MS);
      },
      pong: (isReceived) => {
        if (isReceived) clearTimeout(overdue);
      },
      closed: (event) => {
        clearTimeout(overdue);
        if (isCloseLike(event) && (event.code === 4401 || event.code === 4403)) session.requireKey();
        connection.lost(failures);
      },
    },
  });
}

/** Doubles from half a second to twenty, less a random half, so that many viewers do not return at once. */
function backoff(attempt: number): Promise<void> {
  const ceiling = Math.min(LONGEST_WAIT_MS, 500 * 2 ** Math.min(attempt - 1, 10));
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timer);
      window.removeEventListener('online', finish);
      resolve();
    };
    const timer = setTimeout(finish, ceiling * (0.5 + Math.random() / 2));
    window.addEventListener('online', finish);
  });
}
