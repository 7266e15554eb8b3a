/**
 * GraphQL as server-sent events (the protocol of graphql-sse, a connection for each operation), for callers
 * behind proxies that break WebSockets. Live queries go to the hub: all viewers of one, by whatever way, share
 * computation and message.
 */
import type { OutgoingHttpHeaders } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ExecutionResult } from 'graphql';
import { isOpenDoor } from '../access/doors.ts';
import type { Sessions } from '../access/sessions.ts';
import type { Visit, Visitors } from '../access/visitors.ts';
import type { LiveHub } from '../live/hub.ts';
import { metrics } from '../live/metrics.ts';
import type { SharedAnswer } from '../live/shared-answer.ts';
import { limitError } from './calls.ts';
import type { AskedCall, Call, Calls } from './calls.ts';
import { admittedOf } from './entry.ts';
import { EventStream } from './event-stream.ts';
import { callOf } from './graphql-call.ts';
import { KeepAlive } from './keep-alive.ts';

export interface GraphqlSseDeps {
  readonly calls: Calls;
  readonly hub: LiveHub<SharedAnswer>;
  readonly sessions: Sessions;
  readonly visitors: Visitors;
}

const PATH = '/graphql/stream';
/** As over WebSocket. */
const MAX_BYTES = 64 * 1024;
const RETRY_SECONDS = 5;
/** Told to whom was let in with a key that no longer holds. */
const LOST = { errors: [limitError('UNAUTHENTICATED', 'The key was revoked or has expired.')] };

type Refusal = readonly [status: number, message: string];

/** Adds the route to the app; the function returned ends all streams. */
export function addGraphqlSse(
  app: FastifyInstance,
  { calls, hub, sessions, visitors }: GraphqlSseDeps,
): () => void {
  const keepAlive = new KeepAlive<EventStream>();
  const open = new Set<EventStream>();
  const handler = async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    const asked = askedBy(request);
    if ('refusal' in asked) return refuse(reply, asked.refusal);
    const admitted = admittedOf(request);
    const call = calls.read(asked, admitted.viewer.role);
    if (call.kind === 'mutation' && request.method === 'GET')
      return refuse(reply, [405, 'A mutation is sent by POST.']);
    const visit = visitors.enter(request.ip);
    if (!visit) return refuseForNow(reply, { message: 'Too many connections from one address.' });
    if (!isOpenDoor(admitted)) visit.bear(admitted.keyId);
    const full = visit.begin();
    if (full) {
      visit.leave();
      return refuseForNow(reply, limitError('TOO_MANY_SUBSCRIPTIONS', visitors.sayFull(full)));
    }
    const stream = openStream(reply, visit);
    open.add(stream);
    const forget = keepAlive.add(stream);
    const leave = sessions.enter(admitted, () => void stream.refuse(LOST));
    stream.gone.addEventListener('abort', () => {
      forget();
      leave();
      open.delete(stream);
    });
    await perform(call, stream, { calls, hub, request });
    return reply;
  };
  app.route({ url: PATH, method: ['GET', 'POST'], bodyLimit: MAX_BYTES, handler });
  return () => {
    // Cut, not completed: who is cut off comes back.
    for (const stream of open) stream.cut();
  };
}

function openStream(reply: FastifyReply, visit: Visit): EventStream {
  const headers = reply.getHeaders() as OutgoingHttpHeaders;
  reply.hijack();
  const stream = new EventStream(reply.raw, headers);
  stream.gone.addEventListener('abort', () => visit.leave());
  return stream;
}

interface Performing {
  readonly calls: Calls;
  readonly hub: LiveHub<SharedAnswer>;
  readonly request: FastifyRequest;
}

async function perform(call: Call, stream: EventStream, { calls, hub, request }: Performing): Promise<void> {
  if (call.kind === 'unreadable' || call.kind === 'wrong') {
    await stream.next({ errors: call.errors });
    return stream.complete();
  }
  if (call.kind === 'live') {
    metrics.subscriptions.inc({ way: 'events' });
    const leave = hub.follow(call.query, stream);
    stream.gone.addEventListener('abort', leave);
    return;
  }
  const result = await calls.perform(call, stream.gone, callOf(request));
  if (!(Symbol.asyncIterator in result)) {
    await stream.next(calls.publicly(result));
    return stream.complete();
  }
  stream.gone.addEventListener('abort', () => void result.return?.());
  try {
    for await (const item of result) await stream.next(calls.publicly(item));
    stream.complete();
  } catch (error) {
    await stream.next(calls.publicly({ errors: [error] } as ExecutionResult));
    stream.complete();
  }
}

function refuse(reply: FastifyReply, [status, message]: Refusal): FastifyReply {
  return reply.code(status).send({ errors: [{ message }] });
}

/** There is no room now; there may be soon. */
function refuseForNow(reply: FastifyReply, error: object): FastifyReply {
  return reply
    .code(429)
    .header('retry-after', RETRY_SECONDS)
    .send({ errors: [error] });
}

/** What is asked, by the body of a POST or the address of a GET. */
function askedBy(request: FastifyRequest): AskedCall | { readonly refusal: Refusal } {
  if (!/text\/event-stream/.test(request.headers.accept ?? ''))
    return { refusal: [406, 'Answers are server-sent events: Accept: text/event-stream.'] };
  const asked = request.method === 'GET' ? fromAddress(request.query) : request.body;
  if (typeof asked !== 'object' || asked === null) return { refusal: [400, 'The body is a JSON object.'] };
  const { query, operationName, variables } = asked as Record<string, unknown>;
  if (typeof query !== 'string') return { refusal: [400, '`query` is the document, a text.'] };
  if (operationName != null && typeof operationName !== 'string')
    return { refusal: [400, '`operationName` is a text.'] };
  if (variables != null && (typeof variables !== 'object' || Array.isArray(variables)))
    return { refusal: [400, '`variables` is a JSON object.'] };
  return { query, operationName, variables: variables as AskedCall['variables'] };
}

function fromAddress(asked: unknown): unknown {
  const { variables, ...rest } = asked as Record<string, unknown>;
  if (typeof variables !== 'string' || variables === '') return rest;
  try {
    return { ...rest, variables: JSON.parse(variables) as unknown };
  } catch {
    return null;
  }
}
