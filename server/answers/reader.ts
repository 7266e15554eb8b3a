/** The engine as one call sees it: questions go through the answers that all share, the rest straight on. */
import type { Engine } from '../engine/port.ts';
import type { Answers, Asker } from './answers.ts';

export function readerOf(engine: Engine, answers: Answers, asker: Asker): Engine {
  return {
    query: (query, options) => answers.query(query, asker, options),
    stream: (query, options) => engine.stream(query, options),
    insert: (table, rows, options) => engine.insert(table, rows, options),
    insertStream: (table, body, format, options) => engine.insertStream(table, body, format, options),
    insertSelect: (name, statement, body, options) => engine.insertSelect(name, statement, body, options),
    command: (name, statement, options) => engine.command(name, statement, options),
    ping: () => engine.ping(),
    close: () => engine.close(),
  };
}

/** `confirm` resolves once all that was stored before it was called is known. */
export function askerOf(caller: Asker['caller'], isConfirmed: boolean, confirm: () => Promise<void>): Asker {
  let confirmed: Promise<void> | null = isConfirmed ? Promise.resolve() : null;
  return { caller, hasBegun: false, since: performance.now(), confirmed: () => (confirmed ??= confirm()) };
}
