/**
 * Segment's HTTP tracking API: the addresses, who may come in, and the answers. What a message means is not
 * known here.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Doors } from '../../access/doors.ts';
import type { Log } from '../../engine/log.ts';
import type { JourneyMap } from '../../journey/map.ts';
import type { Ingestion } from '../ingest.service.ts';
import { bodyText, MAX_BODY_BYTES } from './body.ts';
import { trackingCall } from './call.ts';
import { segmentMessage } from './message.ts';
import type { MessageType } from './message.ts';
import { trackingRefusal } from './refusals.ts';
import { salesWords } from './sales.ts';

export interface TrackingDeps {
  readonly ingestion: Ingestion;
  /** The one that holds. */
  readonly journeyMap: () => Promise<JourneyMap>;
  readonly doors: Pick<Doors, 'admitWriter'>;
  readonly log: Log;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** What each address brings; null: a batch. The short ones are what Segment's library for browsers calls. */
const ADDRESSES: Readonly<Record<string, MessageType | null>> = {
  '/v1/batch': null,
  '/v1/b': null,
  '/v1/import': null,
  '/v1/track': 'track',
  '/v1/t': 'track',
  '/v1/identify': 'identify',
  '/v1/i': 'identify',
  '/v1/page': 'page',
  '/v1/p': 'page',
  '/v1/screen': 'screen',
  '/v1/s': 'screen',
  '/v1/alias': 'alias',
  '/v1/a': 'alias',
  '/v1/group': 'group',
  '/v1/g': 'group',
  // RudderStack's library for browsers, when the page is left.
  '/beacon/v1/batch': null,
};

/** When each call began to arrive: a body may take its time, and that is no wrong clock. */
type Arrivals = WeakMap<FastifyRequest, number>;

/** True for addresses whose answers are read by tracking SDKs. */
export function isTracking(url: string): boolean {
  return url.startsWith('/v1/') || url.startsWith('/beacon/');
}

/** The answer for a call that was not taken. */
export function refusalBody(message: string): object {
  return { success: false, message };
}

/** Adds the addresses; `app` is a context of its own, since bodies of any type are read as JSON in it. */
export function addTracking(app: FastifyInstance, deps: TrackingDeps): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: MAX_BODY_BYTES }, (_request, body, done) =>
    done(null, body),
  );
  app.setErrorHandler((error, request, reply) => refuse(error, request, reply, deps.log));
  const arrivals: Arrivals = new WeakMap();
  app.addHook('onRequest', async (request, reply) => {
    arrivals.set(request, deps.now());
    // Without a header the key may stand in the body.
    if (request.headers.authorization === undefined) return;
    return refuseUnlessWriter(request, reply, deps.doors);
  });
  for (const [url, type] of Object.entries(ADDRESSES)) {
    app.post(url, { decompress: false }, (request, reply) =>
      take(type, request, reply, { ...deps, arrivals }),
    );
  }
}

/**
 * A caller who leaves before the answer is not followed: some SDKs never wait for it, and what they sent must
 * count all the same.
 */
async function take(
  type: MessageType | null,
  request: FastifyRequest,
  reply: FastifyReply,
  { ingestion, journeyMap, doors, now, arrivals }: TrackingDeps & { readonly arrivals: Arrivals },
): Promise<unknown> {
  const receivedAtMs = arrivals.get(request) ?? now();
  const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const text = await bodyText(bytes, request.headers['content-encoding']);
  const { messages, writeKey } = trackingCall(text, type);
  if (request.headers.authorization === undefined) {
    const refused = await refuseUnlessWriter(request, reply, doors, writeKey ?? keyInAddress(request));
    if (refused) return refused;
  }
  const words = salesWords(await journeyMap());
  const receipt = await ingestion.take(
    messages.map((message) => segmentMessage(message, receivedAtMs, words)),
    'segment',
  );
  return reply.send({ success: true, ...receipt });
}

async function refuseUnlessWriter(
  { headers: { authorization }, ip: address }: FastifyRequest,
  reply: FastifyReply,
  doors: TrackingDeps['doors'],
  keyInBody?: string,
): Promise<FastifyReply | undefined> {
  const admission = await doors.admitWriter({ authorization, keyInBody, address });
  if ('admitted' in admission) return undefined;
  const { status, message, retryAfterSeconds } = admission.refusal;
  if (retryAfterSeconds !== undefined) void reply.header('retry-after', String(retryAfterSeconds));
  return reply.code(status).send(refusalBody(message));
}

function keyInAddress({ query }: FastifyRequest): string | undefined {
  const { writeKey } = query as { writeKey?: unknown };
  return typeof writeKey === 'string' ? writeKey : undefined;
}

function refuse(error: unknown, request: FastifyRequest, reply: FastifyReply, log: Log): FastifyReply {
  const refusal = trackingRefusal(error);
  if (!refusal) {
    log.error({ err: error, request: request.id }, 'unexpected error in a tracking call');
    return reply.code(500).send(refusalBody('Internal server error'));
  }
  if (refusal.retryAfterSeconds !== undefined) {
    void reply.header('retry-after', String(Math.ceil(refusal.retryAfterSeconds)));
  }
  return reply.code(refusal.status).send(refusalBody(refusal.message));
}
