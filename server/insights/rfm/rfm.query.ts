/** The question of recency, frequency and monetary value, normalised: no optionals left. */
import { normaliseAudience } from '../../query/audience.ts';
import type { Audience, AudienceRequest } from '../../query/audience.ts';
import type { CompileScope } from '../../query/events.ts';
import { resolveRange } from '../../query/time-range.ts';
import type { RangeRequest, TimeRange } from '../../query/time-range.ts';

export interface RfmRequest {
  readonly at?: Date | null;
  readonly range?: RangeRequest | null;
  readonly audience?: AudienceRequest | null;
}

export interface RfmQuery {
  /** Recency is counted back from here; what is later is not looked at. */
  readonly atMs: number;
  /** Whose orders and revenue count; null: all up to `at`. */
  readonly range: TimeRange | null;
  readonly audience: Audience | null;
}

export function normaliseRfm(
  request: RfmRequest,
  { nowMs, vocabulary }: Pick<CompileScope, 'nowMs' | 'vocabulary'>,
  lifecycleStages: readonly string[],
): RfmQuery {
  const range = request.range ? resolveRange(request.range, nowMs) : null;
  return {
    atMs: request.at?.getTime() ?? Math.min(range?.toMs ?? nowMs, nowMs),
    range,
    audience: normaliseAudience(request.audience, vocabulary, lifecycleStages, 'audience'),
  };
}

/** Of everybody, as of now: what a customer's own scores are. */
export function rfmOfEverybody(nowMs: number): RfmQuery {
  return { atMs: nowMs, range: null, audience: null };
}
