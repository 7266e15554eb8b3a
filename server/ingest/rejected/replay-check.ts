/** What may be asked of a replay, and whether an event is fit to be sent again. Knows no engine. */
import { inputError } from '../../query/problem.ts';
import type { InputError } from '../../query/problem.ts';
import { checkEvent } from '../event.ts';
import { instantOf } from '../instant.ts';
import type { Message } from '../ingest.service.ts';
import { isPlainObject } from '../json.ts';
import { MAX_BATCH } from '../pipeline.ts';

const DAY_MS = 86_400_000;
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;
/** One id would make one event of all. */
const IDS = ['id', 'messageId', 'eventId'];
const MAX_NAMED = 5;

/** Each once. Throws InputError. */
export function checkIds(ids: readonly string[]): readonly string[] {
  if (ids.length > MAX_BATCH) {
    const message = `A call replays at most ${MAX_BATCH.toLocaleString('en')} rejected events; these are ${ids.length.toLocaleString('en')}.`;
    throw inputError('ids', 'TOO_MANY_EVENTS', message);
  }
  const distinct = [...new Set(ids.map((id) => id.toLowerCase()))];
  const unknown = distinct.filter((id) => !UUID.test(id));
  if (unknown.length > 0) throw unknownIds(unknown);
  return distinct;
}

export function unknownIds(ids: readonly string[]): InputError {
  const named = ids.slice(0, MAX_NAMED).map((id) => JSON.stringify(id.slice(0, 100)));
  const others = ids.length > MAX_NAMED ? ` and ${ids.length - MAX_NAMED} more` : '';
  const message = `No rejected event has the id ${named.join(', ')}${others}. Nothing was replayed.`;
  return inputError('ids', 'UNKNOWN_REJECTED_EVENT', message);
}

/** Throws InputError. */
export function checkFields(fields: unknown): Readonly<Record<string, unknown>> {
  if (fields === null || fields === undefined) return {};
  if (!isPlainObject(fields))
    throw inputError('set', 'NOT_AN_OBJECT', 'set is an object of values by field.');
  const id = IDS.find((name) => Object.hasOwn(fields, name));
  if (id !== undefined)
    throw inputError('set', 'BAD_SET', `\`${id}\` cannot be set: it would make one event of all.`);
  return fields;
}

/** Why an event cannot be taken, or null; what is no event has none but being unreadable. */
export function eventProblem(message: Message, source: string, nowMs: number): string | null {
  if (message.kind === 'problem') return message.reason;
  if (message.kind === 'identity') return null;
  const checked = checkEvent(message.request, nowMs);
  if (!checked.ok) return checked.reason;
  if (!isOfFile(source)) return null;
  const { time } = message.request;
  if (time === undefined || time === null) return 'The event has no time.';
  return instantOf(time) > nowMs + DAY_MS ? 'time is more than a day ahead.' : null;
}

/** Its columns are those of somebody's table: nothing is made up for what they lack. */
export function isOfFile(source: string): boolean {
  return / row \d+$/.test(source) || source === 'file' || source.startsWith('landing');
}
