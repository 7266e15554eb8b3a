/**
 * Why a whole call was not taken, as tracking SDKs understand it: they send the same again after a 429 or 5xx,
 * after `Retry-After` where there is one, and give up after any other.
 */
import { EngineError } from '../../engine/port.ts';
import type { EngineErrorCode } from '../../engine/port.ts';
import { InputError } from '../../query/problem.ts';
import { BodyError, tooLarge } from './body.ts';

export interface TrackingRefusal {
  readonly status: number;
  readonly message: string;
  /** Seconds after which the same call may be made again. */
  readonly retryAfterSeconds?: number;
}

const RETRY_AFTER_SECONDS = 5;

const STATUS: Partial<Record<EngineErrorCode, number>> = {
  UNAVAILABLE: 503,
  STORAGE: 503,
  TIMEOUT: 503,
  MEMORY: 503,
  CANCELLED: 503,
  BUSY: 429,
};

const MESSAGES: Readonly<Record<number, string>> = {
  429: 'Too many calls wait for their turn; send this again in a moment.',
  503: 'The store cannot take more right now; send this again in a moment.',
};

/** Null where the error is nobody's fault but ours. */
export function trackingRefusal(error: unknown): TrackingRefusal | null {
  if (error instanceof BodyError) return { status: error.status, message: error.message };
  if (error instanceof InputError) return { status: 400, message: error.message };
  if (error instanceof EngineError) {
    const status = STATUS[error.code];
    const { retryAfterSeconds = RETRY_AFTER_SECONDS } = error as { retryAfterSeconds?: number };
    return status ? { status, message: MESSAGES[status] ?? '', retryAfterSeconds } : null;
  }
  return ofHttp(error as { statusCode?: number; code?: string; message: string });
}

/** What the HTTP server itself refuses. */
function ofHttp({
  statusCode = 500,
  code,
  message,
}: {
  statusCode?: number;
  code?: string;
  message: string;
}) {
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return trackingRefusal(tooLarge());
  return statusCode >= 400 && statusCode < 500 ? { status: statusCode, message } : null;
}
