/**
 * Which events can change an answer, by when they happened: an answer stays true whatever arrives outside.
 * Changes of traits, identities and saved audiences are not told by time: they always end an answer.
 */
import type { Audience } from './audience.ts';
import { mentionsEvents } from './audience.ts';
import type { CompileScope } from './events.ts';
import { joined } from './span.ts';
import type { EventSpan } from './span.ts';

/** What a statement over `span` depends on once it asks for an audience too; undefined: on all time. */
export function readsOf(
  span: EventSpan,
  audience: Audience | null,
  { nowMs }: Pick<CompileScope, 'nowMs'>,
): EventSpan | undefined {
  return (audience ? audienceReads(span, audience, nowMs) : span) ?? undefined;
}

function audienceReads(span: EventSpan, audience: Audience, nowMs: number): EventSpan | null {
  const { saved, where, lifecycleStages, did, didNot, anyOf, except } = audience;
  if (lifecycleStages.length > 0 || (where && mentionsEvents(where))) return null;
  let reads: EventSpan | null = span;
  for (const { within } of [...did, ...didNot]) {
    if (within === null) return null;
    // A month has 31 days at most; a span that is too long only ends an answer too early.
    const lengthMs = within.months * 31 * 86_400_000 + within.ms;
    reads = joined(reads, { fromMs: nowMs - lengthMs, toMs: nowMs + 1 });
  }
  const parts = [
    ...(saved && 'audience' in saved ? [saved.audience] : []),
    ...anyOf,
    ...(except ? [except] : []),
  ];
  for (const part of parts) reads = reads && audienceReads(reads, part, nowMs);
  return reads;
}
