/** One signed request to a webhook, and what became of it. Follows no redirect, reads little of the answer, never throws. */
import { createHmac, randomBytes } from 'node:crypto';
import * as http from 'node:http';
import * as https from 'node:https';
import { assertMayCall, guardedLookup, RefusedAddressError } from './address.ts';

export interface Sent {
  /** 0: no answer. */
  readonly status: number;
  /** Why it does not count as delivered, in a sentence; empty: it does. */
  readonly problem: string;
  readonly tookMs: number;
}

export interface Letter {
  readonly url: string;
  readonly secret: string;
  readonly webhookId: string;
  readonly body: string;
}

const TIMEOUT_MS = 10_000;

export function newSecret(): string {
  return `whsec_${randomBytes(32).toString('base64url')}`;
}

/** `t=SECONDS,v1=HEX`: HMAC-SHA256 of `SECONDS.BODY`. */
export function signature(secret: string, seconds: number, body: string): string {
  const digest = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
  return `t=${seconds},v1=${digest}`;
}

export async function send(letter: Letter, allowPrivate: boolean, signal?: AbortSignal): Promise<Sent> {
  const begun = performance.now();
  const tookMs = (): number => Math.round(performance.now() - begun);
  const limit = AbortSignal.timeout(TIMEOUT_MS);
  try {
    const status = await post(letter, allowPrivate, signal ? AbortSignal.any([signal, limit]) : limit);
    return { status, problem: problemOf(status), tookMs: tookMs() };
  } catch (error) {
    const problem = limit.aborted ? `No answer within ${TIMEOUT_MS / 1000} seconds.` : sentenceOf(error);
    return { status: 0, problem, tookMs: tookMs() };
  }
}

function post(
  { url: text, secret, webhookId, body }: Letter,
  allowPrivate: boolean,
  signal: AbortSignal,
): Promise<number> {
  const url = new URL(text);
  assertMayCall(url, allowPrivate);
  const seconds = Math.floor(Date.now() / 1000);
  const options: https.RequestOptions = {
    method: 'POST',
    // A connection of its own: what was checked is what is called.
    agent: false,
    lookup: guardedLookup(allowPrivate),
    signal,
    headers: {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'user-agent': 'Waymark-Webhooks/1',
      'waymark-webhook': webhookId,
      'waymark-signature': signature(secret, seconds, body),
    },
  };
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? https : http).request(url, options, (response) => {
      resolve(response.statusCode ?? 0);
      // What it says besides is not read.
      response.on('error', () => {});
      response.destroy();
    });
    request.on('error', reject);
    request.end(body);
  });
}

function problemOf(status: number): string {
  if (status >= 200 && status < 300) return '';
  if (status >= 300 && status < 400) return `Answered ${status}: redirects are not followed.`;
  return `Answered ${status}.`;
}

const SENTENCES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'Nobody listens at the address.',
  ECONNRESET: 'The connection was cut.',
  ENOTFOUND: 'The name of the host leads nowhere.',
  EAI_AGAIN: 'The name of the host could not be looked up.',
  ETIMEDOUT: 'The host does not answer.',
  EHOSTUNREACH: 'The host cannot be reached.',
  ENETUNREACH: 'The host cannot be reached.',
};

/** In words that say nothing of this machine. */
function sentenceOf(error: unknown): string {
  if (error instanceof RefusedAddressError) return error.message;
  const code = (error as { code?: unknown }).code;
  if (typeof code !== 'string') return 'The request failed.';
  if (/CERT|TLS|SSL|ALTNAME|SELF_SIGNED/.test(code)) return `The host's certificate was refused (${code}).`;
  return SENTENCES[code] ?? `The request failed (${code}).`;
}
