// The one WebSocket of the page (graphql-transport-ws): opened at once, kept alive by pings, found dead within
// 25 seconds when half open, at once when the page is shown again; opened again with jittered backoff, and
// without waiting when the network or the page comes back. graphql-ws resubscribes. A page that nobody looks at is
// asleep after a while: it asks nothing, and catches up when it is shown.
import { createClient } from 'graphql-ws';
import type { Client, FormattedExecutionResult } from 'graphql-ws';
import type { TypedDocumentString } from './generated.ts';
import { connection } from './connection.svelte.ts';
import { isCloseLike, problemFrom, problemOf } from './problem.ts';
import type { Problem } from './problem.ts';
import { session } from './session.svelte.ts';

const KEEP_ALIVE_MS = 20_000;
/** How long the server may take to answer a ping. */
const PONG_MS = 5_000;
/** The same when somebody looks at the page again. */
const LOOKED_AT_MS = 2_000;
/** How long a page is hidden before it sleeps: who only looks something up elsewhere finds it as it was. */
const ASLEEP_AFTER_MS = 30_000;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;

export interface Sink<T> {
  /** `isStale`: the server could not bring the answer up to date for a while. */
  next(data: T, isStale: boolean): void;
  failed(problem: Problem): void;
  /** The server ended the subscription. */
  ended(): void;
}

let client: Client | null = null;
let failures = 0;
/** The sign-in that the client came with. */
let roundOfClient = -1;
let socket: WebSocket | null = null;
let overdue: ReturnType<typeof setTimeout> | undefined;
let drowsy: ReturnType<typeof setTimeout> | undefined;
/** Ends the wait before the next attempt. */
let hurry = () => {};

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
        else if (result.data) sink.next(result.data, result.extensions?.['stale'] !== undefined);
      },
      error: (error) => sink.failed(problemFrom(error)),
      complete: () => sink.ended(),
    },
  );
}

/** The client for the present key, connecting at once; a new key closes the old connection. */
export function open(): Client {
  if (client && roundOfClient === session.round) return client;
  client?.terminate();
  roundOfClient = session.round;
  client = connect();
  return client;
}

function connect(): Client {
  const url = new URL('/graphql', location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return createClient({
    url: url.href,
    lazy: false,
    keepAlive: KEEP_ALIVE_MS,
    retryAttempts: Infinity,
    // Without a good key it is no use; the next sign-in makes a client of its own.
    shouldRetry: () => !session.isKeyNeeded,
    connectionAckWaitTimeout: 10_000,
    connectionParams: () => (session.authorization ? { authorization: session.authorization } : {}),
    retryWait: () => backoff(++failures),
    onNonLazyError: () => connection.lost(failures),
    on: {
      opened: (opened) => (socket = opened as WebSocket),
      connected: () => {
        failures = 0;
        session.accepted();
        connection.opened();
      },
      message: () => {
        clearTimeout(overdue);
        connection.heard();
      },
      ping: (isReceived) => {
        if (!isReceived) expectPong(PONG_MS);
      },
      closed: (event) => {
        clearTimeout(overdue);
        socket = null;
        if (isCloseLike(event) && (event.code === 4401 || event.code === 4403)) session.requireKey();
        connection.lost(failures);
      },
    },
  });
}

/** Gives the connection up unless the server is heard in time: a close would wait for a peer that may be gone. */
function expectPong(withinMs: number): void {
  clearTimeout(overdue);
  overdue = setTimeout(() => client?.terminate(), withinMs);
}

/** The page or the network is back, after a moment or a night: what is still there answers, else it is opened anew. */
function lookAgain(): void {
  clearTimeout(drowsy);
  if (document.visibilityState === 'hidden') {
    drowsy = setTimeout(fallAsleep, ASLEEP_AFTER_MS);
    return;
  }
  connection.wake();
  hurry();
  if (socket?.readyState !== WebSocket.OPEN) return;
  socket.send('{"type":"ping"}');
  expectPong(LOOKED_AT_MS);
}

function fallAsleep(): void {
  connection.sleep();
  client?.terminate();
}

document.addEventListener('visibilitychange', lookAgain);
window.addEventListener('pageshow', lookAgain);
window.addEventListener('online', lookAgain);

/**
 * Doubles from a second to thirty, less up to three quarters, so that many viewers do not return at once. A page
 * that sleeps waits until it is shown.
 */
function backoff(attempt: number): Promise<void> {
  const ceiling = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(attempt - 1, 10));
  return new Promise((resolve) => {
    const timer = connection.isAsleep
      ? undefined
      : setTimeout(resolve, ceiling * (0.25 + Math.random() * 0.75));
    hurry = () => {
      clearTimeout(timer);
      resolve();
    };
  });
}
