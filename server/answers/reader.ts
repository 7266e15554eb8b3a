/** The engine as one call sees it: questions go through the answers that all share, the rest straight on. */
import { askedThrough } from '../engine/asked-through.ts';
import type { Engine } from '../engine/port.ts';
import type { Answers, Asker } from './answers.ts';

export function readerOf(engine: Engine, answers: Answers, asker: Asker): Engine {
  return askedThrough(engine, (query, options) => answers.query(query, asker, options));
}

/** `confirm` resolves once all that was stored before it was called is known. */
export function askerOf(caller: Asker['caller'], isConfirmed: boolean, confirm: () => Promise<void>): Asker {
  let confirmed: Promise<void> | null = isConfirmed ? Promise.resolve() : null;
  return { caller, since: performance.now(), confirmed: () => (confirmed ??= confirm()) };
}
