// Sending rejected events again: the fields that are set first, and what became of them all. Pure.
import type { ReplayRejectedMutation } from '../../api/generated.ts';

export interface FieldEntry {
  name: string;
  value: string;
}

/** Fields that are text whatever they look like: an id of digits stays as it was typed. */
const TEXT = new Set(['id', 'customerId', 'anonymousId', 'userId', 'previousId', 'event', 'channel', 'orderId']);

/**
 * What to set, as the API takes it; null for nothing. `properties.price` goes into the properties; what looks like
 * a number, true or false is one, except in ids and names.
 */
export function fieldsToSet(entries: readonly FieldEntry[]): Record<string, unknown> | null {
  const set: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const { name, value } of entries) {
    const path = name.trim();
    if (path === '') continue;
    const [head = '', ...rest] = path.split('.');
    const inner = rest.join('.');
    if (head !== 'properties' || inner === '') set[path] = TEXT.has(path) ? value.trim() : typed(value);
    else set[head] = { ...(set[head] as object | undefined), [inner]: typed(value) };
  }
  return Object.keys(set).length > 0 ? { ...set } : null;
}

function typed(value: string): unknown {
  const text = value.trim();
  if (text === 'true' || text === 'false') return text === 'true';
  return /^-?(0|[1-9]\d{0,14})(\.\d+)?$/.test(text) ? Number(text) : text;
}

type Receipt = ReplayRejectedMutation['replayRejected'];

/** What became of the events sent again so far. */
export interface Outcome {
  sent: number;
  accepted: number;
  duplicates: number;
  /** Still refused, by reason. */
  refused: ReadonlyMap<string, number>;
}

export const NOTHING: Outcome = { sent: 0, accepted: 0, duplicates: 0, refused: new Map() };

/** The outcome with another call's receipt. */
export function withReceipt(outcome: Outcome, sent: number, receipt: Receipt): Outcome {
  const refused = new Map(outcome.refused);
  for (const { reason } of receipt.rejected) refused.set(reason, (refused.get(reason) ?? 0) + 1);
  return {
    sent: outcome.sent + sent,
    accepted: outcome.accepted + receipt.accepted,
    duplicates: outcome.duplicates + receipt.duplicates,
    refused,
  };
}

/** The reasons that still hold, most frequent first. */
export function refusals(outcome: Outcome, most: number): { reason: string; count: number }[] {
  return [...outcome.refused]
    .map(([reason, count]) => ({ reason, count }))
    .sort((a, b) => b.count - a.count)
    .slice(0, most);
}

/** What was sent, readable: objects indented, text as it is. */
export function readable(payload: unknown): string {
  if (typeof payload !== 'string') return JSON.stringify(payload, null, 2) ?? '';
  try {
    const value = JSON.parse(payload) as unknown;
    return typeof value === 'object' && value !== null ? JSON.stringify(value, null, 2) : payload;
  } catch {
    return payload;
  }
}

/** The beginning of what was sent, in one line. */
export function oneLine(payload: unknown, length = 160): string {
  const text = typeof payload === 'string' ? payload : (JSON.stringify(payload) ?? '');
  return text.length > length ? `${text.slice(0, length)}…` : text;
}
